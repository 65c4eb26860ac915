"""Stage 3, synapse: the weight memory, one row a presynaptic axon."""

import numpy as np
from numpy.typing import NDArray

from golden.dense.params import Params


def initial(p: Params, seed: int) -> NDArray[np.int64]:
    """Draw weights uniform in [``w_init_low``, ``w_init_high``), (n_axons, n_neurons).

    Drawn by the host, not on chip: the weight memory is loaded, so the generator is NumPy's. All
    weights come from one call, axon by axon and neuron by neuron::

        Generator(PCG64(seed)).integers(w_init_low, w_init_high, (n_axons, n_neurons), int64)

    `docs/training.md` says how that call turns the words of PCG64 into numbers.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    shape = (p.n_axons, p.n_neurons)
    return rng.integers(p.w_init_low, p.w_init_high, size=shape, dtype=np.int64)


def row(w: NDArray[np.int64], axon: int) -> NDArray[np.int64]:
    """Read the weights of one axon to every neuron, (n_neurons,), format ``w``."""
    return w[axon]


def column(w: NDArray[np.int64], neuron: int) -> NDArray[np.int64]:
    """Read the weights of one neuron from every axon, (n_axons,), format ``w``."""
    return w[:, neuron]


def with_column(w: NDArray[np.int64], neuron: int, new: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the memory with one neuron's weights replaced."""
    w = w.copy()
    w[:, neuron] = new
    return w
