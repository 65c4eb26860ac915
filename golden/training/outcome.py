"""What a training run leaves behind, for the report and whoever else wants to look."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.datasets import Dataset
from golden.training.model_file import Model


class Outcome(NamedTuple):
    """A finished run."""

    model: Model
    dataset: Dataset
    metrics: dict[str, Any]
    """What goes into ``metrics.json``."""
    history: list[dict[str, float]]
    """A row now and then during training: ``images`` seen, running ``accuracy`` (0 to 1, or NaN
    where it has no meaning), mean threshold ``theta``, neurons that have won so far ``alive``."""
    confusion: NDArray[np.int64]
    """Test images by (true label, answer), (n_classes, n_classes)."""
    responses: NDArray[np.int64]
    """Training images by (rank of the vote, neuron, label), (vote_spikes, n_neurons, n_classes)."""
