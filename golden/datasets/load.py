"""Load a data set by name or folder, in any image size."""

from dataclasses import replace
from pathlib import Path

from golden.datasets.catalogue import SOURCES
from golden.datasets.dataset import DataError, Dataset
from golden.datasets.digits import load_digits
from golden.datasets.idx_folder import FOLDER_FILES, find_files, read_files
from golden.datasets.image_folder import load_image_folder
from golden.datasets.named import load_named
from golden.datasets.resize import resize

NAMES = ("digits", *SOURCES)
"""Names that `load_dataset` knows; anything else is a folder."""


def load_dataset(
    name: str, data_dir: Path | None = None, size: tuple[int, int] | None = None
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
    dataset = _load(name, data_dir, size)
    if size is None:
        return dataset
    return replace(
        dataset,
        train_images=resize(dataset.train_images, size),
        test_images=resize(dataset.test_images, size),
    )


def _load(name: str, data_dir: Path | None, size: tuple[int, int] | None) -> Dataset:
    if name == "digits":
        return load_digits()
    if name in SOURCES:
        return load_named(name, data_dir)
    folder = Path(name)
    if not folder.is_dir():
        raise DataError(f"dataset must be a folder or one of {', '.join(NAMES)}, not {name}")
    if paths := find_files(folder, FOLDER_FILES):
        return read_files(name, paths)
    return load_image_folder(folder, size)
