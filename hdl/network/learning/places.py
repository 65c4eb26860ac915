# amaranth: UnusedElaboratable=no
"""What is known of posts: those that wait to be replayed, and the last one before them."""

from amaranth.hdl import Cat, Module, Mux, Value, unsigned
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip, unit
from golden.network.rules.interface import LAST_BITS
from golden.numbers.formats import index_bits
from hdl.network.learning.layouts import PostRecord, SpikePast
from hdl.network.learning.memory import SharedMemory
from hdl.network.tables import HOST
from hdl.parts.memory import BlockMemory


class PlaceMemories(wiring.Component):
    """Memories of places, each with one port to read and one to write.

    What is addressed in a cycle is there in the next one.

    Members
    -------
    asked, count : In, Out
        A place; how many of its posts wait.
    of, latest : In, Out
        A place; its last post before those that wait.
    record_of, number, record : In, In, Out
        A place, and which of its posts that wait, by its low bits; that post.
    count_write, count_at, new_count : In
    latest_write, latest_at, new_latest : In
    record_write, record_at, new_number, new_record : In
    host_lasts, host_traces : In(Access), In(array of Access)
    lasts, traces : Out
        What the host reads.
    """

    def __init__(self, chip: Chip):
        self.chip, self.learner = chip, unit(chip)
        place, count = index_bits(chip.places), self.learner.count_bits
        number, record = index_bits(self.learner.posts), PostRecord(self.learner)
        latest, n = SpikePast(self.learner, "post"), len(self.learner.side("post"))
        places = ("asked", "of", "record_of", "count_at", "latest_at", "record_at")
        super().__init__({
            **{name: In(place) for name in places},
            **{name: In(1) for name in ("count_write", "latest_write", "record_write")},
            "count": Out(count),
            "latest": Out(latest),
            "number": In(number),
            "record": Out(record),
            "new_count": In(count),
            "new_latest": In(latest),
            "new_number": In(number),
            "new_record": In(record),
            "host_lasts": HOST,
            **{f"host_trace_{i}": HOST for i in range(n)},
            "lasts": Out(LAST_BITS + 1),
            "traces": Out(data.ArrayLayout(unsigned(self.learner.trace_bits), n)),
        })

    def elaborate(self, platform):
        m = Module()
        m.submodules.counts = counts = BlockMemory(self.chip.places, 1, len(self.count))
        depth = self.chip.places * self.learner.posts
        m.submodules.records = records = BlockMemory(depth, 1, len(Value.cast(self.record)))
        m.d.comb += [
            counts.read.eq(1),
            counts.word.eq(self.asked),
            # A run that is broken off leaves some: they are forgotten as the host loads lasts.
            counts.write.eq(self.count_write | self.host_lasts.write),
            counts.addr.eq(Mux(self.host_lasts.write, self.host_lasts.index, self.count_at)),
            counts.data.eq(Mux(self.host_lasts.write, 0, self.new_count)),
            self.count.eq(counts.row),
            records.read.eq(1),
            records.word.eq(Cat(self.number, self.record_of)),
            records.write.eq(self.record_write),
            records.addr.eq(Cat(self.new_number, self.record_at)),
            records.data.eq(self.new_record),
            self.record.eq(records.row),
        ]
        last = Cat(self.new_latest.last, self.new_latest.there)
        self._memory(m, "lasts", self.host_lasts, self.lasts, last)
        m.d.comb += [
            self.latest.last.eq(self.lasts[:LAST_BITS]),
            self.latest.there.eq(self.lasts[LAST_BITS]),
            self.latest.traces.eq(self.traces),
        ]
        for i in range(len(self.traces)):
            host, new = getattr(self, f"host_trace_{i}"), self.new_latest.traces[i]
            self._memory(m, f"trace_{i}", host, self.traces[i], new)
        return m

    def _memory(self, m, name, host, shown, new):
        m.submodules[name] = memory = SharedMemory(self.chip.fabric, self.chip.places, len(shown))
        wiring.connect(m, wiring.flipped(host), memory.host)
        m.d.comb += [
            memory.address.eq(self.of),
            shown.eq(memory.word),
            memory.write.eq(self.latest_write),
            memory.at.eq(self.latest_at),
            memory.value.eq(new),
        ]
