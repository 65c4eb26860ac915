"""JUNCTIONS: what flows through gap junctions; `golden.network.gaps` in gates."""

from types import SimpleNamespace

from amaranth.hdl import Array, Cat, Module, Mux, Signal, Value, ValueLike, signed
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip
from golden.network.interface import (
    DATA_BITS,
    JUNCTION_SHIFT_AT,
    JUNCTION_SLOT_BITS,
    JUNCTION_WORDS,
)
from golden.numbers.formats import index_bits
from hdl.cells.exact import multiplied
from hdl.network.cells import Cells
from hdl.network.tables import HOST, LoadedMemory

ARRIVES, LAST = 10, 14
"""Times at which its arrival is issued, and of its last cycle."""
SHIFT_BITS, FINE = 6, 3
"""Of a shift, and of its part that is done first."""


class Junctions(wiring.Component):
    """A junction every six cycles, each a pipeline; both products go through one multiplier.

    Time i of a junction is i cycles after its first; ``docs/network-hardware.md`` says what
    happens then. Between times 4 and 11 stands here:

    ==== ==============================================================
    4, 5 the potential of *before*, of *behind*, and its factor
    7, 8 that product, exact
    8    product of *before* and offset
    9    less that of *behind*
    11   shifted by one less than is wanted, in two cycles; then rounded
    ==== ==============================================================

    Members
    -------
    run : In(1)
        In JUNCTIONS.
    count : In
        The register ``junctions``, not 0 in JUNCTIONS.
    done : Out(1)
        In its last cycle.
    wanted : Out
        The slot whose potential is to be there two cycles later, of whatever kind.
    potentials : In(array)
        Of every kind; of no meaning where a kind has none.
    issue : Out(1)
        In the next cycle, ``flow`` is what arrives at ``inlet`` and ``slot``.
    flow, inlet, slot : Out
    host : In(Access)
    shown : Out(32)
        What the host reads.
    """

    def __init__(self, chip: Chip):
        self.chip = chip
        self.kinds = [k for k, kind in enumerate(chip.kinds) if kind.program.potential]
        self.potential_bits = max(potential_bits(chip, k) for k in self.kinds)
        potential = signed(self.potential_bits)
        super().__init__({
            "run": In(1),
            "count": In(chip.junctions.bit_length()),
            "done": Out(1),
            "wanted": Out(chip.slot_bits),
            "potentials": In(data.ArrayLayout(potential, len(chip.kinds))),
            "issue": Out(1),
            "flow": Out(signed(chip.sum_bits)),
            "inlet": Out(index_bits(len(chip.inlets))),
            "slot": Out(chip.slot_bits),
            "host": HOST,
            "shown": Out(DATA_BITS),
        })

    def elaborate(self, platform):
        m = Module()
        m.submodules.words = words = LoadedMemory(JUNCTION_WORDS * self.chip.junctions, DATA_BITS)
        wiring.connect(m, wiring.flipped(self.host), words.host)
        word, at = Signal(DATA_BITS), Signal(LAST + 1)
        m.d.sync += word.eq(words.word)
        m.d.comb += [
            self.shown.eq(words.word),
            self.wanted.eq(word),
            self.issue.eq(at[ARRIVES]),
            self.done.eq(at[LAST] & ~at[:LAST].any()),
        ]
        self._count(m, words, at)
        kind_before, inlet = self._places(m, word, at)
        potential = self._potential(at[4], kind_before, inlet)
        product = self._product(m, word[: self.chip.junction_factor_bits].as_signed(), potential)
        self._flow(m, word, at, product)
        return m

    def _count(self, m, words, at):
        beat, left = Signal(range(JUNCTION_WORDS)), Signal.like(self.count)
        late, address = Signal(LAST), Signal.like(words.address)
        m.d.comb += at.eq(Cat(self.run & (beat == 0) & (left != 0), late))
        m.d.comb += words.address.eq(address)
        m.d.sync += late.eq(at)
        with m.If(~self.run):
            m.d.sync += [beat.eq(0), left.eq(self.count), address.eq(0)]
        with m.Elif(left != 0):
            last = beat == JUNCTION_WORDS - 1
            m.d.sync += [beat.eq(Mux(last, 0, beat + 1)), left.eq(left - last)]
            m.d.sync += address.eq(address + 1)

    def _places(self, m, word, at):
        """Keep who is before and behind; return the kind of the one, the inlet of the other."""
        kind, inlet, slot = Signal(8), Signal.like(self.inlet), Signal.like(self.slot)
        with m.If(at[2]):
            m.d.sync += kind.eq(word[JUNCTION_SLOT_BITS:])
        with m.If(at[3]):
            m.d.sync += [inlet.eq(word[JUNCTION_SLOT_BITS:]), slot.eq(word)]
        # The next junction's come before these have arrived.
        with m.If(at[9]):
            m.d.sync += [self.inlet.eq(inlet), self.slot.eq(slot)]
        return kind, inlet

    def _potential(self, before, kind_before, inlet) -> Value:
        """Return the potential of *before*, or else of *behind*."""
        kind_behind = Array(kind for kind, _ in self.chip.inlets)[inlet]
        kind = Mux(before, kind_before, kind_behind)
        chosen = self.potentials[self.kinds[0]]
        for k in self.kinds[1:]:
            chosen = Mux(kind == k, self.potentials[k], chosen)
        return chosen

    def _product(self, m, factor, potential) -> Value:
        """Return the product, three cycles later."""
        total = Signal(signed(len(factor) + len(potential)), reset_less=True)
        width = self.chip.fabric.operand_bits
        m.d.sync += total.eq(multiplied(m, "product", factor, potential, width))
        return total

    def _flow(self, m, word, at, product):
        offset_bits = self.chip.junction_offset_bits
        # As wide as the flow at least, so that no bit of that goes by two names.
        form = signed(max(len(product), offset_bits, self.chip.sum_bits) + 2)
        shift, low = Signal(SHIFT_BITS), Signal(DATA_BITS)
        ahead, drive, fine, coarse = (
            Signal(form, name=name, reset_less=True)
            for name in ("ahead", "drive", "fine", "coarse")
        )
        with m.If(at[6]):
            m.d.sync += low.eq(word)
        with m.If(at[7]):
            m.d.sync += shift.eq(word[JUNCTION_SHIFT_AT:] - 1)
        offset = Cat(low, word)[:offset_bits].as_signed() if offset_bits else 0
        m.d.sync += [
            ahead.eq(product + offset),
            drive.eq(ahead - product),
            fine.eq(drive >> shift[:FINE]),
            coarse.eq(fine >> (shift[FINE:] << FINE)),
        ]
        # To shift by all but one and round that bit is to round the whole.
        m.d.comb += self.flow.eq((coarse + 1) >> 1)


def potential_bits(chip: Chip, kind: int) -> int:
    """Return the bits of the state that is a kind's potential."""
    program = chip.kinds[kind].program
    return next(state.width for state in program.states if state.name == program.potential)


def wire_junctions(m: Module, s: SimpleNamespace, cells: list[Cells], joining: ValueLike) -> None:
    """Wire them to the other parts of a core, and to its cells; in JUNCTIONS they are joining."""
    junctions = s.junctions
    m.d.comb += [
        junctions.run.eq(joining),
        junctions.count.eq(s.registers.junctions),
        s.arrivals.join.eq(junctions.issue),
        s.arrivals.joined.eq(joining),
        s.arrivals.flow.eq(junctions.flow),
        s.arrivals.at_junction.eq(junctions.slot),
        s.arrivals.into.eq(junctions.inlet),
    ]
    for k in junctions.kinds:
        m.d.comb += [
            cells[k].joining.eq(joining),
            cells[k].wanted.eq(junctions.wanted),
            junctions.potentials[k].eq(cells[k].potential),
        ]
