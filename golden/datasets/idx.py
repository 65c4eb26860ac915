"""Strict reader of IDX files, the format of MNIST."""

import gzip
import math
import zipfile
import zlib
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from golden.datasets.dataset import DataError

IdxPath = Path | zipfile.Path
"""A file, or a member of a zip file."""

MAX_BYTES = 1 << 30
"""Refuse to unpack more; the largest file of a known data set has 547 MB."""

CHUNK_BYTES = 1 << 20
"""Read in pieces, because ``read(n)`` allocates n bytes even if the file is shorter."""

KINDS = {1: "labels", 3: "images"}
"""What an array of so many dimensions is."""

GZIP_MAGIC = b"\x1f\x8b"


def read_idx(path: IdxPath, n_dims: int) -> NDArray[np.uint8]:
    """Read one file, gzip or plain; which of them is seen from its content.

    The layout is a magic word ``0x00000800 + n_dims`` (08 = unsigned byte), ``n_dims`` sizes, and
    the bytes, all words big-endian. Never more than the announced bytes and one are unpacked, and
    memory grows only with bytes that are there.

    Parameters
    ----------
    path : Path or zipfile.Path
        The file.
    n_dims : int
        3 for images, 1 for labels.

    Returns
    -------
    (n, height, width) or (n,) uint8
        The content.

    Raises
    ------
    DataError
        If the file cannot be read, is damaged, or is not exactly what its header says.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(2)
            file.seek(0)
            if magic == GZIP_MAGIC:
                with gzip.GzipFile(fileobj=file) as unpacked:
                    return _parse(unpacked, str(path), n_dims)
            return _parse(file, str(path), n_dims)
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise DataError(f"{path} must be a whole gzip file, not a damaged one: {error}") from error
    except OSError as error:
        raise DataError(f"{path} must be readable, not: {error.strerror}") from error


def _parse(file: IO[bytes] | gzip.GzipFile, name: str, n_dims: int) -> NDArray[np.uint8]:
    n_header = 4 + 4 * n_dims
    header = file.read(n_header)
    magic = (0x800 + n_dims).to_bytes(4, "big")
    if len(header) >= 4 and not header.startswith(magic):
        raise DataError(
            f"{name} must start with 0x{magic.hex()} ({KINDS[n_dims]}), not 0x{header[:4].hex()}"
        )
    if len(header) < n_header:
        raise DataError(f"{name} must have a header of {n_header} bytes, not {len(header)} bytes")
    shape = tuple(int(size) for size in np.frombuffer(header, ">u4", offset=4))
    n_bytes = math.prod(shape)
    kind = KINDS[n_dims] + (f" of {shape[1]} x {shape[2]}" if n_dims == 3 else "")
    wanted = f"{name} must hold {shape[0]} {kind} ({n_header + n_bytes} bytes)"
    if not 0 < n_bytes <= MAX_BYTES:
        raise DataError(f"{name} must hold 1 to {MAX_BYTES} pixels or labels, not {n_bytes}")
    data = _read_at_most(file, n_bytes + 1)
    if len(data) > n_bytes:
        raise DataError(f"{wanted}, not more")
    if len(data) < n_bytes:
        raise DataError(f"{wanted}, not {n_header + len(data)} bytes")
    return np.frombuffer(data, np.uint8).reshape(shape)


def _read_at_most(file: IO[bytes] | gzip.GzipFile, n_bytes: int) -> bytearray:
    data = bytearray()
    while piece := file.read(min(CHUNK_BYTES, n_bytes - len(data))):
        data += piece
    return data
