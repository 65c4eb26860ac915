"""What stands in the memories of a chip that learns."""

from amaranth.hdl import signed, unsigned
from amaranth.lib import data

from golden.network.chip import Chip, unit
from golden.network.interface import STEP_BITS
from golden.network.rules.interface import LAST_BITS, REWARD_BITS, carried_bits
from golden.network.rules.learner import LearningUnit
from golden.network.rules.words import REWARD
from golden.numbers.formats import index_bits


def traces(learner: LearningUnit, side: str) -> data.ArrayLayout:
    """Return the layout of the added traces of a side."""
    if side == REWARD:
        return data.ArrayLayout(signed(REWARD_BITS), len(learner.side(side)))
    return data.ArrayLayout(unsigned(learner.trace_bits), len(learner.side(side)))


class SpikePast(data.StructLayout):
    """Of a run or a place: when its last event was, whether there was one, traces after it."""

    def __init__(self, learner: LearningUnit, side: str):
        super().__init__({"last": LAST_BITS, "there": 1, "traces": traces(learner, side)})


class RunPast(data.StructLayout):
    """Of a run: its address if it can learn, whether it can, and does; and its arrivals."""

    def __init__(self, learner: LearningUnit):
        run = index_bits(learner.runs)
        arrivals = SpikePast(learner, "pre")
        own = {"run": run, "learns": 1, "taught": 1, "arrivals": arrivals}
        super().__init__(own | learner.standing)


class RewardPast(data.StructLayout):
    """Of a place: its last reward, whether it is yet to be received, what was before it."""

    def __init__(self, learner: LearningUnit):
        before = SpikePast(learner, REWARD)
        super().__init__({"amount": signed(REWARD_BITS), "given": 1, "before": before})


class PostRecord(data.StructLayout):
    """A post that waits: in which step from the base on, and the traces after it."""

    def __init__(self, learner: LearningUnit):
        super().__init__({"when": learner.span_bits, "traces": traces(learner, "post")})


def event_bits(learner: LearningUnit) -> int:
    """Return the bits of the step of a pass: all, if random words are drawn in it."""
    return STEP_BITS if learner.draws else LAST_BITS


def still_bits(chip: Chip) -> int:
    """Return the bits of a weight that does not learn."""
    return chip.weight_bits or chip.family_weight_bits


def carried_words(chip: Chip) -> data.StructLayout:
    """Return the layout of a visit's words, by number.

    A still synapse has its weight where one that learns has its own.
    """
    widths = [carried_bits(word) for word in unit(chip).words]
    widths[0] = max(widths[0], still_bits(chip))
    return data.StructLayout({f"word_{i}": signed(bits) for i, bits in enumerate(widths)})
