"""Data sets of four IDX files: training images and labels, test images and labels."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from golden.datasets.dataset import DataError, Dataset
from golden.datasets.idx import IdxPath, read_idx
from golden.datasets.images import stretch_of
from golden.datasets.notes import note

FOLDER_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
"""Training images, training labels, test images, test labels."""


def find_files(folder: Path, names: Sequence[str], archive: str = "") -> list[IdxPath]:
    """Return the paths of the named files, in the order of ``names``, or an empty list.

    Parameters
    ----------
    folder : Path
        Where to look; need not exist.
    names : sequence of str
        File names without ``.gz``; with ``.gz``, and with a dot before ``idx``, as some have them,
        they are found as well.
    archive : str
        Zip file in ``folder`` with the files in its folder ``gzip``, for when ``folder`` itself
        has none of them; "" = there is none.

    Returns
    -------
    list of Path or zipfile.Path
        All files or none.

    Raises
    ------
    DataError
        If only some of the files are there, or the archive is damaged.
    """
    place, found = folder, present(folder, names)
    if not found and archive and (folder / archive).is_file():
        try:
            place = zipfile.Path(folder / archive) / "gzip"
        except zipfile.BadZipFile as error:
            raise DataError(f"{folder / archive} must be a whole zip file, not: {error}") from error
        found = present(place, names)
        if not found:
            raise DataError(f"{folder / archive} must hold gzip/{names[0]}.gz, not other files")
    there = [path.name.removesuffix(".gz").replace(".idx", "-idx") for path in found]
    missing = [name for name in names if name not in there]
    if there and missing:
        raise DataError(f"{place} must hold {missing[0]} or {missing[0]}.gz, not only {there[0]}")
    return found


def present(place: IdxPath, names: Sequence[str]) -> list[IdxPath]:
    """Return the paths of those of the named files, as `find_files` takes them, in ``place``."""
    found: list[IdxPath] = []
    for name in names:
        dotted = name.replace("-idx", ".idx")
        spelt = (name, f"{name}.gz", dotted, f"{dotted}.gz")
        found += [path for path in (place / each for each in spelt) if path.is_file()][:1]
    return found


def read_files(
    name: str,
    paths: Sequence[IdxPath],
    class_names: tuple[str, ...] = (),
    first_label: int = 0,
    transposed: bool = False,
) -> Dataset:
    """Read four IDX files.

    Parameters
    ----------
    name : str
        Name of the data set.
    paths : sequence of 4 Path or zipfile.Path
        In the order of `FOLDER_FILES`.
    class_names : tuple of str
        Names of the classes; empty = "0", "1", ... up to the largest label.
    first_label : int
        What the files call class 0.
    transposed : bool
        The files store each image column by column.

    Returns
    -------
    Dataset
        Their content.

    Raises
    ------
    DataError
        As `read_idx` and `Dataset`.
    """
    train_images, test_images = (_upright(read_idx(path, 3), transposed) for path in paths[::2])
    if (stretch := stretch_of(train_images)) > 1 and test_images.max() <= 1:
        note(f"{name}: pixels of 0 and 1 are taken as 0 and 255")
        train_images, test_images = (i * np.uint8(stretch) for i in (train_images, test_images))
    train_labels, test_labels = (
        read_idx(path, 1).astype(np.int64) - first_label for path in paths[1::2]
    )
    n_classes = int(max(train_labels.max(), test_labels.max())) + 1
    names = class_names or tuple(map(str, range(n_classes)))
    return Dataset(name, train_images, train_labels, test_images, test_labels, names)


def _upright(images: NDArray[np.uint8], transposed: bool) -> NDArray[np.uint8]:
    return np.ascontiguousarray(images.transpose(0, 2, 1)) if transposed else images
