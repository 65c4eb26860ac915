"""Rewards of places: those that a host has given are received, and mark the traces of rewards."""

import numpy as np

from golden.cycles.track import Track
from golden.network.chip import unit
from golden.network.interface import Phase
from golden.network.rules.interface import REWARD_BITS
from golden.network.timing.learning.programs import Encoded
from golden.network.timing.learning.tables import LearnedPlaces
from golden.network.timing.learning.visits import received
from golden.network.timing.memories import Memories
from golden.network.timing.record import Sheet
from golden.numbers.compiled import entry
from golden.numbers.formats import Array

RECEIVED = 4
"""Cycles from a place to time 0 of what marks its reward."""


def receive(
    memories: Memories, track: Track[Sheet], at: LearnedPlaces, programs: Encoded, given: Array
) -> None:
    """RECEIVE."""
    chip, step = memories.chip, memories.registers["step"]
    latency, first = unit(chip).latency(chip.fabric), track.now
    begin = at.rewards[0]
    called = np.flatnonzero(memories.learned[begin : begin + chip.places] >> REWARD_BITS)
    shown = np.empty((len(called), len(at.rewards) - 2), np.int64)
    receive_all(called, step, memories.learned, at, programs, given, shown)
    track.grid.reserve(first + chip.places + RECEIVED + latency + 1)
    track.grid.mark(
        first + called + RECEIVED + latency,
        receive=1,
        receive_place=called,
        **{f"receive_{i}": column for i, column in enumerate(shown.T)},
    )
    track.spend(Phase.RECEIVE, chip.places - 1 + RECEIVED + latency + 1)
    memories.registers["reward"] = 0


@entry
def receive_all(places, step, kept, at, programs, given, shown):
    """Let places (n,) have their rewards; show traces (n, traces)."""
    for i in range(len(places)):
        received(places[i], step, kept, at, programs, given)
        for j in range(shown.shape[1]):
            shown[i, j] = kept[at.rewards[2 + j] + places[i]]
