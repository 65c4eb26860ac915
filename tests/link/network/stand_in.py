"""A core with the network core's ports that answers, spikes and waits, and computes nothing."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import Out

from golden.network.chip import Chip
from golden.network.interface import record, streams
from hdl.numbers.fields import packed, stream_members

EACH = 3
"""Spikes a step, of neurons 100 and up."""
FIRST = 100


class StandIn(wiring.Component):
    """In every step, axons from outside become spikes of neurons of their numbers, then `EACH`.

    A read is answered with its index and region, a write with what would be written.
    """

    def __init__(self, chip: Chip):
        ports = stream_members(streams(chip))
        super().__init__({**ports, "probe": Out(packed(record(chip)))})

    def elaborate(self, platform) -> Module:
        m = Module()
        step, held, quiet = Signal(16), Signal(32), Signal(24)
        m.d.comb += [
            self.spikes.payload.step.eq(step),
            self.response.payload.data.eq(held),
        ]
        with m.FSM():
            left = self._idle(m, held)
            with m.State("STEP"):
                m.next = "LISTEN"
                with m.If(left == 0):
                    m.next = "DONE"
                with m.Elif(quiet.any()):
                    m.d.sync += quiet.eq(quiet - 1)
                    m.next = "EMIT"
            self._listen(m, held, quiet)
            self._emit(m, step, left)
            with m.State("DONE"):
                m.d.comb += self.done.valid.eq(1)
                with m.If(self.done.ready):
                    m.next = "IDLE"
        return m

    def _idle(self, m, held):
        """Answer the bus, or start; return how many steps are left."""
        left, asked = Signal(32), self.bus.payload
        with m.State("IDLE"):
            m.d.comb += [self.bus.ready.eq(1), self.start.ready.eq(~self.bus.valid)]
            with m.If(self.bus.valid):
                read = Cat(asked.index, asked.region)
                m.d.sync += held.eq(Mux(asked.write, asked.data, read))
                m.next = "RESPOND"
            with m.Elif(self.start.valid):
                m.d.sync += left.eq(self.start.payload.steps)
                m.next = "STEP"
        with m.State("RESPOND"):
            m.d.comb += self.response.valid.eq(1)
            with m.If(self.response.ready):
                m.next = "IDLE"
        return left

    def _listen(self, m, held, quiet):
        item = self.external.payload
        with m.State("LISTEN"):
            m.d.comb += self.external.ready.eq(1)
            m.d.sync += held.eq(item.value)
            with m.If(self.external.valid):
                m.next = "ECHO"
                with m.If(item.end):
                    m.d.sync += quiet.eq(item.value)
                    m.next = "EMIT"
        with m.State("ECHO"):
            m.d.comb += [self.spikes.valid.eq(1), self.spikes.payload.neuron.eq(held)]
            with m.If(self.spikes.ready):
                m.next = "LISTEN"

    def _emit(self, m, step, left):
        sent = Signal(range(EACH))
        with m.State("EMIT"):
            m.d.comb += [self.spikes.valid.eq(1), self.spikes.payload.neuron.eq(FIRST + sent)]
            with m.If(self.spikes.ready):
                m.d.sync += sent.eq(sent + 1)
                with m.If(sent == EACH - 1):
                    m.d.sync += [left.eq(left - 1), step.eq(step + 1), sent.eq(0)]
                    m.next = "STEP"
