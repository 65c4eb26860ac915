"""Stage 1, encoder: pixels become events, an axon a cycle; the spikes of `golden.dense.encoder`."""

from amaranth.hdl import Module, Mux, Signal, Value
from amaranth.lib import data, enum, memory, stream, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.interface import MemoryMap
from golden.dense.params import Params
from golden.dense.registers import register_map
from golden.numbers.formats import index_bits
from hdl.dense.registers import register_ports
from hdl.dense.rule import rule
from hdl.numbers.formats import shape


class EncoderState(enum.Enum, shape=2):
    """What the encoder is doing."""

    DONE = 0
    SCAN = 1
    TURN = 2
    LIST = 3


class Encoder(wiring.Component):
    """Spikes of one axon a cycle as events; :func:`golden.dense.encoder.encode` in gates.

    SCAN takes the image, does step 0 and lists the active axons; LIST does one later step from the
    list; TURN, one cycle, lies between two steps. A pixel taken, or an entry read, is looked at
    in the next cycle, while the one behind it comes. An axon that does not spike takes one cycle.
    One that does waits until the core has come to step ``e`` and the queue has room. Which axons
    spike is said by the rule of the parameter ``encoder`` as they come: see `hdl.dense.rule`; what
    that keeps for an axon, its phase, lies beside the list.

    Parameters
    ----------
    p : Params
        Parameters of the core; those named below are read from ports instead.

    Members
    -------
    start : In(1)
        Begin: when it is no longer given, SCAN follows with ``e = 0``. No pixel is taken before.
    learn : In(1)
        Write ``last``; read from the cycle after `start` on.
    tick : In(1)
        The core goes to its next step, when it is ``done``.
    next_step : In(shape(p.last))
        Which one that is, 1 at first.
    i : In(stream.Signature(shape(p.pixel)))
        Image after the receptive field, axon 0 first.
    o : Out(stream.Signature(word address))
        First weight word of every axon that spikes in this step, lowest axon first.
    done : Out(1)
        All events of the core's step have been accepted: ``e >= next_step``.
    last_en : Out(1)
        Write ``last``, in this very cycle.
    last_axon : Out(axon_bits)
        Of which axon.
    last_data : Out(shape(p.last))
        ``e + 1``, or 0.
    n_steps : In(shape(p.last))
        Steps of a presentation, at least 1.
    period_num, period_offset, encoder_lfsr : In
        Registers of the rule, each with its rule only.
    dry : In(1)
        With ``p.activity_gain`` only, read with `start`: first do all steps without an event.
    dry_done : Out(1)
        With ``p.activity_gain`` only: last cycle of the dry run.
    peak : Out(range(n_axons + 1))
        With ``p.activity_gain`` only: events in the busiest step, valid with `dry_done`, and from
        then until the next `start`.
    """

    def __init__(self, p: Params):
        self.p, self.at = p, MemoryMap(p)
        ports = {
            "start": In(1),
            "learn": In(1),
            "tick": In(1),
            "next_step": In(shape(p.last)),
            "i": In(stream.Signature(shape(p.pixel))),
            "o": Out(stream.Signature(self.at.word_bits)),
            "done": Out(1),
            "last_en": Out(1),
            "last_axon": Out(self.at.axon_bits),
            "last_data": Out(shape(p.last)),
            **register_ports(p, Params.n_steps),
        }
        self.rule = rule(p)
        """Whether the pixel that comes spikes."""
        asked = self.rule.signature.members
        self.settings = [name for name in register_map(p) if name in asked]
        """Registers that the rule asks for."""
        ports |= {name: asked[name] for name in self.settings}
        if p.activity_gain:
            ports["dry"], ports["dry_done"] = In(1), Out(1)
            ports["peak"] = Out(index_bits(p.n_axons + 1))
        super().__init__(ports)
        self._signals(p)

    def _signals(self, p):
        self.state = Signal(EncoderState)
        """What the encoder is doing."""
        self.e = Signal(shape(p.last))
        """The step that is encoded."""
        self.fresh = Signal()
        """Phases are as at the start."""
        self.drying = Signal()
        """This is the dry run."""
        self.resume = Signal()
        """LIST is the next state."""
        self.held = Signal()
        """There is an axon to look at."""
        self.axon = Signal(self.at.axon_bits)
        """Which."""
        self.pixel = Signal(shape(p.pixel))
        """Its pixel."""
        self.event = Signal()
        """It spikes."""
        self.coming = Signal(shape(p.pixel))
        """The pixel of the one behind it."""
        self.load = Signal()
        """That one comes."""
        layout = {"axon": self.at.axon_bits, "pixel": shape(p.pixel)}
        self.entry = Signal(data.StructLayout(layout))
        """The entry of the list that is read."""
        self.final = Signal()
        """It is the last one of this step."""
        self.accept = Signal()
        """It is done with."""
        self.advance = Signal()
        """The one behind it may come."""

    def elaborate(self, platform) -> Module:
        p, m = self.p, Module()
        event, go = self.event, Signal()
        scan = self.state == EncoderState.SCAN
        m.d.comb += [
            go.eq(self.drying | ~event | (~self.done & self.o.ready)),
            self.accept.eq(self.held & go),
            self.advance.eq(~self.held | (go & ~self.final)),
            self.i.ready.eq(scan & self.advance & ~self.start),
            self.o.valid.eq(self.held & event & ~self.drying & ~self.done),
            self.o.payload.eq(_times(self.axon, p.n_words)),
            self.coming.eq(Mux(scan, self.i.payload, self.entry.pixel)),
            self.last_en.eq(self.learn & self.accept & (scan | event & ~self.drying)),
            self.last_axon.eq(self.axon),
            self.last_data.eq(Mux(event & ~self.drying, self.e + 1, 0)),
        ]
        self._wire_rule(m)
        ended, empty = self._list(m)
        self._steps(m, ended, empty)
        if p.activity_gain:
            self._peak(m, event)
        return m

    def _wire_rule(self, m):
        """Show the rule what it asks for: it looks at what comes, as much waits for an event."""
        m.submodules.rule = self.rule
        restart = self.start | (self.dry_done if self.p.activity_gain else 0)
        shown = {"pixel": self.coming, "e": self.e, "restart": restart}
        shown["draw"] = self.load & self.coming.any()
        asked = self.rule.signature.members
        shown |= {name: getattr(self, name) for name in self.settings}
        m.d.comb += [getattr(self.rule, name).eq(shown[name]) for name in asked if name in shown]
        with m.If(self.advance):
            m.d.sync += self.event.eq(self.rule.spike & self.coming.any())

    def _list(self, m):
        """Keep the active axons; return (last axon or entry is accepted, no axon is active).

        `head` counts axons in SCAN; in LIST it is behind the entry that is read. `tail` is where
        the phase of the one looked at is written and, in SCAN, where the next entry goes.
        """
        n_bits = self.at.axon_bits
        m.submodules.entries = entries = memory.Memory(
            shape=self.entry.shape(), depth=self.p.n_axons, init=[]
        )
        head, tail, count = Signal(n_bits), Signal(n_bits), Signal(n_bits)
        scan, listing = self.state == EncoderState.SCAN, self.state == EncoderState.LIST
        ended, load = Signal(), self.load
        append, fetch = entries.write_port(), entries.read_port()
        listed = self.accept & self.pixel.any()
        m.d.comb += [
            append.addr.eq(tail),
            append.data.axon.eq(self.axon),
            append.data.pixel.eq(self.pixel),
            append.en.eq(scan & listed),
            self.entry.eq(fetch.data),
            fetch.addr.eq(head),
            fetch.en.eq(self.advance),
            load.eq(self.advance & (scan & self.i.valid | listing)),
            ended.eq(self.accept & self.final),
        ]
        with m.If(self.advance | ended):
            m.d.sync += self.held.eq(load)
        with m.If(self.advance):
            m.d.sync += [
                self.axon.eq(Mux(scan, head, self.entry.axon)),
                self.pixel.eq(self.coming),
                self.final.eq(head == Mux(scan, self.p.n_axons - 1, count)),
            ]
        if self.rule.phase_shape.width:
            self._phases(m, append, fetch)
        return ended, self._move(m, (head, tail, count), listed, load, ended)

    def _move(self, m, places, listed, load, ended):
        """Move along the list; return whether there is nothing in it."""
        head, tail, count = places
        empty = Signal()
        with m.If(listed):
            m.d.sync += [tail.eq(tail + 1), empty.eq(0)]
        with m.If(ended):
            m.d.sync += head.eq(0)
        with m.Elif(load):
            m.d.sync += head.eq(head + 1)
        with m.If(self.state == EncoderState.TURN):
            m.d.sync += [tail.eq(0), head.eq(self.resume)]
        # Until the cycle behind SCAN; what adds to `tail` is then in its own cells.
        scanned = Signal()
        m.d.sync += scanned.eq(self.state == EncoderState.SCAN)
        with m.If(scanned):
            m.d.sync += count.eq(tail)
        with m.If(self.start):
            m.d.sync += [head.eq(0), tail.eq(0), empty.eq(1), self.held.eq(0)]
        return empty

    def _phases(self, m, append, fetch):
        """Keep the phases of the active axons, in the order of the list."""
        m.submodules.phases = phases = memory.Memory(
            shape=self.rule.phase_shape, depth=self.p.n_axons, init=[]
        )
        phase = Signal(self.rule.phase_shape)
        write, read = phases.write_port(), phases.read_port()
        m.d.comb += [
            write.addr.eq(append.addr),
            write.data.eq(phase),
            write.en.eq(self.accept & self.pixel.any()),
            read.addr.eq(fetch.addr),
            read.en.eq(fetch.en),
        ]
        start = self.p.phase_start if self.p.encoder == "rate" else 0
        m.d.comb += self.rule.phase.eq(Mux(self.fresh, start, read.data))
        with m.If(self.advance):
            m.d.sync += phase.eq(self.rule.phase_next)

    def _steps(self, m, ended, empty):
        """Go from state to state and count the steps."""
        finished, turn = self.e == self.n_steps, self.state == EncoderState.TURN
        ends = ended | (turn & ~finished & empty)
        m.d.comb += self.resume.eq(turn & ~finished & ~empty)
        m.d.sync += self.done.eq(ends | Mux(self.tick, self.e != self.next_step, self.done))
        with m.If(ended):
            m.d.sync += self.state.eq(EncoderState.TURN)
        with m.Elif(self.resume):
            m.d.sync += self.state.eq(EncoderState.LIST)
        with m.Elif(turn & finished & ~self.drying):
            m.d.sync += self.state.eq(EncoderState.DONE)
        with m.If(ends):
            m.d.sync += [self.e.eq(self.e + 1), self.fresh.eq(0)]
        if self.p.activity_gain:
            m.d.comb += self.dry_done.eq(turn & finished & self.drying)
            with m.If(self.dry_done):
                m.d.sync += [self.e.eq(0), self.fresh.eq(1), self.drying.eq(0), self.done.eq(0)]
        with m.If(self.start):
            m.d.sync += [self.state.eq(EncoderState.SCAN), self.e.eq(0), self.fresh.eq(1)]
            m.d.sync += self.done.eq(0)
            m.d.sync += self.drying.eq(self.dry if self.p.activity_gain else 0)

    def _peak(self, m, event):
        """Count the events of a step of the dry run, and raise the peak with the count."""
        n_events = Signal.like(self.peak)
        with m.If(self.state == EncoderState.TURN):
            m.d.sync += n_events.eq(0)
        with m.If(self.drying & self.accept & event):
            m.d.sync += n_events.eq(n_events + 1)
            with m.If(n_events == self.peak):
                m.d.sync += self.peak.eq(n_events + 1)
        with m.If(self.start):
            m.d.sync += [n_events.eq(0), self.peak.eq(0)]


def _times(value: Value, factor: int) -> Value:
    """Multiply by a constant with shifts and adders."""
    terms = [value << k for k in range(factor.bit_length()) if factor >> k & 1]
    return sum(terms[1:], terms[0])
