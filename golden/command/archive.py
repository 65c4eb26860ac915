"""Numbers and what they mean in one ``.npz`` that anybody can check.

An uncompressed NumPy archive that never holds a pickle: a member ``meta``, UTF-8 JSON as uint8, and
members of int64. ``sha256`` in ``meta`` covers the rest of it, as JSON with sorted keys (ASCII,
``", "`` and ``": "`` between), then the numbers of every other member in alphabetical order of
their names, each as 64-bit two's complement, little-endian. Everything is checked before anything
is used, so a hostile file can at worst be refused.
"""

import hashlib
import io
import json
import math
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Shapes = Mapping[str, tuple[int | None, ...]]
"""Of members; the first length may be None, if it is what the file has."""

DAMAGE = (
    ValueError,
    TypeError,
    OverflowError,
    RecursionError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What a damaged or hostile archive makes its readers raise."""


class ArchiveError(ValueError):
    """What is wrong with an archive."""


def packed(meta: Mapping[str, Any], members: Mapping[str, NDArray[np.int64]]) -> bytes:
    """Return the bytes of an archive; ``meta`` gets the checksum."""
    signed = {**meta, "sha256": digest(meta, members)}
    everything = dict(members) | {"meta": np.frombuffer(json.dumps(signed).encode(), np.uint8)}
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **everything)
    return buffer.getvalue()


def unpacked(
    content: bytes, judged: Callable[[dict[str, Any]], Shapes]
) -> tuple[dict[str, Any], dict[str, NDArray[np.int64]]]:
    """Return meta and members.

    Parameters
    ----------
    judged : callable
        Refuses a meta that it cannot use; returns which members must be there, and no others.

    Raises
    ------
    DAMAGE
        Whatever is wrong.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = archive.infolist()
        names = [info.filename.removesuffix(".npy") for info in infos]
        for name, info in zip(names, infos, strict=True):
            if info.compress_type != zipfile.ZIP_STORED:
                raise ArchiveError(f"member {info.filename} must be stored, not compressed")
            if names.count(name) > 1:
                raise ArchiveError(f"member {info.filename} must not be there")
        _demand(archive, "meta")
        meta = json.loads(_read(archive, "meta", (None,), np.uint8).tobytes())
        if not isinstance(meta, dict):
            raise ArchiveError("meta must be a dict")
        shapes = judged(meta)
        for name, info in zip(names, infos, strict=True):
            if name not in {*shapes, "meta"}:
                raise ArchiveError(f"member {info.filename} must not be there")
        for name in shapes:
            _demand(archive, name)
        members = {name: _read(archive, name, shape) for name, shape in shapes.items()}
    if meta.pop("sha256", None) != digest(meta, members):
        raise ArchiveError("its checksum differs from its contents")
    return meta, members


def _demand(archive: zipfile.ZipFile, name: str) -> None:
    if f"{name}.npy" not in archive.namelist():
        raise ArchiveError(f"member {name} must be there")


def _read(
    archive: zipfile.ZipFile,
    name: str,
    shape: tuple[int | None, ...],
    dtype: type[np.generic] = np.int64,
) -> NDArray:
    """Read one member, whose header must be the only one that ``shape`` and ``dtype`` can have.

    Nothing in the file is parsed as a header, and nothing is allocated before sizes agree.
    """
    info = archive.getinfo(f"{name}.npy")
    whole = _whole(shape, info.file_size, dtype)
    header = _header(whole, dtype)
    with archive.open(info) as file:
        if file.read(len(header)) != header:
            raise ArchiveError(f"member {name} must be {np.dtype(dtype)} {whole} in C order")
        if info.file_size != len(header) + math.prod(whole) * np.dtype(dtype).itemsize:
            raise ArchiveError(f"member {name} must be whole, not truncated")
        return np.frombuffer(file.read(), dtype=dtype).reshape(whole).copy()


def _whole(shape: tuple[int | None, ...], size: int, dtype: type[np.generic]) -> tuple[int, ...]:
    """Return a shape whose first length, if it is open, follows from a member's size."""
    first, *rest = shape
    inner = [length for length in rest if length is not None]
    if first is None:
        each = math.prod(inner) * np.dtype(dtype).itemsize
        first = max(0, size - len(_header((0, *inner), dtype))) // each if each else 0
    return first, *inner


def _header(shape: tuple[int, ...], dtype: type[np.generic]) -> bytes:
    """Return the header of NumPy's format 1.0."""
    stream = io.BytesIO()
    description = {"descr": np.dtype(dtype).str, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, description)
    return stream.getvalue()


def digest(meta: Mapping[str, Any], members: Mapping[str, NDArray[np.int64]]) -> str:
    """Return the checksum of an archive."""
    found = hashlib.sha256(json.dumps(meta, sort_keys=True).encode())
    for name in sorted(members):
        found.update(members[name].astype("<i8").tobytes())
    return found.hexdigest()
