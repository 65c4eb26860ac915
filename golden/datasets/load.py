"""Load a data set by name or folder, in any image size."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from golden.datasets.catalogue import SOURCES
from golden.datasets.dataset import AS_IS, DataError, Dataset
from golden.datasets.digits import load_digits
from golden.datasets.form import FORMS, MNIST, bring, has_form
from golden.datasets.idx_folder import FOLDER_FILES, find_files, read_files
from golden.datasets.image_folder import load_image_folder
from golden.datasets.named import load_named
from golden.datasets.resize import resize

NAMES = ("digits", *SOURCES)
"""Names that `load_dataset` knows; anything else is a folder."""


def load_dataset(
    name: str,
    data_dir: Path | None = None,
    size: tuple[int, int] | None = None,
    form: str | None = None,
) -> Dataset:
    """Load a data set; see `golden.datasets` for the names and formats.

    Parameters
    ----------
    name : str
        One of `NAMES`, or the path of a folder (``./digits`` for a folder called digits).
    data_dir : Path or None
        Folder with the files of a named data set, in itself or in a folder of that name, which
        comes first. Its files need not be the published ones. Not used for digits and folders.
    size : (height, width) or None
        Give all images this size by averaging areas; None = as they are.
    form : str or None
        Bring all images to this form as well, which needs a size: a key of
        `golden.datasets.form.FORMS`. None = as a set's images are packed, which has a form already;
        that of MNIST for a folder of image files; and for a folder of IDX files that of MNIST if
        every training image has it, else none. Without a size, none.

    Returns
    -------
    Dataset
        Training and test images and labels.

    Raises
    ------
    DataError
        If the name, a file or the size is not as it must be, or a download fails.
    """
    if size is not None and not (len(size) == 2 and min(size) >= 1):
        raise DataError(f"size must be a height and a width of at least 1, not {size}")
    if form not in (None, *FORMS):
        raise DataError(f"form must be one of {', '.join(FORMS)}, not {form}")
    dataset = _load(name, data_dir, size, form)
    if size is None:
        return dataset
    bringing = resize if form is None else partial(_bring_all, form=form)
    return replace(
        dataset,
        train_images=bringing(dataset.train_images, size),
        test_images=bringing(dataset.test_images, size),
        form=form or dataset.form,
    )


def packed_form(name: str) -> str:
    """Return the form in which a data set's images are packed; of a folder, nothing is known."""
    return "fill" if name == "digits" else SOURCES[name].form if name in SOURCES else AS_IS


def _bring_all(images: NDArray[np.uint8], size: tuple[int, int], form: str) -> NDArray[np.uint8]:
    brought = resize(images, size)
    for i in np.flatnonzero(~has_form(images, size, form)) if form != AS_IS else ():
        brought[i] = bring(images[i], size, form)
    return brought


def _load(
    name: str, data_dir: Path | None, size: tuple[int, int] | None, form: str | None
) -> Dataset:
    if name == "digits":
        return load_digits()
    if name in SOURCES:
        return load_named(name, data_dir)
    folder = Path(name)
    if not folder.is_dir():
        raise DataError(f"dataset must be a folder or one of {', '.join(NAMES)}, not {name}")
    if paths := find_files(folder, FOLDER_FILES) or find_files(folder / "raw", FOLDER_FILES):
        dataset = read_files(name, paths)
        like_mnist = size and has_form(dataset.train_images, size, MNIST).all()
        return replace(dataset, form=MNIST if like_mnist else AS_IS)
    return load_image_folder(folder, size, AS_IS if size is None else form or MNIST)
