"""The step model compiled with numba, for whole data sets.

Equal to :mod:`golden.dense.core` bit by bit after every image; `tests/dense/test_engine.py` holds
it to that. The files follow the stages: `encode` (1, 2), `compete` (3 to 6), `learn` (6, 7),
`kernel` (all); `clock` counts cycles.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import FunctionType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.dense import homeostasis
from golden.dense.core import State
from golden.dense.declaration import ParameterKind, declarations
from golden.dense.engine import clock, compete, encode, filter, kernel, learn, memory
from golden.dense.engine.clock import BUSY_STEPS, CYCLES, EVENTS, N_COUNTS, SPIKES, STEPS, SWEEPS
from golden.dense.engine.filter import MARGIN, oriented, surround
from golden.dense.engine.kernel import present
from golden.dense.params import Params
from golden.dense.wta import NOBODY

__all__ = ["Learner", "Record", "infer"]

CHUNK = 1000
"""Images a thread takes at a time in inference."""


class Record(NamedTuple):
    """What happened to n images."""

    spikes: NDArray[np.int64]
    """Neurons in order of spikes, (n, vote_spikes); `golden.dense.wta.NOBODY` if fewer spiked."""
    counts: NDArray[np.int64]
    """(n, 6): events, steps, steps with an event, spikes, sweeps, clock cycles."""

    @property
    def events(self) -> NDArray[np.int64]:
        """Events integrated, (n,)."""
        return self.counts[:, EVENTS]

    @property
    def steps(self) -> NDArray[np.int64]:
        """Steps until the presentation ended, (n,)."""
        return self.counts[:, STEPS]

    @property
    def busy_steps(self) -> NDArray[np.int64]:
        """Steps with a competition, (n,)."""
        return self.counts[:, BUSY_STEPS]

    @property
    def n_spikes(self) -> NDArray[np.int64]:
        """Spikes, (n,)."""
        return self.counts[:, SPIKES]

    @property
    def sweeps(self) -> NDArray[np.int64]:
        """Sweeps of plasticity, (n,)."""
        return self.counts[:, SWEEPS]

    @property
    def cycles(self) -> NDArray[np.int64]:
        """Clock cycles of the hardware, (n,): those of :class:`golden.dense.timing.Presented`."""
        return self.counts[:, CYCLES]


class Learner:
    """A network in the engine's memory, learning image after image.

    Parameters
    ----------
    p : Params
        May be changed between calls of `learn` (`params`), as long as the shapes stay.
    state : State
        Where to start; it is copied.
    classes : (n_neurons,) int64, optional
        Label of every neuron, for the rewards that need one.
    """

    def __init__(self, p: Params, state: State, classes: NDArray[np.int64] | None = None):
        self.params = p
        self._memory = memory.memory(state)
        self._classes = np.zeros(p.n_neurons, dtype=np.int64) if classes is None else classes

    @property
    def state(self) -> State:
        """A copy of the learned state."""
        return memory.state(self._memory)

    def warm_up(self) -> None:
        """Compile, so that the first images are not slower than the others."""
        p = self.params
        self.learn(np.zeros((0, p.height * p.width), dtype=np.uint8), np.zeros(0, dtype=np.int64))

    @property
    def mean_theta(self) -> np.floating:
        """Mean of what is learned of the thresholds, in weight steps, for display."""
        held = self._memory
        return homeostasis.threshold(self.params, 0, held.theta, held.scalars[memory.OFFSET]).mean()

    def learn(self, images: NDArray[np.uint8], labels: NDArray[np.int64]) -> Record:
        """Present images (n, height * width) with labels (n,), in order, learning from each.

        Raises
        ------
        ValueError
            If the shapes or types do not fit.
        """
        p = self.params
        _check(p, images)
        if labels.shape != (len(images),):
            raise ValueError(f"labels must have shape {(len(images),)}, not {labels.shape}")
        record = _blank(p, len(images))
        series = memory.Series(filtered(p, images), labels, self._classes, True, *record)
        present(memory.const(p), self._memory, memory.scratch(p), series)
        return record


def infer(
    p: Params, state: State, images: NDArray[np.uint8], threads: int | None = None
) -> Iterator[Record]:
    """Present images (n, height * width) without learning, on all cores; yield records in order.

    Raises
    ------
    ValueError
        If the images have the wrong shape or type.
    """
    _check(p, images)
    const, held = memory.const(p), memory.memory(state)
    nothing = np.zeros(0, dtype=np.int64)

    def work(start: int) -> Record:
        chunk = images[start : start + CHUNK]
        record = _blank(p, len(chunk))
        series = memory.Series(filtered(p, chunk), nothing, nothing, False, *record)
        present(const, held, memory.scratch(p), series)
        return record

    with ThreadPoolExecutor(threads or len(os.sched_getaffinity(0))) as pool:
        yield from pool.map(work, range(0, len(images), CHUNK))


def _read() -> frozenset[str]:
    """Return the names that occur in the engine's code; those of all parameters it knows are there.

    So a parameter that was declared, and that nobody has taught the engine, is refused and not
    silently ignored, without a list that must be kept.
    """
    rooms = (clock, compete, encode, filter, kernel, learn, memory)
    found = [getattr(each, "py_func", each) for room in rooms for each in vars(room).values()]
    codes = [each.__code__ for each in found if isinstance(each, FunctionType)]
    return frozenset(name for code in codes for name in code.co_names)


READ = _read()


def _check(p: Params, images: NDArray[np.uint8]) -> None:
    """Refuse parameters that the engine ignores, and what it would read past the end of."""
    for name, each in declarations(type(p)).items():
        neutral = each.off and not each.code(getattr(p, name))
        if (each.off or each.kind is ParameterKind.REGISTER) and name not in READ and not neutral:
            known = "off" if each.off else "known"
            raise ValueError(
                f"{name} must be {known} in the engine, which does not read it, "
                f"not {getattr(p, name)}"
            )
    n_pixels = p.height * p.width
    if images.ndim != 2 or images.shape[1] != n_pixels or images.dtype != np.uint8:
        found = f"{images.dtype} of shape {images.shape}"
        raise ValueError(f"images must be uint8 of shape (n, {n_pixels}), not {found}")


def filtered(p: Params, images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return what the encoder sees of images (n, height * width), (n, n_axons)."""
    if p.receptive_field == "none":
        return images
    padded = np.zeros((p.height + 2 * MARGIN, p.width + 2 * MARGIN), dtype=np.int64)
    sums = np.zeros(p.n_axons, dtype=np.int64)
    out = np.empty((len(images), p.n_axons), dtype=np.uint8)
    field = oriented if p.receptive_field == "oriented" else surround
    field(memory.constants(p), padded, sums, images, out)
    return out


def _blank(p: Params, n_images: int) -> Record:
    spikes = np.full((n_images, p.vote_spikes), NOBODY, dtype=np.int64)
    return Record(spikes, np.zeros((n_images, N_COUNTS), dtype=np.int64))
