"""Arrivals: weights are added to the sums at inlets; `golden.network.arrivals` in gates."""

from amaranth.hdl import Cat, Const, Module, Mux, Signal, Value, signed
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip
from golden.network.interface import EFFICACY_BITS
from golden.network.release import ONE, POINT
from golden.numbers.formats import index_bits
from hdl.cells.exact import CYCLES, multiplied
from hdl.parts.delay import delayed


class SynapseWord(data.StructLayout):
    """A word of the memory of synapses; weights are two's complement."""

    def __init__(self, chip: Chip):
        super().__init__({"slot": chip.slot_bits, "weight": chip.weight_bits})


class FamilyWord(data.StructLayout):
    """A word of the memory of families."""

    def __init__(self, chip: Chip):
        inlet = index_bits(len(chip.inlets))
        super().__init__({"weight": chip.family_weight_bits, "inlet": inlet})


class Arrivals(wiring.Component):
    """One arrival a cycle, four cycles after its synapse's address; six if axons are plastic.

    Members
    -------
    issue : In(1)
        A synapse's address is given.
    synapse, family : In
        Its words, in the next cycle.
    leaving_slot, leaving_inlet, leaving_weight : In
        Instead of these in a chip that learns, in which ``issue`` says that a visit leaves in two
        cycles: in the next one, where it ends and what it transmits.
    efficacy : In
        Only in a chip with plastic axons: of its spike, with ``issue``.
    join, joined, flow, at_junction, into : In
        Only in a chip with junctions: ``join`` four cycles before it arrives, a junction's flow is
        to arrive; in the next cycle, and all of JUNCTIONS, ``joined``: it is ``flow``, at the slot
        ``at_junction`` of the inlet ``into``.
    inlet, slot : Out
        Two cycles after ``issue``: whose sum is to be shown in the next cycle.
    sums : In(array)
        What each inlet's memory shows.
    arrive : Out(1)
        Four cycles after ``issue``: write ``sum`` at ``at_inlet`` and ``at_slot``.
    at_inlet, at_slot, sum : Out
    coming : Out(1)
        Something arrives in a later cycle.
    """

    def __init__(self, chip: Chip, weight_bits: int = 0):
        self.chip = chip
        inlet, total = index_bits(len(chip.inlets)), signed(chip.sum_bits)
        super().__init__({
            "issue": In(1),
            **self._sources(weight_bits),
            **(_junction(chip) if chip.junctions else {}),
            **({"efficacy": In(EFFICACY_BITS)} if chip.plastic_axons else {}),
            "inlet": Out(inlet),
            "slot": Out(chip.slot_bits),
            "sums": In(data.ArrayLayout(total, len(chip.inlets))),
            "arrive": Out(1),
            "at_inlet": Out(inlet),
            "at_slot": Out(chip.slot_bits),
            "sum": Out(total),
            "coming": Out(1),
        })

    def _sources(self, weight_bits):
        if self.chip.learner is None:
            return {"synapse": In(SynapseWord(self.chip)), "family": In(FamilyWord(self.chip))}
        return {
            "leaving_slot": In(self.chip.slot_bits),
            "leaving_inlet": In(index_bits(len(self.chip.inlets))),
            "leaving_weight": In(signed(weight_bits)),
        }

    def _transmitted(self, m) -> tuple[Value, Value, Value, Value, Value]:
        """Return whether a synapse was issued, and its slot, inlet, weight by efficacy.

        The first is of the cycle before the others; and whether one is on its way to there.
        """
        if self.chip.learner:
            leaving = self.leaving_slot, self.leaving_inlet, self.leaving_weight
            return self.issue, *leaving, Const(0)
        weight = self.synapse.weight if self.chip.weight_bits else self.family.weight
        slot, inlet, weight = self.synapse.slot, self.family.inlet, weight.as_signed()
        if not self.chip.plastic_axons:
            return self.issue, slot, inlet, weight, Const(0)
        efficacy = delayed(m, self.efficacy, reset_less=True)
        product = multiplied(
            m,
            "efficacy",
            weight,
            Cat(efficacy, 0).as_signed(),
            self.chip.fabric.operand_bits,
        )
        first = delayed(m, self.issue)
        late = delayed(m, first)
        slot, inlet = (delayed(m, value, CYCLES, reset_less=True) for value in (slot, inlet))
        return late, slot, inlet, (product + ONE // 2) >> POINT, first | late

    def _taken(self, slot, inlet, weight) -> tuple[Value, Value, Value]:
        """Return slot, inlet and weight of what arrives."""
        if not self.chip.junctions:
            return slot, inlet, weight
        return (
            Mux(self.joined, self.at_junction, slot),
            Mux(self.joined, self.into, inlet),
            Mux(self.joined, self.flow, weight),
        )

    def elaborate(self, platform):
        m = Module()
        word, asked, shown = Signal(), Signal(), Signal()
        issue, *synapse, under_way = self._transmitted(m)
        taken_slot, taken_inlet, taken = self._taken(*synapse)
        weight, late_weight = Signal.like(taken), Signal.like(taken)
        slot, before = Signal.like(self.slot), Signal.like(self.sum)
        inlet, base = Signal.like(self.inlet), Signal.like(self.sum)
        m.d.sync += [
            word.eq(issue | (self.join if self.chip.junctions else 0)),
            asked.eq(word),
            shown.eq(asked),
            self.arrive.eq(shown),
            self.slot.eq(taken_slot),
            self.inlet.eq(taken_inlet),
            weight.eq(taken),
            slot.eq(self.slot),
            inlet.eq(self.inlet),
            late_weight.eq(weight),
            self.at_slot.eq(slot),
            self.at_inlet.eq(inlet),
            self.sum.eq(base + late_weight),
            before.eq(self.sum),
        ]
        m.d.comb += [
            self.coming.eq(under_way | word | asked | shown),
            base.eq(self._chosen(m, inlet)),
        ]
        # The two before this one are being added and written while its sum is read: it goes on
        # with what they made of it.
        near = self._forward(m, shown, slot, inlet)
        far = self._forward(m, self.arrive, self.at_slot, self.at_inlet)
        with m.If(near):
            m.d.comb += base.eq(self.sum)
        with m.Elif(far):
            m.d.comb += base.eq(before)
        return m

    def _forward(self, m, valid, slot, inlet):
        """Return, a cycle later, whether an earlier arrival is at the same inlet and slot."""
        same = Signal()
        m.d.sync += same.eq(valid & (slot == self.slot) & (inlet == self.inlet))
        return same

    def _chosen(self, m, inlet):
        n = len(self.chip.inlets)
        chosen = self.sums[0] if n else Value.cast(0)
        for i in range(1, n):
            chosen = Mux(inlet == i, self.sums[i], chosen)
        return chosen


def _junction(chip):
    return {
        "join": In(1),
        "joined": In(1),
        "flow": In(signed(chip.sum_bits)),
        "at_junction": In(chip.slot_bits),
        "into": In(index_bits(len(chip.inlets))),
    }
