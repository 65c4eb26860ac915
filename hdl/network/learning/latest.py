"""The last post of a place, be it one that waits or not."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip, unit
from golden.network.rules.interface import LAST_BITS
from golden.numbers.formats import index_bits
from hdl.network.learning.layouts import PostRecord, SpikePast
from hdl.parts.delay import delayed

FOUND = 4
"""Cycles from a place to its last post."""


class LatestPost(wiring.Component):
    """A place a cycle; four cycles later its last post.

    Members
    -------
    enter, place : In
        A place, whose count is to be shown in the next cycle.
    base : In(26)
        The step from which posts that wait are counted.
    count : In
        What was asked for in the cycle before.
    of, number : Out
        Two cycles after ``enter``: a place, and which of its posts that wait.
    before, record : In
        In the next cycle: the last post of that place before those, and that post.
    found : Out(1)
        Four cycles after ``enter``:
    at, waiting, latest : Out
        the place, its count, its last post.
    coming : Out(1)
        One that has entered in an earlier cycle is found in a later one.
    """

    def __init__(self, chip: Chip):
        learner = unit(chip)
        place, past = index_bits(chip.places), SpikePast(learner, "post")
        super().__init__({
            "enter": In(1),
            "place": In(place),
            "base": In(LAST_BITS),
            "count": In(learner.count_bits),
            "of": Out(place),
            "number": Out(index_bits(learner.posts)),
            "before": In(past),
            "record": In(PostRecord(learner)),
            "found": Out(1),
            "at": Out(place),
            "waiting": Out(learner.count_bits),
            "latest": Out(past),
            "coming": Out(1),
        })

    def elaborate(self, platform):
        m = Module()
        later = Signal(FOUND)
        count = delayed(m, self.count, reset_less=True)
        waiting = delayed(m, count, reset_less=True)
        waits = waiting != 0
        m.d.sync += [
            later.eq(Cat(self.enter, later)),
            self.waiting.eq(waiting),
            self.latest.last.eq(Mux(waits, self.base + self.record.when, self.before.last)),
            self.latest.there.eq(waits | self.before.there),
            self.latest.traces.eq(
                Mux(waits, self.record.traces.as_value(), self.before.traces.as_value())
            ),
        ]
        m.d.comb += [
            self.of.eq(delayed(m, self.place, 2, reset_less=True)),
            self.number.eq(count - 1),
            self.at.eq(delayed(m, self.of, 2, reset_less=True)),
            self.found.eq(later[-1]),
            self.coming.eq(later[:-1].any()),
        ]
        return m
