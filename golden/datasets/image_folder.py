"""Data sets that are folders of image files, one folder per class."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from golden.datasets.dataset import AS_IS, DataError, Dataset, held_out
from golden.datasets.form import bring
from golden.datasets.images import read_image
from golden.datasets.notes import note

SYSTEM = {
    *("thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx", "@eadir", "lost+found"),
    *("$recycle.bin", "system volume information"),
}
"""What operating systems and file servers put among a user's files, in lower case."""


def load_image_folder(
    folder: Path, size: tuple[int, int] | None = None, form: str = AS_IS
) -> Dataset:
    """Read ``train/<class>/*`` and ``test/<class>/*``, or ``<class>/*`` alone.

    Without ``train`` and ``test``, every third image in sorted order, counted through all classes,
    is a test image. Names that start with a dot and those of `SYSTEM` are passed over, as are files
    beside the classes.

    Parameters
    ----------
    folder : Path
        The folder.
    size : (height, width) or None
        Every image is brought to this; None = all have one size already, and keep it.
    form : str
        How every image is brought there: a key of `golden.datasets.form.FORMS`.

    Returns
    -------
    Dataset
        ``class_names`` are the names of the class folders, sorted.

    Raises
    ------
    DataError
        If there are no classes, a class has no image or too few to hold one out, a test class is
        not a training class, a file is no image, or sizes differ.
    """
    halves = [half for half in (folder / "train", folder / "test") if half.is_dir()]
    if len(halves) == 1:
        raise DataError(f"{folder} must hold both train and test, not only {halves[0].name}")
    if not halves:
        return _load_undivided(folder, size, form)
    classes = _classes(halves[0])
    (train_images, train_labels), (test_images, test_labels) = (
        _read_images(half, classes, size, form) for half in halves
    )
    return Dataset(str(folder), train_images, train_labels, test_images, test_labels, classes, form)


def _load_undivided(folder: Path, size: tuple[int, int] | None, form: str) -> Dataset:
    classes = _classes(folder)
    images, labels = _read_images(folder, classes, size, form)
    for name, n_images in zip(classes, np.bincount(labels), strict=True):
        if n_images < 3:
            raise DataError(
                f"{folder / name} must hold at least 3 images, so that one can be held out, "
                f"not {n_images}"
            )
    test = held_out(len(images))
    split = images[~test], labels[~test], images[test], labels[test]
    return Dataset(str(folder), *split, classes, form)


def _visible(folder: Path) -> list[Path]:
    names = (path.name for path in folder.iterdir())
    return sorted(folder / n for n in names if not n.startswith(".") and n.lower() not in SYSTEM)


def _classes(folder: Path) -> tuple[str, ...]:
    entries = _visible(folder)
    classes = tuple(path.name for path in entries if path.is_dir())
    if not classes:
        found = "only files" if entries else "nothing"
        raise DataError(f"{folder} must hold a folder of images per class, not {found}")
    return classes


def _read_images(
    folder: Path, classes: tuple[str, ...], size: tuple[int, int] | None, form: str
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    files: list[Path] = []
    labels: list[int] = []
    for name in _classes(folder):
        if name not in classes:
            raise DataError(f"{folder / name} must be one of the classes in train, not a new one")
        found = _visible(folder / name)
        if not found:
            raise DataError(f"{folder / name} must hold image files, not nothing")
        files += found
        labels += [classes.index(name)] * len(found)
    return _stack(files, size, form, f"reading {folder}"), np.array(labels, np.int64)


def _stack(
    files: list[Path], size: tuple[int, int] | None, form: str, task: str
) -> NDArray[np.uint8]:
    images: list[NDArray[np.uint8]] = []
    n_stretched = 0
    console = Console(stderr=True)
    quiet = not console.is_terminal
    for path in track(files, task, console=console, transient=True, disable=quiet):
        image, stretched = read_image(path)
        n_stretched += stretched
        images.append(image if size is None else bring(image, size, form))
        wanted = images[0].shape
        if images[-1].shape != wanted:
            raise DataError(
                f"{path} must be {wanted[0]} x {wanted[1]} pixels as {files[0]} is, "
                f"not {image.shape[0]} x {image.shape[1]}: give a size for all"
            )
    if n_stretched:
        note(f"{task}: {n_stretched} images, whose pixels span 0 to 1, are taken as 0 to 255")
    return np.stack(images)
