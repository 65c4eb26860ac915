"""The host's registers, and what is counted."""

from amaranth.hdl import Module, Mux, Signal, unsigned
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip
from golden.network.interface import COUNTER_BITS, DATA_BITS, registers
from golden.numbers.formats import index_bits
from hdl.network.tables import HOST

ELSEWHERE = ("step", "quiet", "head", "length")
"""Held by those whose they are."""
CONSTANT = ("seed", "groups", "listen", "junctions", "learn", "learned", "period")
"""Changed by the host alone."""
COUNTED_DOWN = "until"
TAKEN_BACK = "reward"


class HostRegisters(wiring.Component):
    """Registers by index, as of `golden.network.interface.registers`.

    Members
    -------
    host : In(Access)
    shown : Out(32)
        The register ``host.index``.
    step, quiet, head, length : In
    set_step, set_quiet, set_head, set_length : Out(1)
        Write ``host.data`` there.
    seed, groups, listen, lost : Out
    junctions : Out
        Only in a chip that has any.
    learn, learned : Out
        Only in a chip that learns; if its rule has epochs, also
    period, until, ending : Out, Out, In(1)
        and that this is ENDSTEP.
    reward, received : Out, In(1)
        Only if rewards matter: one is given; it has been received.
    loses : In(1)
        An entry of the queue is lost.
    cases : In(array)
        How many cases of each counted name there are in this cycle.
    """

    def __init__(self, chip: Chip, case_bits: int):
        self.chip, self.bits = chip, registers(chip)
        kept = [name for name in (*CONSTANT, COUNTED_DOWN, TAKEN_BACK, "lost") if name in self.bits]
        self.epochs = COUNTED_DOWN in self.bits
        self.counted = list(self.bits)[len(ELSEWHERE) + len(kept) :]
        super().__init__({
            "host": HOST,
            "shown": Out(DATA_BITS),
            **{name: In(self.bits[name]) for name in ELSEWHERE},
            **{f"set_{name}": Out(1) for name in ELSEWHERE},
            **{name: Out(self.bits[name]) for name in kept},
            "loses": In(1),
            **({"ending": In(1)} if self.epochs else {}),
            **({"received": In(1)} if TAKEN_BACK in self.bits else {}),
            "cases": In(data.ArrayLayout(unsigned(case_bits), len(self.counted))),
        })

    def elaborate(self, platform):
        m = Module()
        counters = {
            name: Signal(COUNTER_BITS, name=f"count_{i}") for i, name in enumerate(self.counted)
        }
        held = {name: getattr(self, name) for name in self.bits if name not in counters}
        held |= counters
        self._count(m, self.lost, self.loses)
        for i, name in enumerate(self.counted):
            self._count(m, counters[name], self.cases[i])
        if self.epochs:
            with m.If(self.ending & (self.until != 0)):
                m.d.sync += self.until.eq(Mux(self.until == 1, self.period, self.until - 1))
        if TAKEN_BACK in self.bits:
            with m.If(self.received):
                m.d.sync += self.reward.eq(0)
        for index, name in enumerate(self.bits):
            chosen = self.host.index[: index_bits(len(self.bits))] == index
            with m.If(chosen):
                m.d.comb += self.shown.eq(held[name])
            if name in ELSEWHERE:
                m.d.comb += getattr(self, f"set_{name}").eq(self.host.write & chosen)
            else:
                with m.If(self.host.write & chosen):
                    m.d.sync += held[name].eq(self.host.data)
        return m

    def _count(self, m, counter, cases):
        """Add; what does not fit stops at the largest value."""
        more = Signal(COUNTER_BITS + 1)
        m.d.comb += more.eq(counter + cases)
        m.d.sync += counter.eq(Mux(more[-1], (1 << COUNTER_BITS) - 1, more))
