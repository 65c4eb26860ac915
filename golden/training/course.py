"""What a run learns, image by image: the same for whoever learns it, golden or a board.

`docs/training.md` says the same so that it can be written again, down to the random words.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.datasets import Dataset
from golden.datasets.load import packed_form
from golden.dense import classifier, core
from golden.dense.params import Params
from golden.dense.reward import in_turns
from golden.training import responses
from golden.training.model_file import Model
from golden.training.recipe import Recipe

MAX_SEED = 2**32 - 1


class Batch(NamedTuple):
    """Images that follow each other in one phase of one epoch."""

    params: Params
    images: NDArray[np.uint8]
    """(n, height * width)."""
    labels: NDArray[np.int64]
    """(n,)."""


class Course:
    """Images in their order, each with the parameters by which it is learned.

    Parameters
    ----------
    recipe : Recipe
        What to learn in which order.
    dataset : Dataset
        Its images must have the recipe's size.
    seed : int
        Of initial weights, plasticity, and the order and shifts of images.
    told : str
        Says what was chosen because of the images; for people, and kept in the model.

    Raises
    ------
    ValueError
        If the seed is out of range.
    """

    def __init__(self, recipe: Recipe, dataset: Dataset, seed: int, told: str = ""):
        if not 0 <= seed <= MAX_SEED:
            raise ValueError(f"seed must be 0 to {MAX_SEED}, not {seed}")
        self.recipe, self.dataset, self.seed = recipe, dataset, seed
        self.schedule = recipe.schedule(len(dataset.train_images))
        n_images = len(dataset.train_images)
        notes = [*recipe.clipped(n_images), *recipe.rounded(n_images)]
        self.chosen = [*[told] * bool(told), *notes]
        """Lines for people: what nobody asked for."""
        self.classes = in_turns(recipe.params)
        """Of the neurons while they learn, (n_neurons,)."""
        self._epoch_number: int | None = None

    @property
    def about(self) -> dict[str, Any]:
        """What identifies the run; plain values. No form where a set's images are as packed."""
        form = self.dataset.form
        return {
            "dataset": self.dataset.name,
            **({} if form == packed_form(self.dataset.name) else {"form": form}),
            "class_names": list(self.dataset.class_names),
            "train_images": len(self.dataset.train_images),
            "rule": self.recipe.rule,
            "epochs": self.recipe.epochs,
            "shift": self.recipe.shift,
            "seed": self.seed,
            "recipe": self.recipe.describe(len(self.dataset.train_images)),
        }

    @property
    def total(self) -> int:
        """Presentations of the whole run."""
        return self.schedule[-1][0]

    def initial(self) -> core.State:
        """Return the untrained network."""
        return core.initial(self.recipe.params, self.seed)

    def batch(self, at: int, most: int) -> Batch:
        """Return the images from the ``at``-th on, at most ``most``."""
        end, p = next((end, p) for end, p in self.schedule if at < end)
        n_images = len(self.dataset.train_images)
        epoch, first = divmod(at, n_images)
        take = min(most, end - at, n_images - first)
        images, labels = self._epoch(epoch)
        return Batch(p, images[first : first + take], labels[first : first + take])

    def _epoch(self, epoch: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Return the images of one epoch in their order, shifted; the last epoch asked is kept.

        One generator an epoch, ``PCG64([seed, epoch])``: first the order, then the shifts.
        """
        if self._epoch_number != epoch:
            rng = np.random.Generator(np.random.PCG64([self.seed, epoch]))
            order = rng.permutation(len(self.dataset.train_images))
            images = self.dataset.train_images[order]
            if self.recipe.shift:
                images = shifted(images, self.recipe.shift, rng)
            self._images = images.reshape(len(images), -1)
            self._labels = self.dataset.train_labels[order]
            self._epoch_number = epoch
        return self._images, self._labels

    def label(
        self, state: core.State, advance: Callable[[int], None]
    ) -> tuple[Model, NDArray[np.int64]]:
        """Present the training images without learning; return the model and the responses."""
        p = self.schedule[-1][1]
        images = self.dataset.train_images.reshape(len(self.dataset.train_images), -1)
        spikes = responses.record(p, state, images, advance).spikes
        counts = classifier.count(p, spikes, self.dataset.train_labels)
        classes = self.classes if self.recipe.assign_classes else classifier.classes(counts)
        about = self.about | {"form": self.dataset.form}
        if self.chosen:
            about["chosen"] = self.chosen
        return Model(p, state, classes, classifier.tabulate(p, counts), about), counts


def shifted(images: NDArray[np.uint8], shift: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Move every image (n, height, width) by up to ``shift`` pixels both ways; black moves in.

    One draw of (2, n): how far down every image moves, then how far to the right.
    """
    moved = np.zeros_like(images)
    by = rng.integers(-shift, shift + 1, size=(2, len(images)))
    height, width = images.shape[1:]
    for dy in range(-shift, shift + 1):
        for dx in range(-shift, shift + 1):
            these = (by[0] == dy) & (by[1] == dx)
            to_y, to_x = (
                slice(max(dy, 0), height + min(dy, 0)),
                slice(max(dx, 0), width + min(dx, 0)),
            )
            from_y = slice(max(-dy, 0), height + min(-dy, 0))
            from_x = slice(max(-dx, 0), width + min(-dx, 0))
            moved[these, to_y, to_x] = images[these, from_y, from_x]
    return moved
