"""Releases: the efficacy of a plastic axon's spike; `golden.network.release` in gates."""

from types import SimpleNamespace

from amaranth.hdl import Cat, Module, Mux, Signal, signed
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip
from golden.network.interface import (
    DATA_BITS,
    EFFICACY_BITS,
    RELEASE_WORDS,
    SPIKED_BITS,
    STEP_BITS,
)
from golden.network.release import FINE_BITS, ONE, POINT
from golden.numbers.formats import index_bits
from hdl.cells.exact import CYCLES, multiplied
from hdl.network.tables import HOST, LoadedMemory
from hdl.parts.memory import BlockMemory

WRITTEN, PUSHED = 23, 24
"""Times at which the new record is written, and the row pushed."""
FACTOR_BITS = 18
"""Of what is multiplied, whatever the memories hold: 1 - x + u x is below 3 and above -1, a decay
below 4."""


class Release(wiring.Component):
    """One spike at a time; all six products go through one multiplier.

    Time i is i cycles after the spike of a plastic axon.

    ========= ============================================================================
    1         its record is there: u, x, when it spiked last, the number of its constants
    2         u x; the constants come, one a time, until 8
    7, 10     both decays: coarse by fine
    11        1 - x + u x by the decay of recovery
    13        u by the decay of facilitation
    16        new u by new x
    ========= ============================================================================

    Members
    -------
    spike, axon : In
    step : In(32)
    plastic : Out(1)
        The axon that spikes is plastic; then it is released.
    held : Out(1)
        One is being released, and neither begins in this cycle nor is over.
    ends : Out(1)
        A spike is over in the next cycle.
    released, efficacy : Out
        It is over, and transmits so much.
    written, at_axon, u, x : Out
        A new record is being written.
    host_values, host_lasts, host_constants, host_releases, host_decays : In(Access)
    values, lasts, constants, releases, decays : Out
        What the host reads: u and x; when, and whether; the number of the constants; these.
    """

    def __init__(self, chip: Chip):
        self.chip = chip
        self.widths = {
            "values": (chip.plastic_axons, 2 * EFFICACY_BITS),
            "lasts": (chip.plastic_axons, SPIKED_BITS + 1),
            "constants": (chip.plastic_axons, index_bits(chip.releases)),
            "releases": (RELEASE_WORDS * chip.releases, DATA_BITS),
            "decays": (chip.decays, EFFICACY_BITS),
        }
        number = EFFICACY_BITS
        super().__init__({
            "spike": In(1),
            "axon": In(index_bits(chip.axons)),
            "step": In(STEP_BITS),
            **{name: Out(1) for name in ("plastic", "held", "ends", "released", "written")},
            **{name: Out(number) for name in ("efficacy", "u", "x")},
            "at_axon": Out(index_bits(chip.plastic_axons)),
            **{f"host_{name}": HOST for name in self.widths},
            **{name: Out(bits) for name, (_, bits) in self.widths.items()},
        })

    def elaborate(self, platform):
        m = Module()
        # Two signals: in one CXXRTL would take what follows from the past for what begins now.
        begins, later = Signal(), Signal(PUSHED)
        at = Cat(begins, later)
        m.d.sync += later.eq(at)
        m.d.comb += [
            self.plastic.eq(self.axon < self.chip.plastic_axons),
            begins.eq(self.spike & self.plastic),
            self.held.eq(later[:-1].any()),
            self.ends.eq(self.spike & ~self.plastic | at[WRITTEN]),
            self.released.eq(at[PUSHED]),
            self.written.eq(at[WRITTEN]),
        ]
        with m.If(at[0]):
            m.d.sync += self.at_axon.eq(self.axon)
        self._kept(m, at)
        self._calculate(m, at, *self._constants(m, at))
        return m

    def _kept(self, m, at):
        """Show the record of the axon that spikes, until the next one does."""
        step = self.step[:SPIKED_BITS]
        new = {"values": Cat(self.u, self.x), "lasts": Cat(step, 1), "constants": None}
        for name, written in new.items():
            memory = BlockMemory(self.chip.plastic_axons, 1, self.widths[name][1])
            m.submodules[name], host = memory, getattr(self, f"host_{name}")
            m.d.comb += [
                memory.read.eq(at[0] | host.read),
                memory.word.eq(Mux(host.read, host.index, self.axon)),
                memory.write.eq(host.write),
                memory.addr.eq(host.index),
                memory.data.eq(host.data),
                getattr(self, name).eq(memory.row),
            ]
            if written is not None:
                with m.If(at[WRITTEN]):
                    m.d.comb += [
                        memory.write.eq(1),
                        memory.addr.eq(self.at_axon),
                        memory.data.eq(written),
                    ]

    def _constants(self, m, at):
        """Read the constants; return `use` and the place in decays, each when it is wanted."""
        m.submodules.releases = table = LoadedMemory(*self.widths["releases"])
        wiring.connect(m, wiring.flipped(self.host_releases), table.host)
        beat, age = Signal(range(RELEASE_WORDS)), Signal(SPIKED_BITS)
        use, base = Signal(EFFICACY_BITS), Signal(index_bits(self.chip.decays))
        place, word, coarse = Signal.like(base), table.word, age >> FINE_BITS
        m.d.sync += [beat.eq(beat + 1), age.eq(self.step - self.lasts)]
        with m.If(at[0]):
            m.d.sync += beat.eq(0)
        m.d.comb += [table.address.eq(Cat(beat, self.constants)), self.releases.eq(word)]
        with m.If(at[2]):
            m.d.sync += use.eq(word)
        for first in (3, 6):
            with m.If(at[first]):
                m.d.sync += base.eq(word)
            with m.If(at[first + 1]):
                m.d.sync += place.eq(base + Mux(coarse > word, word, coarse))
            with m.If(at[first + 2]):
                m.d.sync += place.eq(word + age[:FINE_BITS])
        return use, place

    def _calculate(self, m, at, use, place):
        m.submodules.decays = table = LoadedMemory(*self.widths["decays"])
        wiring.connect(m, wiring.flipped(self.host_decays), table.host)
        m.d.comb += [table.address.eq(place), self.decays.eq(table.word)]
        a, b = Signal(signed(FACTOR_BITS)), Signal(signed(FACTOR_BITS))
        product = multiplied(m, "product", a, b, self.chip.fabric.operand_bits)
        # No wider than it can be, so that no bit of it goes by two names.
        result = Signal(signed(len(product) + 1 - POINT))
        m.d.comb += result.eq((product + ONE // 2) >> POINT)
        u, x = self.values[:EFFICACY_BITS], self.values[EFFICACY_BITS:]
        coarse, rest = Signal(EFFICACY_BITS), Signal(signed(FACTOR_BITS))
        recovery, facilitation = Signal(FACTOR_BITS - 1), Signal(FACTOR_BITS - 1)
        with m.If(at[6] | at[9]):
            m.d.sync += coarse.eq(table.word)
        factors = {
            2: (u, x, rest, ONE - x + result),
            7: (coarse, table.word, recovery, Mux(self.lasts[-1], result, 0)),
            10: (coarse, table.word, facilitation, Mux(self.lasts[-1], result, 0)),
            11: (rest, recovery, self.x, ONE - result),
            13: (u, facilitation, self.u, use + result),
            16: (self.u, self.x, self.efficacy, result),
        }
        for time, (left, right, kept, value) in factors.items():
            with m.If(at[time]):
                m.d.comb += [a.eq(left), b.eq(right)]
            with m.If(at[time + CYCLES]):
                m.d.sync += kept.eq(value)


def wire_release(m: Module, s: SimpleNamespace) -> None:
    """Wire it to the other parts of a core."""
    release = s.release
    m.d.comb += [
        release.spike.eq(s.rows.spike),
        release.axon.eq(s.rows.axon),
        release.step.eq(s.sequencer.step),
        s.rows.plastic.eq(release.plastic),
        s.rows.released.eq(release.released),
        s.rows.efficacy.eq(release.efficacy),
        s.emission.ends.eq(release.ends),
        s.arrivals.efficacy.eq(s.walker.efficacy),
    ]
