"""The toy core in gates."""

from amaranth.hdl import Array, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import Out

from hdl.numbers.fields import packed, stream_members
from tests.toy import interface
from tests.toy.interface import GAIN, SUM, Phase, ToyParams, ToyRegion


class ToyCore(wiring.Component):
    """A byte a cycle; requests are answered in the cycle after they are accepted."""

    interface = interface

    def __init__(self, p: ToyParams):
        self.p = p
        ports = stream_members(interface.streams(p))
        super().__init__({**ports, "probe": Out(packed(interface.record(p)))})

    def folded(self, turned, byte, gain):
        """Return the next sum."""
        return (turned ^ byte) + gain

    def elaborate(self, platform):
        """Build it."""
        m = Module()
        registers = Array([Signal(16, name="gain", init=1), Signal(16, name="sum")])
        tape = Array(Signal(8, name=f"byte{i}", reset_less=True) for i in range(self.p.length))
        phase, step, left = Signal(2), Signal(8), Signal(8)
        response = Signal(32)
        byte, turned = tape[step], registers[SUM].rotate_left(1)
        m.d.comb += [
            self.bus.ready.eq(phase == Phase.IDLE),
            self.go.ready.eq((phase == Phase.IDLE) & ~self.bus.valid),
            self.response.valid.eq(phase == Phase.RESPOND),
            self.response.payload.data.eq(response),
            self.done.valid.eq(phase == Phase.DONE),
            self.done.payload.sum.eq(registers[SUM]),
        ]
        self._serve(m, registers, tape, phase, response)
        with m.If(self.go.valid & self.go.ready):
            m.d.sync += [left.eq(self.go.payload.count), step.eq(0)]
            m.d.sync += phase.eq(Mux(self.go.payload.count == 0, Phase.DONE, Phase.FOLD))
        with m.If(phase == Phase.FOLD):
            m.d.sync += registers[SUM].eq(self.folded(turned, byte, registers[GAIN]))
            m.d.sync += [left.eq(left - 1), step.eq(step + 1)]
            with m.If(left == 1):
                m.d.sync += phase.eq(Phase.DONE)
        with m.If(self.response.valid & self.response.ready | self.done.valid & self.done.ready):
            m.d.sync += phase.eq(Phase.IDLE)
        self._show(m, phase, step, byte, registers[SUM], response)
        return m

    def _serve(self, m, registers, tape, phase, response):
        request = self.bus.payload
        with m.If(self.bus.valid & self.bus.ready):
            m.d.sync += phase.eq(Phase.RESPOND)
            for region, words in ((ToyRegion.REGISTERS, registers), (ToyRegion.TAPE, tape)):
                word, width = words[request.index], len(words[0])
                with m.If(request.region == region):
                    m.d.sync += response.eq(Mux(request.write, request.data[:width], word))
                    with m.If(request.write):
                        m.d.sync += word.eq(request.data)

    def _show(self, m, phase, step, byte, total, response):
        shown = {
            "phase": phase,
            "step": step,
            "folding": phase == Phase.FOLD,
            "byte": Mux(phase == Phase.FOLD, byte, 0),
            "sum": total,
            "bus_ready": self.bus.ready,
            "go_ready": self.go.ready,
            "response_valid": self.response.valid,
            "response": Mux(self.response.valid, response, 0),
            "done_valid": self.done.valid,
        }
        m.d.comb += [self.probe[name].eq(value) for name, value in shown.items()]
