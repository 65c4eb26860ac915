"""A synapse that was issued, until its visit enters the ring."""

from amaranth.hdl import Module, Mux, Signal, Value, signed
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip, unit
from golden.numbers.formats import index_bits
from hdl.network.arrivals import FamilyWord, SynapseWord
from hdl.network.learning.layouts import RunPast, still_bits
from hdl.parts.delay import delayed


def place_of(chip: Chip, kind: Value, slot: Value) -> Value:
    """Return the place of a kind's slot."""
    place: Value = slot
    for k, base in enumerate(chip.place_bases[:-1]):
        if base:
            place = Mux(kind == k, slot + base, place)
    return place


def inlet_place(chip: Chip, inlet: Value, slot: Value) -> Value:
    """Return the place of a slot of an inlet's kind."""
    place: Value = slot
    for number, (kind, _) in enumerate(chip.inlets):
        if base := chip.place_bases[kind]:
            place = Mux(inlet == number, slot + base, place)
    return place


class Admission(wiring.Component):
    """Four cycles from a synapse's address to the ring.

    Members
    -------
    issue, address, past : In
        A synapse's address is given; what is known of its run.
    synapse, family : In
        Its words, in the next cycle.
    learned, asks, place : Out, Out(1), Out
        A cycle after ``issue``: which synapse's words, and two cycles after it, with ``asks``:
        whose posts, are to be shown in the next cycle.
    enter : Out(1)
        Three cycles after ``issue``: it enters in the next cycle. Of it then are
    at, run, inlet, slot, of, weight : Out
        its address, its run, where it ends, its place, its weight if it is still.
    coming : Out(1)
        Something enters later than in the next cycle.
    """

    def __init__(self, chip: Chip):
        self.chip, learner = chip, unit(chip)
        synapse, place = index_bits(learner.synapses), index_bits(chip.places)
        super().__init__({
            "issue": In(1),
            "address": In(index_bits(chip.synapses)),
            "past": In(RunPast(learner)),
            "synapse": In(SynapseWord(chip)),
            "family": In(FamilyWord(chip)),
            "asks": Out(1),
            "place": Out(place),
            "learned": Out(synapse),
            "enter": Out(1),
            "at": Out(synapse),
            "run": Out(RunPast(learner)),
            "inlet": Out(index_bits(len(chip.inlets))),
            "slot": Out(chip.slot_bits),
            "of": Out(place),
            "weight": Out(signed(still_bits(chip))),
            "coming": Out(1),
        })

    def elaborate(self, platform):
        m = Module()
        there = Signal()
        word, family = self.synapse, self.family
        weight = word.weight if self.chip.weight_bits else family.weight
        slot, inlet = Signal.like(self.slot), Signal.like(self.inlet)
        still = Signal.like(self.weight)
        learned = delayed(m, self.learned, reset_less=True)
        m.d.sync += [
            there.eq(self.issue),
            self.asks.eq(there),
            self.enter.eq(self.asks),
            slot.eq(word.slot),
            inlet.eq(family.inlet),
            self.place.eq(inlet_place(self.chip, family.inlet, word.slot)),
            still.eq(weight.as_signed()),
            self.slot.eq(slot),
            self.inlet.eq(inlet),
            self.of.eq(self.place),
            self.weight.eq(still),
            self.at.eq(learned),
        ]
        m.d.comb += [
            self.learned.eq(delayed(m, self.address, reset_less=True)),
            self.run.eq(delayed(m, self.past.as_value(), 3, reset_less=True)),
            self.coming.eq(there | self.asks),
        ]
        return m
