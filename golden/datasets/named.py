"""Find the files of a named data set on disk, or download them."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from golden.datasets.catalogue import SOURCES, DatasetSource
from golden.datasets.dataset import DataError, Dataset
from golden.datasets.download import download
from golden.datasets.idx import IdxPath
from golden.datasets.idx_folder import find_files, present, read_files

TEST_LABELS_MD5 = {
    "27ae3e4e09519cfbb04c329615203637": "mnist",
    "15d484375f8d13e6eb1aabb0c3f46965": "fashion-mnist",
}
"""Data sets whose files bear the same names, by the MD5 sum of the unpacked test labels."""


def load_named(name: str, data_dir: Path | None = None) -> Dataset:
    """Load a data set of `SOURCES` from disk, downloading it first if it is not there.

    The first of ``data_dir``, ``$GOLDSPIKE_DATA`` and the cache that has its files is taken. In the
    first two, a folder of the set's name comes before the files themselves, and torchvision's
    folders (``MNIST/raw``) are known, from within too. Only downloaded files have their sums
    checked. All splits of EMNIST share one archive and the folder ``emnist``.

    Parameters
    ----------
    name : str
        A key of `SOURCES`.
    data_dir : Path or None
        Where to look first.

    Returns
    -------
    Dataset
        The data set, upright.

    Raises
    ------
    DataError
        If files are missing, damaged, or of another data set, or cannot be downloaded.
    """
    source = SOURCES[name]
    for place in _places(name, source, data_dir):
        if paths := find_files(place, source.files, source.archive):
            dataset = _read(name, source, paths)
            _check_identity(dataset, place)
            return dataset
    return _read(name, source, _from_cache(name, source))


def cache_folder(source: DatasetSource) -> Path:
    """Return ``$XDG_CACHE_HOME/goldspike/<folder>``, by default in ``~/.cache``."""
    root = os.getenv("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root, "goldspike", source.folder)


def _places(name: str, source: DatasetSource, data_dir: Path | None) -> Iterator[Path]:
    for what, given in (("--data-dir", data_dir), ("$GOLDSPIKE_DATA", os.getenv("GOLDSPIKE_DATA"))):
        if given and not Path(given).is_dir():
            raise DataError(f"{what} must be a folder, not {given}")
        if given:
            below = (name, source.folder, source.torchvision, "", Path(source.torchvision).name)
            yield from (Path(given, folder) for folder in below)


def _from_cache(name: str, source: DatasetSource) -> list[IdxPath]:
    cache = cache_folder(source)
    unpacked = present(cache, source.files)
    if len(unpacked) == len(source.files):
        return unpacked
    for file, sha256 in source.sha256.items():
        if (cache / file).is_file():
            continue
        try:
            download(file, source.mirrors, sha256, cache)
        except DataError as error:
            raise DataError(
                f"{name} must be in --data-dir, $GOLDSPIKE_DATA or {cache}, or downloadable: "
                f"{error}"
            ) from error
    return find_files(cache, source.files, source.archive)


def _read(name: str, source: DatasetSource, paths: list[IdxPath]) -> Dataset:
    read = read_files(name, paths, source.class_names, source.first_label, source.transposed)
    return replace(read, form=source.form)


def _check_identity(dataset: Dataset, place: Path) -> None:
    labels = dataset.test_labels.astype("u1").tobytes()
    header = bytes([0, 0, 8, 1]) + len(labels).to_bytes(4, "big")
    md5 = hashlib.md5(header + labels, usedforsecurity=False).hexdigest()
    found = TEST_LABELS_MD5.get(md5, dataset.name)
    if found != dataset.name:
        raise DataError(f"{place} must hold {dataset.name}, not {found}")
