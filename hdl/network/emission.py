"""Who has fired; EMIT: who of them spikes, as a stream and into the queue."""

from amaranth.hdl import Array, Module, Mux, Shape, Signal, unsigned
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip
from golden.network.interface import INDEX_BITS, KIND_BITS
from golden.numbers.formats import index_bits
from hdl.network.contest import Contest
from hdl.parts.memory import BlockMemory


class Emission(wiring.Component):
    """The list of the fired, in the order of their indices.

    Members
    -------
    reset : In(1)
        In LOAD: the list is empty, the next neuron that is decided is the group's first one.
    decided, spike, margin : In
        A neuron is ready.
    fire, index : Out
        It enters the list; its index in the group.
    winners, silent, first_neuron, first_axon : In
        Of the group.
    electing, emitting : In(1)
        In ELECT, in EMIT.
    any, contested : Out(1)
        The list is not empty; it is longer than there are winners. Both know of this cycle.
    elected, done : Out(1)
        ELECT's last cycle, EMIT's.
    valid, ready, neuron : Out(1), In(1), Out
        The stream of spikes.
    spiked, axon : Out
        An axon spikes.
    ends : In(1)
        Only in a chip with plastic axons or branches: what spikes, or has spiked, is over in the
        next cycle.
    branches_at, present : In
        In the same: the group's branches.
    taken, place, first_place, noting : Out(1), Out, In, In(1)
        Only in a chip that learns: a neuron spikes, at this place; the group's first place; a
        neuron that has spiked will be noted in a later cycle.
    """

    def __init__(self, chip: Chip, margin: Shape):
        self.chip, self.margin_bits = chip, margin.width if chip.elects else 0
        self.contest = Contest(chip, margin) if chip.elects else None
        self.branches = Branches(chip) if chip.plastic_axons or chip.branches else None
        strobes = ("fire", "any", "contested", "elected", "done", "valid", "spiked")
        orders = ("reset", "decided", "spike", "silent", "electing", "emitting", "ready")
        super().__init__({
            **{name: In(1) for name in orders},
            **{name: Out(1) for name in strobes},
            "margin": In(margin),
            "index": Out(chip.slot_bits),
            "winners": In(KIND_BITS if chip.elects else 0),
            "first_neuron": In(INDEX_BITS),
            "first_axon": In(index_bits(chip.axons)),
            "neuron": Out(INDEX_BITS),
            "axon": Out(index_bits(chip.axons)),
            **(self._branched() if self.branches else {}),
            **(self._learning() if chip.learner else {}),
        })

    def _learning(self):
        place = index_bits(self.chip.places)
        return {"taken": Out(1), "place": Out(place), "first_place": In(place), "noting": In(1)}

    def _branched(self):
        members = self.branches.signature.members
        return {"ends": In(1), "branches_at": members["axons"], "present": members["present"]}

    def elaborate(self, platform):
        m = Module()
        fired = Signal(self.chip.slots.bit_length())
        layout = data.StructLayout({"index": self.chip.slot_bits, "margin": self.margin_bits})
        m.submodules.list = memory = BlockMemory(self.chip.slots, 1, layout.size)
        entry = data.View(layout, memory.row)
        m.d.comb += [
            self.fire.eq(self.decided & self.spike),
            memory.write.eq(self.fire),
            memory.addr.eq(fired),
            memory.data[: self.chip.slot_bits].eq(self.index),
            memory.data[self.chip.slot_bits :].eq(self.margin),
            self.any.eq((fired != 0) | self.fire),
        ]
        with m.If(self.reset):
            m.d.sync += self.index.eq(0)
        with m.Elif(self.decided):
            m.d.sync += self.index.eq(self.index + 1)
        self._emit(m, memory, entry, fired)
        return m

    def _emit(self, m, memory, entry, fired):
        place, begun = Signal.like(fired), Signal()
        visible, loses, gone, taken = Signal(), Signal(), Signal(), Signal()
        left = begun & (fired != 0)
        m.d.sync += begun.eq(self.emitting & ~self.done)
        m.d.comb += [
            self.valid.eq(visible & ~loses & ~self.silent),
            taken.eq(visible & ~loses & (self.silent | self.ready)),
            self.done.eq(begun & (fired == 0)),
            self.neuron.eq(self.first_neuron + entry.index),
            memory.read.eq(self.emitting & ~begun | gone),
            memory.word.eq(place),
        ]
        if self.branches is None:
            m.d.comb += [
                visible.eq(left),
                self.spiked.eq(taken),
                self.axon.eq(self.first_axon + entry.index),
                gone.eq(taken | visible & loses),
            ]
        else:
            self._spike(m, entry.index, taken)
            m.d.comb += visible.eq(left & ~self.branches.busy)
            m.d.comb += gone.eq(self.branches.last | visible & loses)
        if self.chip.learner:
            m.d.comb += [self.taken.eq(taken), self.place.eq(self.first_place + entry.index)]
            with m.If(self.noting):
                m.d.comb += self.done.eq(0)
        with m.If(~self.emitting):
            m.d.sync += place.eq(0)
        with m.Elif(memory.read):
            m.d.sync += place.eq(place + 1)
        with m.If(self.fire):
            m.d.sync += fired.eq(fired + 1)
        with m.Elif(gone):
            m.d.sync += fired.eq(fired - 1)
        if self.contest is not None:
            self._elect(m, memory, entry, fired, loses)

    def _spike(self, m, index, taken):
        m.submodules.branches = branches = self.branches
        m.d.comb += [
            branches.take.eq(taken),
            branches.ends.eq(self.ends),
            branches.first.eq(self.first_axon),
            branches.axons.eq(self.branches_at),
            branches.present.eq(self.present),
            self.spiked.eq(branches.spikes),
            self.axon.eq(branches.axon + index),
        ]

    def _elect(self, m, memory, entry, fired, loses):
        m.submodules.contest = contest = self.contest
        m.d.comb += [
            contest.run.eq(self.electing),
            contest.winners.eq(self.winners),
            contest.fired.eq(fired),
            contest.index.eq(entry.index),
            contest.margin.eq(entry.margin.as_signed()),
            contest.reset.eq(self.reset),
            loses.eq(contest.loses),
            self.elected.eq(contest.done),
            self.contested.eq((self.winners != 0) & (fired + self.fire > self.winners)),
        ]
        with m.If(self.electing):
            m.d.comb += [memory.read.eq(1), memory.word.eq(contest.place)]


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
