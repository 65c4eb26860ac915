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

``about`` of a trained model holds ``class_names``, and ``form``: how an image is brought to the
network; and ``chosen``, lines that say what the number of images decided, if it decided anything.

``sha256`` covers the rest of ``meta``, as JSON with sorted keys (ASCII, ``", "`` and ``": "``
between), then the numbers of every other member in alphabetical order of their names, each as
64-bit two's complement, little-endian. `load` checks it, every shape and every value's format
before anything is used, so a hostile file can at worst be refused.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.command.archive import DAMAGE, Shapes, packed, unpacked
from golden.command.atomic import write_atomically
from golden.datasets.dataset import AS_IS
from golden.datasets.form import FORMS
from golden.dense.core import State
from golden.dense.params import Params

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
    meta = {
        "format": FORMAT,
        "version": VERSION,
        "params": asdict(model.params),
        "about": model.about,
    }
    write_atomically(path, packed(meta, _members(model)))


def load(path: Path) -> Model:
    """Read a model file.

    Raises
    ------
    ModelFileError
        If it is not a model file, of another version, damaged, or holds impossible values.
    OSError
        If it cannot be read.
    """
    if path.is_dir():
        raise ModelFileError(f"{path} must be a model file, as {path / 'model.npz'}, not a folder")
    content = path.read_bytes()
    try:
        return _load(content)
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


def image_form(path: Path, model: Model) -> str:
    """Return the form of the images that a model has learned from, `golden.datasets.form`.

    A file that says nothing, as of a board or of an older version, is of images as they were.

    Raises
    ------
    ModelFileError
        If it names an unknown one.
    """
    form = model.about.get("form", AS_IS)
    if not isinstance(form, str) or form not in FORMS:
        raise ModelFileError(f"form in {path} must be one of {', '.join(FORMS)}, not {form!r}")
    return form


def _load(content: bytes) -> Model:
    meta, members = unpacked(content, _judged)
    p = Params.from_dict(meta["params"])
    offset, lfsr, presented = (int(x) for x in members["scalars"])
    state = State(members["w"], members["theta"], offset, members["last"], lfsr, presented)
    state.check(p)
    for label in members["classes"]:
        if not 0 <= label < p.n_classes:
            raise ModelFileError(f"every class must be 0 to {p.n_classes - 1}, not {label}")
    p.vote.check(members["votes"])
    return Model(p, state, members["classes"], members["votes"], meta["about"])


def _judged(meta: dict[str, Any]) -> Shapes:
    """Refuse a meta that is none; return the shapes of what is beside it."""
    if meta.get("format") != FORMAT:
        raise ModelFileError(f"format must be {FORMAT!r}")
    if meta.get("version") != VERSION:
        raise ModelFileError(f"version must be {VERSION}, not {meta.get('version')!r}")
    for name in ("params", "about", "sha256"):
        if name not in meta:
            raise ModelFileError(f"meta must hold {name}")
    if not isinstance(meta["about"], dict):
        raise ModelFileError(f"about must be a dict, not {meta['about']!r}")
    return _shapes(Params.from_dict(meta["params"]))


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
