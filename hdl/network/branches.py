"""The axons of a neuron that spikes, one after the other."""

from amaranth.hdl import Array, Module, Mux, Signal, unsigned
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip
from golden.numbers.formats import index_bits


class Branches(wiring.Component):
    """A neuron's first axon, then every branch that is present, in their order.

    Members
    -------
    take : In(1)
        A neuron's first axon spikes.
    ends : In(1)
        What spikes, or has spiked, is over in the next cycle.
    first, axons, present : In
        Of the group: first axon, those of its branches, and which of these are present.
    spikes, axon : Out
        An axon spikes; what is to be added to the neuron's index.
    busy : Out(1)
        A neuron that was taken in an earlier cycle is not over.
    last : Out(1)
        The neuron is over in the next cycle.
    """

    def __init__(self, chip: Chip):
        self.chip = chip
        axon = index_bits(chip.axons)
        super().__init__({
            **{name: In(1) for name in ("take", "ends")},
            **{name: Out(1) for name in ("spikes", "busy", "last")},
            "first": In(axon),
            "axons": In(data.ArrayLayout(unsigned(axon), chip.branches)),
            "present": In(chip.branches),
            "axon": Out(axon),
        })

    def elaborate(self, platform):
        m = Module()
        m.d.comb += [self.spikes.eq(self.take), self.axon.eq(self.first)]
        m.d.comb += self.last.eq((self.take | self.busy) & self.ends)
        with m.If(self.last):
            m.d.sync += self.busy.eq(0)
        with m.Elif(self.take):
            m.d.sync += self.busy.eq(1)
        if self.chip.branches:
            self._branch(m)
        return m

    def _branch(self, m):
        n = self.chip.branches
        kept, left, rest = Signal(n), Signal(n), Signal(n)
        chosen, following, branching = Signal(range(n)), Signal(range(n)), Signal()
        m.d.comb += [left.eq(Mux(self.take, self.present, kept)), rest.eq(left & (left - 1))]
        for i in reversed(range(n)):
            with m.If(left[i]):
                m.d.comb += following.eq(i)
        m.d.sync += [kept.eq(left), branching.eq(0)]
        with m.If((self.take | self.busy) & self.ends & left.any()):
            m.d.comb += self.last.eq(0)
            m.d.sync += [kept.eq(rest), branching.eq(1), chosen.eq(following), self.busy.eq(1)]
        with m.If(branching):
            axons = Array(self.axons[i] for i in range(n))
            m.d.comb += [self.spikes.eq(1), self.axon.eq(axons[chosen])]
