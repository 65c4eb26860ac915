"""What a presentation is measured with; between presentations, a register to gather bytes in."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

CYCLE_BYTES = 4


class Tally(wiring.Component):
    """Two counters that are also one shift register, the cycles' in the low bytes.

    Parameters
    ----------
    event_bytes : int
        Bytes of the second counter, at least 1.

    Members
    -------
    clear, cycle, event : In(1), In(1), In(1)
        Set both to 0; count.
    shifting : In(1)
        Nothing is counted, but shifted if at all.
    shift, top : In(1), In(8)
        Shift by a byte towards the low end, with ``top`` behind.
    value : Out(32)
        The cycles.
    """

    def __init__(self, event_bytes: int):
        self.n_events = 8 * event_bytes
        ports = dict.fromkeys(("clear", "cycle", "event", "shifting", "shift"), In(1))
        super().__init__(ports | {"top": In(8), "value": Out(8 * CYCLE_BYTES)})

    def elaborate(self, platform) -> Module:
        m = Module()
        cycles, events = Signal(8 * CYCLE_BYTES), Signal(self.n_events)
        following = Cat(cycles, events, self.top)[8:]
        for counter, counts in ((cycles, self.cycle), (events, self.event)):
            low = following[: len(counter)]
            following = following[len(counter) :]
            with m.If(self.clear):
                m.d.sync += counter.eq(0)
            with m.Elif(counts | self.shift):
                # The 1 is spread while shifting: so the sum fits one cell a bit with the choice,
                # which is known early, as it goes through the carries.
                one = Cat(1, self.shifting.replicate(len(counter) - 1))
                m.d.sync += counter.eq(Mux(self.shifting, low, counter + one))
        m.d.comb += self.value.eq(cycles)
        return m
