"""What every loader gives, and the error that every loader raises."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

AS_IS = "as-is"
"""The form of images of which nothing is known but their size."""


class DataError(ValueError):
    """A data set, or a file of one, that cannot be used; the text is one line."""


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Images and labels, checked.

    Parameters
    ----------
    name : str
        Name of the data set, or path of its folder.
    train_images, test_images : (n, height, width) uint8
        Grey values, 0 = no ink. Training and test images have one size.
    train_labels, test_labels : (n,) int64
        Index into ``class_names``.
    class_names : tuple of str
        What a label stands for.
    form : str
        How ink lies in the images: a key of `golden.datasets.form.FORMS`.

    Raises
    ------
    DataError
        If a shape, dtype, count or label is not as above, or a split is empty.
    """

    name: str
    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.int64]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.int64]
    class_names: tuple[str, ...]
    form: str = AS_IS

    def __post_init__(self):
        self._check_split("train", self.train_images, self.train_labels)
        self._check_split("test", self.test_images, self.test_labels)
        train, test = self.train_images.shape[1:], self.test_images.shape[1:]
        if test != train:
            raise DataError(
                f"test_images of {self.name} must be {train[0]} x {train[1]} pixels, as "
                f"train_images are, not {test[0]} x {test[1]}"
            )

    def _check_split(self, split: str, images: np.ndarray, labels: np.ndarray):
        where = f"of {self.name} must be"
        if images.ndim != 3 or images.dtype != np.uint8:
            raise DataError(
                f"{split}_images {where} a 3-d uint8 array, not {images.ndim}-d {images.dtype}"
            )
        if not images.size:
            raise DataError(f"{split}_images {where} at least one pixel, not shape {images.shape}")
        if labels.ndim != 1 or labels.dtype != np.int64:
            raise DataError(
                f"{split}_labels {where} a 1-d int64 array, not {labels.ndim}-d {labels.dtype}"
            )
        if len(labels) != len(images):
            raise DataError(
                f"{split}_labels {where} {len(images)}, one per image, not {len(labels)}"
            )
        last = len(self.class_names) - 1
        outside = labels[(labels < 0) | (labels > last)]
        if outside.size:
            raise DataError(f"{split}_labels {where} 0 to {last}, not {outside[0]}")


def held_out(n_images: int) -> NDArray[np.bool_]:
    """Mark every third image, the third one first, as test image.

    Parameters
    ----------
    n_images : int
        Images of all classes.

    Returns
    -------
    (n_images,) bool
        True for test images.
    """
    return np.arange(n_images) % 3 == 2
