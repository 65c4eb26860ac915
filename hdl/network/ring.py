"""The queue of what is still to arrive: a ring of entries in block memories."""

from amaranth.hdl import Cat, Module, Mux, Signal, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import DUE_BITS, Chip
from golden.network.interface import DATA_BITS, EFFICACY_BITS
from golden.numbers.formats import index_bits
from hdl.network.tables import HOST
from hdl.parts.memory import BlockMemory


class QueueEntry(data.StructLayout):
    """What is still to arrive of a spike.

    That is its row's next run, that run's first synapse, the step in which it is due, modulo 256,
    and in a chip with plastic axons its efficacy.
    """

    def __init__(self, chip: Chip):
        super().__init__({
            "run": index_bits(chip.runs),
            "synapse": index_bits(chip.synapses),
            "due": DUE_BITS,
            **({"efficacy": EFFICACY_BITS} if chip.plastic_axons else {}),
        })


class Ring(wiring.Component):
    """Entries from ``head`` on, ``length`` of them; see "The queue" and "push" of the page.

    Of ``put_back``, ``drop``, ``push`` one at most is high in a cycle.

    Members
    -------
    open : In(1)
        Show the first entry two cycles later.
    entry : Out(QueueEntry)
        The one at ``head``, from then on, and from the cycle after ``put_back``, ``drop`` on.
    put_back, drop : In(1)
        The first entry goes; with ``put_back``, ``new`` is written behind the last one.
    push : In(1)
        Write ``new`` behind the last one if there is room.
    new : In(QueueEntry)
    written : Out(1)
        ``new`` is being written at ``place``.
    lost : Out(1)
        A push finds no room.
    head, length, place : Out
    set_head, set_length : In(1)
        The host writes ``value``.
    value : In(32)
    host_runs, host_synapses : In(Access)
    runs, synapses : Out
        What the host reads.
    host_efficacies, efficacies : In(Access), Out
        The same, only in a chip with plastic axons.
    """

    def __init__(self, chip: Chip):
        self.chip = chip
        plastic = {"host_efficacies": HOST, "efficacies": Out(EFFICACY_BITS)}
        entry, place = QueueEntry(chip), index_bits(chip.queue)
        super().__init__({
            "open": In(1),
            "entry": Out(entry),
            "put_back": In(1),
            "drop": In(1),
            "push": In(1),
            "new": In(entry),
            "written": Out(1),
            "lost": Out(1),
            "head": Out(place),
            "length": Out(chip.queue.bit_length()),
            "place": Out(place),
            "set_head": In(1),
            "set_length": In(1),
            "value": In(DATA_BITS),
            "host_runs": HOST,
            "host_synapses": HOST,
            "runs": Out(index_bits(chip.runs) + DUE_BITS),
            "synapses": Out(index_bits(chip.synapses)),
            **(plastic if chip.plastic_axons else {}),
        })

    def _wrapped(self, place: Value) -> Value:
        """Return a place below twice the size, modulo the size."""
        size = self.chip.queue
        if size & (size - 1) == 0:
            return place[: len(self.head)] if size > 1 else Value.cast(self.head & 0)
        return Mux(place >= size, place - size, place)[: len(self.head)]

    def elaborate(self, platform):
        m = Module()
        gone = Signal()
        full = self.length == self.chip.queue
        m.d.comb += [
            gone.eq(self.put_back | self.drop),
            self.place.eq(self._wrapped(self.head + self.length)),
            self.written.eq(self.put_back | self.push & ~full),
            self.lost.eq(self.push & full),
        ]
        with m.If(gone):
            m.d.sync += self.head.eq(self._wrapped(self.head + 1))
        with m.If(self.written & ~self.put_back):
            m.d.sync += self.length.eq(self.length + 1)
        with m.Elif(self.drop):
            m.d.sync += self.length.eq(self.length - 1)
        with m.If(self.set_head):
            m.d.sync += self.head.eq(self.value)
        with m.If(self.set_length):
            m.d.sync += self.length.eq(self.value)
        self._memories(m, gone)
        return m

    def _memories(self, m, gone):
        """Read an entry ahead, so that what is decided of the first one begins at a register."""
        new, opened, reads = self.new, Signal(), Signal()
        ahead, place = Signal.like(self.head), Signal.like(self.head)
        m.d.sync += opened.eq(self.open)
        m.d.comb += [
            reads.eq(self.open | opened | gone),
            place.eq(Mux(self.open, self.head, ahead)),
        ]
        with m.If(reads):
            m.d.sync += ahead.eq(self._wrapped(place + 1))
        pieces = {
            "host_runs": (self.runs, Cat(new.run, new.due)),
            "host_synapses": (self.synapses, new.synapse),
        }
        if self.chip.plastic_axons:
            pieces["host_efficacies"] = self.efficacies, new.efficacy
        for name, (shown, written) in pieces.items():
            host = getattr(self, name)
            memory = BlockMemory(self.chip.queue, 1, len(shown))
            m.submodules[name.removeprefix("host_")] = memory
            m.d.comb += [
                memory.read.eq(reads | host.read),
                memory.word.eq(Mux(host.read, host.index, place)),
                shown.eq(memory.row),
                memory.write.eq(self.written | host.write),
                memory.addr.eq(Mux(host.write, host.index, self.place)),
                memory.data.eq(Mux(host.write, host.data, written)),
            ]
        bits = len(self.entry.run)
        with m.If(opened | gone):
            m.d.sync += [
                self.entry.run.eq(self.runs[:bits]),
                self.entry.due.eq(self.runs[bits:]),
                self.entry.synapse.eq(self.synapses),
            ]
            if self.chip.plastic_axons:
                m.d.sync += self.entry.efficacy.eq(self.efficacies)
