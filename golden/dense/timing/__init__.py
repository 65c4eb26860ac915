"""The cycle model: what `docs/hardware.md` says the probe shows in every clock cycle.

It simulates no gates. `present` lays the stages of the step model, event by event, on a grid of
cycles; `Session` does it for a whole run with a host. The files:
`costs` (how long a phase lasts), `record` (what a row is), `source` (encoder and queue),
`presentation`, `lessons` and `ending` (the phases), `machine` (memories), `stimulus` (what goes
through the ports), `filling`, `host` and `session` (everything around a presentation), and `bound`,
what the port of the weight memory takes at least. Grid, track and stimulus themselves are those of
any core: `golden.cycles`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.cycles.stimulus import Feed, Stimulus
from golden.cycles.track import Track
from golden.dense.core import State
from golden.dense.interface import Phase
from golden.dense.params import Params
from golden.dense.timing.bound import bound
from golden.dense.timing.costs import costs
from golden.dense.timing.filling import Filling
from golden.dense.timing.host import Register
from golden.dense.timing.machine import Machine
from golden.dense.timing.presentation import lay
from golden.dense.timing.record import DenseGrid
from golden.dense.timing.session import Session
from golden.dense.timing.stimulus import eager, items

__all__ = [
    "Machine",
    "Presented",
    "Register",
    "Session",
    "bound",
    "eager",
    "items",
    "present",
]


class Presented(NamedTuple):
    """One presentation in cycles."""

    rows: NDArray[np.void]
    """The record from the cycle after the start's handshake to the one after the result's, if the
    host takes the result at once and sends no more pixels: ``cycles + 1`` rows. The last is IDLE;
    the last writes of DECAY fall into it."""
    cycles: int
    """From the start's handshake, exclusive, to the result's, inclusive."""
    state: State
    spikes: tuple[int, ...]
    label: int


def present(
    p: Params,
    built: Params,
    state: State,
    pixels: NDArray[np.int64],
    *,
    learn: bool = False,
    label: int = 0,
    classes: NDArray[np.int64] | None = None,
    votes: NDArray[np.int64] | None = None,
) -> Presented:
    """Present one image (height * width,) to a core made for ``built``, with parameters ``p``.

    Parameters
    ----------
    label : int
        Of the image, when learning.
    classes : (n_neurons,) int64, optional
        Labels of the neurons, all 0 if missing.
    votes : (vote_spikes, n_neurons, n_classes) int64, optional
        All 0 if missing.

    Raises
    ------
    ValueError
        If the core cannot run with ``p``.
    """
    machine = Machine.loaded(built, p, state, classes, votes)
    grid = DenseGrid(built)
    for name in grid.registers:
        grid.show(name, 0, machine.registers[name])
    shown = lay(machine, grid, 0, pixels, learn, label)
    track = Track(grid, shown.end)
    track.step = shown.step
    end = track.spend(Phase.RESULT, costs(built).result)
    grid.mark(end, result_valid=1, label=shown.label, n_spikes=len(shown.spikes))
    track.spend(Phase.IDLE, 1)
    none = Stimulus({}, {"pixels": np.zeros(track.now, dtype=np.bool_)})
    Filling(built, grid, Feed(none, "pixels"), track.now).fill(shown.filling)
    return Presented(grid.finish(track.now), end + 1, machine.state, shown.spikes, shown.label)
