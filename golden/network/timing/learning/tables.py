"""What the compiled parts need to know of a chip with a learner."""

from typing import NamedTuple

import numpy as np

from golden.network.chip import Chip, unit
from golden.network.rules.interface import DELAYS, NUMBERS, learned_bits
from golden.network.rules.learner import LearningUnit
from golden.network.rules.synapse import SENT
from golden.network.timing.learning.programs import Encoded, encoded
from golden.network.timing.memories import Memories
from golden.numbers.formats import Array

PRE, POST, EPOCH, MARK_PRE, MARK_POST = range(5)
"""Programs, in their order."""


class LearnedPlaces(NamedTuple):
    """Where what is learned lies in ``memories.learned``, and how many of each there are."""

    words: Array
    """Where each word of synapses begins."""
    bits: Array
    """Of each word."""
    arrivals: Array
    """Where each added trace of arrivals begins."""
    posts: Array
    """Where each added trace of posts begins."""
    lasts: Array
    """Where steps of last arrivals begin, and of last posts."""
    numbers: int
    """Where the numbers of synapses begin; -1 if the rule draws nothing."""
    delays: int
    """Where the delays of runs begin; -1 if it does not look at them."""


class Targets(NamedTuple):
    """Where synapses end, by inlet."""

    places: Array
    """Place of the first slot of its kind."""
    slots: Array
    """Of its kind."""


def layout(memories: Memories) -> LearnedPlaces:
    """Return where everything lies."""
    learner = unit(memories.chip)

    def of(names: list[str]) -> Array:
        return np.array([memories.begins[name] for name in names], np.int64)

    return LearnedPlaces(
        of([f"learned_{word.name}" for word in learner.words]),
        np.array([learned_bits(word) for word in learner.words], np.int64),
        of([f"run_trace_{i}" for i in range(len(learner.side("pre")))]),
        of([f"post_trace_{i}" for i in range(len(learner.side("post")))]),
        of(["run_lasts", "post_lasts"]),
        memories.begins.get(NUMBERS, -1),
        memories.begins.get(DELAYS, -1),
    )


def targets(chip: Chip) -> Targets:
    """Return where inlets are."""
    kinds = [kind for kind, _ in chip.inlets]
    return Targets(
        np.array([chip.place_bases[kind] for kind in kinds], np.int64),
        np.array([chip.kinds[kind].slots for kind in kinds], np.int64),
    )


def programs(learner: LearningUnit) -> Encoded:
    """Return the programs of a rule.

    Given are: words, traces of arrivals, traces of posts, pre age, post age.
    """
    words = [word.name for word in learner.words]
    before, behind = ([word.name for word in learner.side(side)] for side in ("pre", "post"))
    names = [*words, *before, *behind, "pre age", "post age"]
    marks = [learner.marks.get(side) for side in ("pre", "post")]
    return encoded(
        [learner.on_pre, learner.on_post, learner.on_epoch, *marks],
        {name: place for place, name in enumerate(names)},
        [[*words, SENT], words, words, before, behind],
    )
