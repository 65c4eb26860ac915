"""The counters in the link's memory: all that the host can read of them is added here."""

from typing import TYPE_CHECKING

from amaranth.hdl import Module, Mux, Signal, Value

from hdl.link.graph import LinkState
from hdl.link.protocol import Op

if TYPE_CHECKING:
    from hdl.link.executor import Executor


class Totals:
    """States of `hdl.link.executor.Executor` that add to counters, byte by byte.

    After a request of the service that counts, to the service's counters, or before one, if that
    is what the service owes; after dropped frames 1 to one of two; for RESET all become 0.

    Parameters
    ----------
    executor : hdl.link.executor.Executor
        Its registers, ports and verbs.
    """

    def __init__(self, executor: "Executor"):
        self.e = executor
        self.carry = Signal()
        """What is carried into the next byte."""
        self.operand = Signal(8)
        """What is told, or added in ADD."""
        self.addend = Signal(8)
        """The same in the cycle before, for ADD."""

    def describe(self, m: Module) -> list[tuple[Value, Value]]:
        """Add the states; return what is given in them."""
        e, service = self.e, self.e.service
        m.d.comb += self.operand.eq(service.operand(e))
        m.d.sync += self.addend.eq(self.operand)
        with e.states.state(m, LinkState.TOTAL):
            m.d.comb += e.read.eq(1)
            e.states.go(m, LinkState.ADD)
        with e.states.state(m, LinkState.ADD):
            self._add(m)
        telling = [ask.tell for ask in service.asks.values() if ask.tell]
        return [(e.states.at(*telling, LinkState.ADD), self.operand)]

    def begin(self, m: Module) -> None:
        """Let the counters follow, from the first on."""
        m.d.sync += self.carry.eq(0)
        m.d.comb += self.e.cursor.counters.eq(1)
        self.e.states.go(m, LinkState.TOTAL)

    def _add(self, m):
        e, service = self.e, self.e.service
        total, go, ends, told = Signal(9), Signal(), Signal(), Signal()
        adds, owes = service.adds(e), service.owes(e)
        clearing = e.op.asks(Op.RESET) & ~owes
        one = e.reporting & (e.part == 0)
        # Without counters of its own, a service has nothing to add, and may be measuring.
        addend = self.addend if service.counters else 0
        m.d.comb += [
            total.eq(e.value + addend + (self.carry | one)),
            told.eq(service.told(e)),
            go.eq(~e.busy & (~told | e.o.ready)),
            e.o.valid.eq(told & ~e.busy),
            e.write.eq(go),
            e.data.eq(Mux(clearing, 0, total)),
            e.tally.shift.eq(go & ~e.reporting),
        ]
        last = Mux(clearing, len(e.places.counters) - 1, max(0, service.counters - 1))
        m.d.comb += ends.eq((e.part == 3) & (e.reporting | (e.counter == last)))
        with m.If(go):
            e.states.go(m, LinkState.TOTAL)
            m.d.comb += e.sub_step.eq(1)
            m.d.sync += self.carry.eq(total[8])
            with m.If(e.part == 3):
                m.d.comb += e.cursor.step.eq(1)
                m.d.sync += self.carry.eq(service.one_more(e))
            with m.If(ends):
                e.states.go(m, service.ready)
                with m.If(adds):
                    e.states.go(m, LinkState.END)
                if service.settle:
                    with m.If(owes):
                        e.states.go(m, service.settle[1])
                with m.If(e.reporting):
                    e.states.go(m, LinkState.EXPECTED)
