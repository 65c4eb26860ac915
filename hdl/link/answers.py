"""What a reply says: its length, its status, and what is the same for every core behind that."""

from typing import TYPE_CHECKING

from amaranth.hdl import Module, Value

from hdl.link.graph import LinkState
from hdl.link.protocol import NONCE, Op, Status

if TYPE_CHECKING:
    from hdl.link.executor import Executor


class Answers:
    """States of `hdl.link.executor.Executor` for replies, from SKIP to END.

    Parameters
    ----------
    executor : hdl.link.executor.Executor
        Its registers, ports and verbs.
    """

    def __init__(self, executor: "Executor"):
        self.e = executor

    def describe(self, m: Module) -> list[tuple[Value, Value]]:
        """Add the states; return what is given in them."""
        e, states = self.e, self.e.states
        self._measure(m)
        self._status(m)
        self._system(m)
        return [
            (states.flag(LinkState.SIZE), e.left.number),
            (states.flag(LinkState.STATUS), e.status),
            (states.flag(LinkState.EXPECTED), e.expected),
            (states.flag(LinkState.CORE), e.service.state()),
        ]

    def _measure(self, m):
        e, states = self.e, self.e.states
        with states.state(m, LinkState.SKIP):
            e.fetch(m, LinkState.SKIP)
        with states.state(m, LinkState.ANSWER):
            m.d.comb += e.left.clear.eq(1)
            states.go(m, LinkState.MEASURE)
        with states.state(m, LinkState.MEASURE):
            m.d.comb += e.left.more.eq(1)
            with m.If(e.status == Status.SEQUENCE):
                m.d.comb += e.left.more.eq(2)
            with m.If(e.status == Status.OK):
                for op, length in e.op.answers.items():
                    with m.If(e.op.asks(op)):
                        m.d.comb += e.left.more.eq(1 + length)
            states.go(m, LinkState.SIZE)
        with states.state(m, LinkState.SIZE), m.If(e.give(m)):
            states.go(m, LinkState.STATUS)

    def _status(self, m):
        e, states, asks = self.e, self.e.states, self.e.service.asks
        with states.state(m, LinkState.STATUS), m.If(e.answer(m)):
            with m.If(e.left.last):
                states.go(m, LinkState.END)
            with m.Elif(e.status[1]):
                states.go(m, LinkState.EXPECTED)
            for op, ask in asks.items():
                if ask.tell:
                    with m.Elif(e.op.asks(op)):
                        states.go(m, ask.tell)
            with m.Elif(e.op.asks(Op.READ)):
                states.go(m, LinkState.VALUE)
            with m.Else():
                m.d.comb += e.take.eq(1)
                states.go(m, LinkState.NONCE)

    def _system(self, m):
        """Add what HELLO and STATUS are answered, and the end of all replies."""
        e, states = self.e, self.e.states
        with states.state(m, LinkState.NONCE), m.If(e.answer(m)):
            m.d.comb += [
                e.take.eq(e.part != NONCE - 1),
                e.cursor.counters.eq(1),
                e.sub_step.eq(1),
            ]
            with m.If(e.part == NONCE - 1):
                states.go(m, LinkState.EXPECTED)
                with m.If(e.op.asks(Op.HELLO)):
                    states.go(m, LinkState.SEEK)
        with states.state(m, LinkState.EXPECTED), m.If(e.answer(m)):
            states.go(m, LinkState.CORE)
            with m.If(e.left.last):
                states.go(m, LinkState.END)
            with m.If(e.left.none):
                states.go(m, LinkState.REPORT)
        with states.state(m, LinkState.CORE), m.If(e.answer(m)):
            states.go(m, LinkState.END)
        with states.state(m, LinkState.END):
            m.d.comb += [
                e.o.valid.eq(1),
                e.o.payload.end.eq(1),
            ]
            e.service.end(m, e)
            with m.If(e.o.ready):
                states.go(m, LinkState.IDLE)
