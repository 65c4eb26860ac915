"""Model files: a trained network and how it came about, in one ``.npz`` that anybody can check.

A model file is an uncompressed NumPy archive that never holds a pickle. Its members:

=========== ======================= ======================================================
``meta``    UTF-8 JSON as uint8     ``format``, ``version``, ``params``, ``about``, ``sha256``
``w``       (n_axons, n_neurons)    weights, int64 like all that follow
``theta``   (n_neurons,)            adaptive thresholds
``last``    (n_axons,)              step of each axon's last spike plus 1; 0 is never
``scalars`` (3,)                    common offset, LFSR, learning presentations so far
``classes`` (n_neurons,)            label of every neuron
``votes``   (vote_spikes, n_neurons, n_classes) votes by rank, neuron and label
=========== ======================= ======================================================

``sha256`` covers the rest of ``meta``, as JSON with sorted keys (ASCII, ``", "`` and ``": "``
between), then the numbers of every other member in alphabetical order of their names, each as
64-bit two's complement, little-endian. `load` checks it, every shape and every value's format
before anything is used, so a hostile file can at worst be refused.
"""

import hashlib
import io
import json
import math
import zipfile
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.command.atomic import write_atomically
from golden.dense.core import State
from golden.dense.params import Params

FORMAT, VERSION = "goldspike-model", 1
MEMBERS = ("w", "theta", "last", "scalars", "classes", "votes", "meta")

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


class ModelFileError(ValueError):
    """A model file that cannot be used; the text says why."""


class Model(NamedTuple):
    """A network that can classify, and be trained on."""

    params: Params
    state: State
    classes: NDArray[np.int64]
    """Label of every neuron, (n_neurons,)."""
    votes: NDArray[np.int64]
    """Votes by rank of the spike, neuron and label, (vote_spikes, n_neurons, n_classes)."""
    about: dict[str, Any]
    """Where it comes from: JSON values only."""


def save(path: Path, model: Model) -> None:
    """Write a model file; at every moment ``path`` is either the old file or the whole new one."""
    members = _members(model)
    meta = {
        "format": FORMAT,
        "version": VERSION,
        "params": asdict(model.params),
        "about": model.about,
    }
    meta["sha256"] = _digest(meta, members)
    members["meta"] = np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **members)
    write_atomically(path, buffer.getvalue())


def load(path: Path) -> Model:
    """Read a model file.

    Raises
    ------
    ModelFileError
        If it is not a model file, of another version, damaged, or holds impossible values.
    OSError
        If it cannot be read.
    """
    content = io.BytesIO(path.read_bytes())
    try:
        with zipfile.ZipFile(content) as archive:
            return _load(archive)
    except DAMAGE as error:
        raise ModelFileError(f"{path} must be an intact Goldspike model file: {error}") from None


def class_names(path: Path, model: Model) -> list[str]:
    """Return what the labels stand for.

    Raises
    ------
    ModelFileError
        If the file does not say, as a checkpoint does not, or has other labels.
    """
    names, n_classes = model.about.get("class_names"), model.params.n_classes
    if (
        not isinstance(names, list)
        or not all(isinstance(name, str) for name in names)
        or len(names) != n_classes
    ):
        raise ModelFileError(f"{path} must be a trained model with {n_classes} named classes")
    return names


def _load(archive: zipfile.ZipFile) -> Model:
    names = {info.filename for info in archive.infolist()}
    for info in archive.infolist():
        if info.filename.removesuffix(".npy") not in MEMBERS or len(archive.infolist()) > len(
            names
        ):
            raise ModelFileError(f"member {info.filename} must not be there")
        if info.compress_type != zipfile.ZIP_STORED:
            raise ModelFileError(f"member {info.filename} must be stored, not compressed")
    for name in MEMBERS:
        if f"{name}.npy" not in names:
            raise ModelFileError(f"member {name} must be there")
    meta = _read_meta(archive)
    p = Params.from_dict(meta["params"])
    members = {name: _read(archive, name, shape) for name, shape in _shapes(p).items()}
    expected = meta.pop("sha256")
    if _digest(meta, members) != expected:
        raise ModelFileError("its checksum differs from its contents")
    offset, lfsr, presented = (int(x) for x in members["scalars"])
    state = State(members["w"], members["theta"], offset, members["last"], lfsr, presented)
    state.check(p)
    for label in members["classes"]:
        if not 0 <= label < p.n_classes:
            raise ModelFileError(f"every class must be 0 to {p.n_classes - 1}, not {label}")
    p.vote.check(members["votes"])
    return Model(p, state, members["classes"], members["votes"], meta["about"])


def _read_meta(archive: zipfile.ZipFile) -> dict[str, Any]:
    n_bytes = archive.getinfo("meta.npy").file_size - len(_header((0,), np.uint8))
    meta = json.loads(_read(archive, "meta", (max(0, n_bytes),), np.uint8).tobytes())
    if not isinstance(meta, dict) or meta.get("format") != FORMAT:
        raise ModelFileError(f"format must be {FORMAT!r}")
    if meta.get("version") != VERSION:
        raise ModelFileError(f"version must be {VERSION}, not {meta.get('version')!r}")
    for name in ("params", "about", "sha256"):
        if name not in meta:
            raise ModelFileError(f"meta must hold {name}")
    if not isinstance(meta["about"], dict):
        raise ModelFileError(f"about must be a dict, not {meta['about']!r}")
    return meta


def _read(
    archive: zipfile.ZipFile,
    name: str,
    shape: tuple[int, ...],
    dtype: type[np.generic] = np.int64,
) -> NDArray:
    """Read one member, whose header must be the only one that ``shape`` and ``dtype`` can have.

    Nothing in the file is parsed as a header, and nothing is allocated before sizes agree.
    """
    header, info = _header(shape, dtype), archive.getinfo(f"{name}.npy")
    with archive.open(info) as file:
        if file.read(len(header)) != header:
            raise ModelFileError(f"member {name} must be {np.dtype(dtype)} {shape} in C order")
        n_bytes = math.prod(shape) * np.dtype(dtype).itemsize
        if info.file_size != len(header) + n_bytes:
            raise ModelFileError(f"member {name} must be whole, not truncated")
        return np.frombuffer(file.read(), dtype=dtype).reshape(shape).copy()


def _header(shape: tuple[int, ...], dtype: type[np.generic]) -> bytes:
    """Return the header of NumPy's format 1.0."""
    stream = io.BytesIO()
    description = {"descr": np.dtype(dtype).str, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, description)
    return stream.getvalue()


def _shapes(p: Params) -> dict[str, tuple[int, ...]]:
    return {
        "w": (p.n_axons, p.n_neurons),
        "theta": (p.n_neurons,),
        "last": (p.n_axons,),
        "scalars": (3,),
        "classes": (p.n_neurons,),
        "votes": (p.vote_spikes, p.n_neurons, p.n_classes),
    }


def _members(model: Model) -> dict[str, NDArray]:
    s = model.state
    scalars = np.array([s.offset, s.lfsr, s.presented], dtype=np.int64)
    arrays = (s.w, s.theta, s.last, scalars, model.classes, model.votes)
    return dict(zip(_shapes(model.params), arrays, strict=True))


def _digest(meta: dict[str, Any], members: dict[str, NDArray]) -> str:
    digest = hashlib.sha256(json.dumps(meta, sort_keys=True).encode())
    for name in sorted(members):
        digest.update(members[name].astype("<i8").tobytes())
    return digest.hexdigest()
