"""Small data sets as the sites of named ones have them, packed, and how their refusals are told."""

import gzip
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from golden.datasets import DataError
from golden.datasets.idx_folder import FOLDER_FILES


def idx(*shape: int, first: int = 0) -> bytes:
    """Return a gzip-packed IDX file with the bytes first, first + 1, ..."""
    words = b"".join(word.to_bytes(4, "big") for word in (0x800 + len(shape), *shape))
    data = bytes(first + i for i in range(int(np.prod(shape))))
    return gzip.compress(words + data, mtime=0)


CONTENTS = (idx(2, 2, 3), idx(2, first=1), idx(1, 2, 3, first=50), idx(1, first=1))
"""Two training images and one test image, 2 x 3."""

PACKED = {f"{name}.gz": data for name, data in zip(FOLDER_FILES, CONTENTS, strict=True)}


def write(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files into a new folder."""
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def emnist(split: str) -> dict[str, bytes]:
    """Return the four files of an EMNIST split by name."""
    names = [f"emnist-{split}-{name.replace('t10k', 'test')}.gz" for name in FOLDER_FILES]
    return dict(zip(names, CONTENTS, strict=True))


def emnist_zip(path: Path) -> bytes:
    """Write an archive as NIST has it, of two splits, and return its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for split in ("balanced", "letters"):
            for name, data in emnist(split).items():
                archive.writestr(f"gzip/{name}", data)
    return path.read_bytes()


def refused(text: str):
    """Expect a `DataError` of exactly this one-line text."""
    return pytest.raises(DataError, match=f"^{re.escape(text)}$")
