"""A machine with the ports of the core, for tests of the simulators: it hashes what it is given."""

from amaranth.hdl import Cat, Module, Signal, Value
from amaranth.lib import memory, wiring
from amaranth.lib.wiring import Out

from golden.dense import interface
from golden.dense.interface import record, streams
from golden.dense.params import Params
from hdl.numbers.fields import packed, stream_members

POLYNOMIAL = 0xEDB88320


class Dummy(wiring.Component):
    """Every field of its record is a piece of a running hash, or of a memory that it fills."""

    interface = interface

    def __init__(self, p: Params):
        self.p = p
        super().__init__(stream_members(streams(p)) | {"probe": Out(packed(record(p)))})

    def elaborate(self, platform):
        """Build it."""
        m = Module()
        m.submodules.memory = store = memory.Memory(shape=32, depth=64, init=[])
        write, read = store.write_port(), store.read_port()
        state, age = Signal(32, init=1), Signal(16)
        given = Cat(self.pixels.p, self.start.p.as_value(), self.bus.p.as_value())
        accepted = Signal(3)
        m.d.comb += [
            self.pixels.ready.eq(state[0]),
            self.start.ready.eq(state[3] & ~self.bus.valid),
            self.bus.ready.eq(state[5]),
            accepted.eq(Cat(*[i.valid & i.ready for i in (self.pixels, self.start, self.bus)])),
            self.result.valid.eq(state[7]),
            self.result.p.eq(state[8:]),
            self.response.valid.eq(state[9]),
            self.response.p.data.eq(read.data),
            read.en.eq(1),
            read.addr.eq(state[:6]),
            write.en.eq(state[11]),
            write.addr.eq(state[4:10]),
            write.data.eq(state ^ age),
        ]
        mixed = Signal(32)
        m.d.comb += mixed.eq((state >> 1) ^ (state[0].replicate(32) & POLYNOMIAL))
        m.d.sync += [state.eq(mixed), age.eq(age + 1)]
        with m.If(accepted.any()):
            folded = sum((given[i : i + 16] for i in range(0, len(given), 16)), Value.cast(0))
            m.d.sync += state.eq(mixed ^ (accepted << 5) ^ (folded << 4))
        with m.If(self.result.valid & self.result.ready):
            m.d.sync += age.eq(age ^ state[:16])
        with m.If(self.response.valid & self.response.ready):
            m.d.sync += state.eq(mixed + read.data)
        self._show(m, state, Cat(read.data, age))
        return m

    def _show(self, m, state, other):
        for i, name in enumerate(field.name for field in record(self.p)):
            shown, mixed = self.probe[name], state ^ other[i : i + 32]
            if name == "n_data":
                m.d.comb += [lane.eq(mixed + k) for k, lane in enumerate(shown)]
            else:
                m.d.comb += shown.eq(mixed >> (i % 7))
        for name, flag in (
            ("pixels_ready", self.pixels.ready),
            ("start_ready", self.start.ready),
            ("bus_ready", self.bus.ready),
            ("response_valid", self.response.valid),
            ("response", self.response.p.data),
            ("result_valid", self.result.valid),
        ):
            m.d.comb += self.probe[name].eq(flag)
