"""What the compiled parts need to know of a chip with a learner."""

from itertools import chain
from typing import NamedTuple

import numpy as np

from golden.network.chip import Chip, unit
from golden.network.interface import Region
from golden.network.rules.interface import NUMBERS, carried_bits, standing_region
from golden.network.rules.learner import RULE, SIDES, LearningUnit
from golden.network.rules.synapse import DELAY, SENT
from golden.network.rules.words import REWARD
from golden.network.timing.learning.programs import Encoded, encoded
from golden.network.timing.memories import Memories
from golden.numbers.formats import Array

PRE, POST, EPOCH, AT_REWARD, MARK_PRE, MARK_POST, MARK_REWARD = range(7)
"""Programs, in their order."""


class LearnedPlaces(NamedTuple):
    """Where what is learned lies in ``memories.learned``, and how many of each there are."""

    words: Array
    """Where each word of synapses begins."""
    bits: Array
    """Of each word, with a sign."""
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
    rewards: Array
    """Where rewards begin, their last steps, each trace of rewards; empty if they do not matter."""
    shifts: Array
    """Of a weight that is transmitted as it is, by its rule."""
    rules: int
    """Where the rules of runs begin; -1 if there is one."""


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
        np.array([carried_bits(w) for w in learner.words], np.int64),
        of([f"run_trace_{i}" for i in range(len(learner.side("pre")))]),
        of([f"post_trace_{i}" for i in range(len(learner.side("post")))]),
        of(["run_lasts", "post_lasts"]),
        memories.begins.get(NUMBERS, -1),
        memories.begins.get(standing_region(DELAY), -1),
        of([name for name in memories.learning if name.startswith(REWARD)]),
        np.array(learner.shifts, np.int64),
        memories.begins.get(standing_region(RULE), -1),
    )


def targets(chip: Chip) -> Targets:
    """Return where inlets are."""
    kinds = [kind for kind, _ in chip.inlets]
    return Targets(
        np.array([chip.place_bases[kind] for kind in kinds], np.int64),
        np.array([chip.kinds[kind].slots for kind in kinds], np.int64),
    )


def ends(memories: Memories, begins: Array) -> tuple[Array, Array]:
    """Return inlet and slot of every synapse that learns."""
    chip, packed = memories.chip, memories.packed
    runs = packed[Region.RUNS][: len(begins) - 1]
    family = runs >> (chip.count_bits + chip.gap_bits + 1)
    inlet = np.repeat(packed[Region.FAMILIES][family] >> chip.family_weight_bits, np.diff(begins))
    return inlet, packed[Region.SYNAPSES][: begins[-1]] & ((1 << chip.slot_bits) - 1)


def programs(learner: LearningUnit) -> Encoded:
    """Return the programs of a rule.

    Given are: words, traces of arrivals, of posts, of rewards, the last reward and its age if they
    matter, pre age, post age.
    """
    words = [word.name for word in learner.words]
    traces = [[word.name for word in learner.side(side)] for side in SIDES]
    rewarded = [REWARD, f"{REWARD} age"] if learner.rewarded else []
    names = [*words, *chain(*traces), *rewarded, "pre age", "post age"]
    marks = [learner.marks.get(side) for side in SIDES]
    return encoded(
        [learner.on_pre, learner.on_post, learner.on_epoch, learner.on_reward, *marks],
        {name: place for place, name in enumerate(names)},
        [[*words, SENT], words, words, words, *traces],
    )
