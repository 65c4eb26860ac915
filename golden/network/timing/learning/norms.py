"""Norms: after an epoch the weights of every place are scaled."""

import numpy as np

from golden.cycles.track import Track
from golden.network.chip import unit
from golden.network.interface import Phase
from golden.network.rules.interface import OFF
from golden.network.rules.words import NORM_FACTOR, NORM_POINT
from golden.network.timing.learning.tables import LearnedPlaces, Targets, ends
from golden.network.timing.learning.visits import EVER
from golden.network.timing.memories import Memories
from golden.network.timing.record import Sheet
from golden.numbers.formats import Array, Fmt

FACTOR = 3
"""Cycles of FACTOR for a place, beside one for every bit that is divided."""


def scaled(
    memories: Memories, track: Track[Sheet], at: LearnedPlaces, targets: Targets, begins: Array
) -> None:
    """FACTOR; and change the weights that SCALE then shows."""
    chip, learner, first = memories.chip, unit(memories.chip), track.now
    word, synapses = learner.words[0], int(begins[-1])
    shape = Fmt(int(at.bits[0]), True)
    kept = memories.learned[at.words[0] : at.words[0] + synapses]
    inlet, slot = ends(memories, begins)
    # What is switched off has no part in it.
    lasts = memories.learned[at.lasts[0] :][: len(begins) - 1]
    taught = np.repeat((lasts & EVER > 0) | (lasts & 1 != OFF), np.diff(begins))
    weight, places = shape.wrap(kept), targets.places[inlet] + slot
    total = np.zeros(chip.places, np.int64)
    np.add.at(total, places[taught], np.abs(weight)[taught])
    divided = (learner.norm << NORM_POINT) + total // 2
    factor = np.where(total, np.minimum(divided // np.maximum(total, 1), NORM_FACTOR), NORM_FACTOR)
    exact = (weight * factor[places] + (1 << NORM_POINT >> 1)) >> NORM_POINT
    scaled_to = np.clip(exact, word.low, word.high) & ((1 << shape.width) - 1)
    kept[taught] = scaled_to[taught]
    each = FACTOR + learner.sums[1]
    track.grid.reserve(first + each * chip.places + 1)
    track.grid.mark(
        first + each * np.arange(1, chip.places + 1) - 1,
        scale=1,
        scale_place=np.arange(chip.places),
        scale_factor=factor,
    )
    track.spend(Phase.FACTOR, each * chip.places)
