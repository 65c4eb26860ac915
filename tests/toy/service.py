"""The toy core behind the link: RUN folds, and counts the bytes that were folded."""

from enum import Enum, auto

from amaranth.hdl import Module, Value

from hdl.link.executor import Executor
from hdl.link.graph import LinkState
from hdl.link.protocol import Status
from hdl.link.service import Ask, Service
from hdl.link.states import chosen
from hdl.link.top import Top
from hdl.link.totals import Totals
from tests.toy.core import ToyCore
from tests.toy.interface import RUN, ToyParams, link_map


class ToyState(Enum):
    """COUNT -> FOLDING -> ANSWER; TELL ... -> TOTAL."""

    COUNT = auto()
    FOLDING = auto()
    TELL = auto()


class Folding(Service):
    """RUN: a byte says how many bytes are folded; those that were are counted."""

    asks = {RUN: Ask(ToyState.COUNT, 1, 2, ToyState.TELL)}
    watched = {"folding": "folding"}
    counters = 1

    def __init__(self, p: ToyParams):
        self.p = p

    def describe(self, m: Module, executor: Executor, totals: Totals) -> None:
        """Add the states."""
        e = executor
        with e.states.state(m, ToyState.COUNT):
            m.d.comb += [e.tally.clear.eq(1), e.go.payload.count.eq(e.value)]
            with m.If(e.value > self.p.length):
                e.fail(m, Status.BAD_VALUE)
            with m.Else():
                m.d.comb += e.go.valid.eq(1)
                with m.If(e.go.ready):
                    e.states.go(m, ToyState.FOLDING)
        with e.states.state(m, ToyState.FOLDING):
            m.d.comb += e.tally.cycle.eq(e.folding)
            with m.If(e.done.valid):
                e.states.go(m, LinkState.ANSWER)
        with e.states.state(m, ToyState.TELL), m.If(e.answer(m)):
            m.d.comb += e.sub_step.eq(1)
            with m.If(e.part == 1):
                m.d.comb += [e.sub_clear.eq(1), e.done.ready.eq(1)]
                totals.begin(m)

    def operand(self, executor: Executor) -> Value:
        """Return a byte of the sum, then of what was folded."""
        e = executor
        telling, told = e.states.at(ToyState.TELL), e.done.payload.sum.word_select(e.part[0], 8)
        return chosen((telling, told), (~telling, e.tally.value[:8]))

    def adds(self, executor: Executor) -> Value:
        """Return whether it is RUN."""
        return executor.op.asks(RUN)


class ToyTop(Top):
    """A toy core behind a line."""

    def __init__(self, p: ToyParams, preset: str, divisor: int):
        super().__init__(ToyCore(p), link_map(p), Folding(p), preset, divisor)
