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

``sha256`` covers the bytes of every other member and the rest of ``meta``. `load` checks it, every
shape and every value's format before anything is used, so a hostile file can at worst be refused.
"""

import hashlib
import io
import json
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.atomic import write_atomically
from golden.core import State
from golden.params import Params

FORMAT, VERSION = "goldspike-model", 1


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
    try:
        return _load(path)
    except zipfile.BadZipFile as error:
        raise ModelFileError(f"{path} must be a Goldspike model file, not {error}") from None
    except (KeyError, TypeError, ValueError, OverflowError, EOFError, NotImplementedError) as error:
        raise ModelFileError(f"{path} must be an intact Goldspike model file: {error}") from None


def _load(path: Path) -> Model:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if info.compress_type != zipfile.ZIP_STORED:
                raise ModelFileError(f"member {info.filename} must be stored, not compressed")
        meta = _read_meta(archive)
        p = Params.from_dict(meta["params"])
        members = {name: _read(archive, name, shape) for name, shape in _shapes(p).items()}
    expected = meta.pop("sha256")
    if _digest(meta, members) != expected:
        raise ModelFileError("its checksum differs from its contents")
    offset, lfsr, presented = (int(x) for x in members["scalars"])
    state = State(members["w"], members["theta"], offset, members["last"], lfsr, presented)
    state.check(p)
    p.label.check(members["classes"])
    p.vote.check(members["votes"])
    return Model(p, state, members["classes"], members["votes"], meta["about"])


def _read_meta(archive: zipfile.ZipFile) -> dict[str, Any]:
    meta = json.loads(_read(archive, "meta", None, np.uint8).tobytes())
    if not isinstance(meta, dict) or meta.get("format") != FORMAT:
        raise ModelFileError(f"format must be {FORMAT!r}")
    if meta.get("version") != VERSION:
        raise ModelFileError(f"version must be {VERSION}, not {meta.get('version')!r}")
    return meta


def _read(
    archive: zipfile.ZipFile,
    name: str,
    shape: tuple[int, ...] | None,
    dtype: type[np.generic] = np.int64,
) -> NDArray:
    """Read one member, believing its header only where it agrees with ``shape`` and ``dtype``."""
    stream = io.BytesIO(archive.read(f"{name}.npy"))
    if np.lib.format.read_magic(stream) != (1, 0):
        raise ModelFileError(f"member {name} must be a NumPy array of format 1.0")
    found, fortran, found_dtype = np.lib.format.read_array_header_1_0(stream)
    data = stream.read()
    shape = (len(data),) if shape is None else shape
    if (found, fortran, found_dtype) != (shape, False, np.dtype(dtype)):
        raise ModelFileError(
            f"member {name} must be {np.dtype(dtype)} {shape}, not {found_dtype} {found}"
        )
    if len(data) != int(np.prod(shape)) * np.dtype(dtype).itemsize:
        raise ModelFileError(f"member {name} must be whole, not truncated")
    return np.frombuffer(data, dtype=dtype).reshape(shape).copy()


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
