"""Stage 1, encoder: pixels become events, an axon a cycle; the spikes of `golden.dense.encoder`."""

from amaranth.hdl import Const, Module, Mux, Shape, Signal, Value, unsigned
from amaranth.lib import data, enum, memory, stream, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.interface import MemoryMap
from golden.dense.params import Params
from golden.numbers.formats import index_bits
from hdl.numbers import lfsr
from hdl.numbers.formats import shape


class State(enum.Enum, shape=2):
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
    One that does waits until the core has come to step ``e`` and the queue has room. `golden`'s
    phase of an axon is kept beside the list and is as follows, with ``x`` the pixel::

        rate       phase = phase + x                  spike = carry out
        periodic   phase = phase + period_offset + x  spike = phase >= period_num, then phase = 0
        bernoulli  state = lfsr.step(state)           spike = upper bits of the new state < x
        latency    nothing                            spike = e == ((255 - x) * n_steps) >> 8

    The periodic phase is golden's times ``period_offset + x``, which saves the division:
    ``n >= ceil(a / b)`` is ``n * b >= a``.

    Parameters
    ----------
    p : Params
        Parameters of the core; those named below are read from ports instead.

    Members
    -------
    start : In(1)
        Begin: SCAN is the next cycle, with ``e = 0``.
    learn : In(1)
        Write ``last``; read from the cycle after `start` on.
    tick, next_step : In(1), In(shape(p.last))
        The core goes to its next step, when it is ``done``; and which one that is, 1 at first.
    i : In(stream.Signature(shape(p.pixel)))
        Image after the receptive field, axon 0 first.
    o : Out(stream.Signature(word address))
        First weight word of every axon that spikes in this step, lowest axon first.
    done : Out(1)
        All events of the core's step have been accepted: ``e >= next_step``.
    last_en, last_axon, last_data : Out
        A write of ``last``, in this very cycle.
    n_steps : In(shape(p.last))
        Steps of a presentation, at least 1.
    period_num, period_offset : In
        Periodic encoder only, as wide as in ``p``.
    encoder_lfsr : In(32)
        Bernoulli encoder only: where the random register starts, not 0.
    dry : In(1)
        With ``p.activity_gain`` only, read with `start`: first do all steps without an event.
    dry_done : Out(1)
        With ``p.activity_gain`` only: last cycle of the dry run.
    peak : Out
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
            "n_steps": In(shape(p.last)),
        }
        if p.encoder == "periodic":
            ports["period_num"] = In(p.period_num.bit_length())
            ports["period_offset"] = In(p.period_offset.bit_length())
        if p.encoder == "bernoulli":
            ports["encoder_lfsr"] = In(lfsr.STATE_WIDTH)
        if p.activity_gain:
            ports["dry"], ports["dry_done"] = In(1), Out(1)
            ports["peak"] = Out(index_bits(p.n_axons + 1))
        super().__init__(ports)

    @property
    def phase_shape(self) -> Shape:
        """Shape of a listed phase; of no bits if the encoder needs none."""
        widths = {"rate": self.p.phase.width, "periodic": self.p.period_num.bit_length()}
        return unsigned(widths.get(self.p.encoder, 0))

    def elaborate(self, platform) -> Module:
        p, m = self.p, Module()
        self.state, self.e = Signal(State), Signal(shape(p.last))
        self.fresh, self.drying = Signal(), Signal()  # phases are as at the start; dry run
        self.resume = Signal()  # LIST is the next state
        self.axon, self.pixel = Signal(self.at.axon_bits), Signal(shape(p.pixel))
        self.held, self.final = Signal(), Signal()  # there is one to look at; it is the last
        self.accept, self.advance = Signal(), Signal()
        spike, event, go = Signal(), Signal(), Signal()
        scan = self.state == State.SCAN
        phase, phase_next = Signal(self.phase_shape), Signal(self.phase_shape)
        m.d.comb += [
            spike.eq(self._spike(m, phase, phase_next)),
            event.eq(spike & self.pixel.any()),
            go.eq(self.drying | ~event | (~self.done & self.o.ready)),
            self.accept.eq(self.held & go),
            self.advance.eq(~self.held | (go & ~self.final)),
            self.i.ready.eq(scan & self.advance),
            self.o.valid.eq(self.held & event & ~self.drying & ~self.done),
            self.o.payload.eq(_times(self.axon, p.n_words)),
            self.last_en.eq(self.learn & self.accept & (scan | event & ~self.drying)),
            self.last_axon.eq(self.axon),
            self.last_data.eq(Mux(event & ~self.drying, self.e + 1, 0)),
        ]
        ended, empty = self._list(m, phase, phase_next)
        self._steps(m, ended, empty)
        if p.activity_gain:
            self._peak(m, event)
        return m

    def _spike(self, m, phase, phase_next) -> Value:
        """Return whether `pixel` spikes in step `e`, and drive its next phase."""
        p = self.p
        if p.encoder == "rate":
            total = phase + self.pixel
            m.d.comb += phase_next.eq(total)
            return total[p.phase.width]
        if p.encoder == "periodic":
            total = phase + (self.period_offset + self.pixel)
            spike = total >= self.period_num
            m.d.comb += phase_next.eq(Mux(spike, 0, total))
            return spike
        if p.encoder == "bernoulli":
            register = Signal(lfsr.STATE_WIDTH, init=1)
            register_next = lfsr.step(register)
            restart = self.dry_done if p.activity_gain else Const(0)
            with m.If(self.start | restart):
                m.d.sync += register.eq(self.encoder_lfsr)
            with m.Elif(self.accept & self.pixel.any()):
                m.d.sync += register.eq(register_next)
            return lfsr.drawn(register_next, p.phase.width) < self.pixel
        return ((p.pixel.max - self.pixel) * self.n_steps)[p.pixel.width :] == self.e

    def _list(self, m, phase, phase_next):
        """Keep the active axons; return (last axon or entry is accepted, no axon is active).

        `head` counts axons in SCAN; in LIST it is behind the entry that is read. `tail` is where
        the phase of the one looked at is written and, in SCAN, where the next entry goes.
        """
        n_bits = self.at.axon_bits
        entry = data.StructLayout({"axon": n_bits, "pixel": shape(self.p.pixel)})
        m.submodules.entries = entries = memory.Memory(shape=entry, depth=self.p.n_axons, init=[])
        head, tail, count = Signal(n_bits), Signal(n_bits), Signal(n_bits)
        scan, listing = self.state == State.SCAN, self.state == State.LIST
        empty = Signal()
        ended, load = Signal(), Signal()
        append, fetch = entries.write_port(), entries.read_port()
        listed = self.accept & self.pixel.any()
        m.d.comb += [
            append.addr.eq(tail),
            append.data.axon.eq(self.axon),
            append.data.pixel.eq(self.pixel),
            append.en.eq(scan & listed),
            fetch.addr.eq(head),
            fetch.en.eq(self.advance),
            load.eq(self.advance & (scan & self.i.valid | listing)),
            ended.eq(self.accept & self.final),
        ]
        with m.If(self.advance | ended):
            m.d.sync += self.held.eq(load)
        with m.If(self.advance):
            m.d.sync += [
                self.axon.eq(Mux(scan, head, fetch.data.axon)),
                self.pixel.eq(Mux(scan, self.i.payload, fetch.data.pixel)),
                self.final.eq(head == Mux(scan, self.p.n_axons - 1, count)),
            ]
        if len(phase):
            self._phases(m, append, fetch, phase, phase_next)
        with m.If(listed):
            m.d.sync += [tail.eq(tail + 1), empty.eq(0)]
        with m.If(ended):
            m.d.sync += head.eq(0)
        with m.Elif(load):
            m.d.sync += head.eq(head + 1)
        with m.If(self.state == State.TURN):
            m.d.sync += [tail.eq(0), head.eq(self.resume)]
        with m.If(scan & listed):
            m.d.sync += count.eq(tail + 1)
        with m.If(self.start):
            m.d.sync += [head.eq(0), tail.eq(0), empty.eq(1), self.held.eq(0)]
        return ended, empty

    def _phases(self, m, append, fetch, phase, phase_next):
        """Keep the phases of the active axons, in the order of the list."""
        m.submodules.phases = phases = memory.Memory(
            shape=self.phase_shape, depth=self.p.n_axons, init=[]
        )
        write, read = phases.write_port(), phases.read_port()
        m.d.comb += [
            write.addr.eq(append.addr),
            write.data.eq(phase_next),
            write.en.eq(self.accept & self.pixel.any()),
            read.addr.eq(fetch.addr),
            read.en.eq(fetch.en),
        ]
        start = self.p.phase_start if self.p.encoder == "rate" else 0
        with m.If(self.advance):
            m.d.sync += phase.eq(Mux(self.fresh, start, read.data))

    def _steps(self, m, ended, empty):
        """Go from state to state and count the steps."""
        finished, turn = self.e == self.n_steps, self.state == State.TURN
        ends = ended | (turn & ~finished & empty)
        m.d.comb += self.resume.eq(turn & ~finished & ~empty)
        m.d.sync += self.done.eq(ends | Mux(self.tick, self.e != self.next_step, self.done))
        with m.If(ended):
            m.d.sync += self.state.eq(State.TURN)
        with m.Elif(self.resume):
            m.d.sync += self.state.eq(State.LIST)
        with m.Elif(turn & finished & ~self.drying):
            m.d.sync += self.state.eq(State.DONE)
        with m.If(ends):
            m.d.sync += [self.e.eq(self.e + 1), self.fresh.eq(0)]
        if self.p.activity_gain:
            m.d.comb += self.dry_done.eq(turn & finished & self.drying)
            with m.If(self.dry_done):
                m.d.sync += [self.e.eq(0), self.fresh.eq(1), self.drying.eq(0), self.done.eq(0)]
        with m.If(self.start):
            m.d.sync += [self.state.eq(State.SCAN), self.e.eq(0), self.fresh.eq(1)]
            m.d.sync += self.done.eq(0)
            m.d.sync += self.drying.eq(self.dry if self.p.activity_gain else 0)

    def _peak(self, m, event):
        """Count the events of a step of the dry run, and raise the peak with the count."""
        n_events = Signal.like(self.peak)
        with m.If(self.state == State.TURN):
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
