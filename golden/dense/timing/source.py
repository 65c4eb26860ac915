"""When events leave the encoder and are taken: its walk over axons, the gate, the queue.

An entry is an axon in SCAN or a list entry in LIST, looked at from the cycle after it was taken on.
With ``first`` the cycle of the first entry if nothing waits, in max-plus form for the events of a
step, event ``k`` at entry ``place[k]``, terms before the first event left out::

    push[k] = max(first + place[k], push[k-1] + place[k] - place[k-1], gate, take[k-QUEUE] + 1)
    take[k] = max(push[k] + 1, take[k-1] + PASS, integrate)
    turn    = push[-1] + entries - place[-1]                    TURN: the step is done

An entry is accepted at once unless it has an event that must wait, and then all behind it wait as
long: hence ``push[k-1] + place[k] - place[k-1]``. A step without events is done at
``first + entries``.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.dense import encoder
from golden.dense.events import events
from golden.dense.params import Params
from golden.dense.timing.costs import QUEUE, between, dry


class Walk(NamedTuple):
    """One step of the encoder."""

    axons: NDArray[np.int64]
    """Events, (n_events,)."""
    pushed: NDArray[np.int64]
    """Cycles in which they entered the queue."""
    taken: NDArray[np.int64]
    """Cycles in which they left it."""
    entries: NDArray[np.int64]
    """Cycles in which the entries were accepted."""
    turn: int
    """Cycle in which the next step is seen: this one is done."""


class Source:
    """The encoder of one presentation, step by step.

    Parameters
    ----------
    start : int
        First cycle of the presentation.
    """

    def __init__(self, p: Params, pixels: NDArray[np.int64], start: int):
        self.p, self.pixels, self.first = p, pixels, start + 1
        self.active = np.flatnonzero(pixels)
        self._state = encoder.start(p)
        self._scanning = True

    def dry_run(self) -> tuple[int, int]:
        """Go through all steps without events; return its cycles and the events of the busiest."""
        peak = encoder.peak(self.p, self.pixels)
        apart = between(len(self.active))
        cycles = dry(len(self.pixels), self.p.n_steps, len(self.active) + apart)
        self.first += cycles - 1 + apart
        self._scanning = False
        return cycles, peak

    def step(self, t: int, gate: int, integrate: int, one_pass: int) -> Walk:
        """Encode step ``t``, seen from cycle ``gate`` on, integrated from ``integrate`` on."""
        spikes, self._state = encoder.encode(self.p, self.pixels, self._state, t)
        axons = events(spikes)
        n_entries = len(self.pixels) if self._scanning else len(self.active)
        places = axons if self._scanning else np.searchsorted(self.active, axons)
        pushed, taken = schedule(self.first, places.tolist(), gate, integrate, one_pass)
        # An entry waits as long as the last event at or before it: "right" counts its own event.
        waited = np.array([self.first, *(pushed - places)], dtype=np.int64)
        entry = np.arange(n_entries)
        entries = entry + waited[np.searchsorted(places, entry, "right")]
        turn = int(waited[-1]) + n_entries
        self.first, self._scanning = turn + between(len(self.active)), False
        return Walk(axons, pushed, taken, entries, turn)


def schedule(
    first: int, places: list[int], gate: int, integrate: int, one_pass: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return when the events of a step are pushed and taken; see the top of this file."""
    pushed: list[int] = []
    taken: list[int] = []
    slip, free = first, integrate
    for k, place in enumerate(places):
        room = taken[k - QUEUE] + 1 if k >= QUEUE else gate
        push = max(slip + place, gate, room)
        slip, take = push - place, max(push + 1, free)
        free = take + one_pass
        pushed.append(push)
        taken.append(take)
    return np.array(pushed, dtype=np.int64), np.array(taken, dtype=np.int64)
