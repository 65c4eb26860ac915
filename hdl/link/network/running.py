"""Runs of the network, its spikes on their way out, and those that come from outside."""

from enum import Enum, auto

from amaranth.hdl import C, Cat, Module, Mux, Signal, Value
from amaranth.lib.fifo import SyncFIFOBuffered

from golden.network.chip import Chip
from hdl.link.executor import Executor
from hdl.link.graph import LinkState
from hdl.link.network.protocol import (
    HEAD,
    LENGTHS,
    MOST_ITEMS,
    MOST_SPIKES,
    SPIKE_BYTES,
    Buffers,
    NetworkOp,
    NetworkStatus,
    value_bits,
)
from hdl.link.network.spikes import SpikeBuffer
from hdl.link.protocol import Status
from hdl.link.service import Ask, Service
from hdl.link.totals import Totals

ITEM_BYTES = 4


class RunningState(Enum):
    """What is done with a run.

    ::

        LOW -> HIGH -> START -> ANSWER         RUN: the core begins, and goes on by itself
        LOW -> HIGH -> JUDGE ... -> COUNT      FETCH: is there such a spike?
        COUNT ... -> REWIND -> SIZE            how many are told?
        TELL ... -> END                        its answer
        ITEM -> ITEM ... -> ANSWER             FEED
        QUIET ... -> ANSWER                    HELLO, RESET: a run is broken off, buffers are empty
    """

    LOW = auto()
    HIGH = auto()
    START = auto()
    JUDGE = auto()
    COUNT = auto()
    REWIND = auto()
    TELL = auto()
    ITEM = auto()
    QUIET = auto()


class Running(Service):
    """RUN, FETCH and FEED.

    A run goes on while requests are done; the core waits by itself where a buffer is full or empty.
    The tally counts its cycles: nobody else needs it, as READ and WRITE are refused meanwhile.

    Parameters
    ----------
    chip : Chip
        What the core is made for.
    buffers : Buffers
        How much is kept between the core and the line.
    """

    asks = {
        NetworkOp.RUN: Ask(RunningState.LOW, LENGTHS[NetworkOp.RUN]),
        NetworkOp.FETCH: Ask(RunningState.LOW, LENGTHS[NetworkOp.FETCH], tell=RunningState.TELL),
        NetworkOp.FEED: Ask(RunningState.ITEM, LENGTHS[NetworkOp.FEED]),
    }
    ready = RunningState.QUIET
    refusal = NetworkStatus.RUNNING

    def __init__(self, chip: Chip, buffers: Buffers):
        self.buffers = buffers
        self.value_bits = value_bits(chip)
        self.running = Signal()
        self.under_way = Signal()
        """The same when FETCH counted the spikes."""
        self.telling_spikes = Signal()
        """The head of the answer has been told."""
        self.items = SyncFIFOBuffered(width=self.value_bits + 1, depth=buffers.items)

    def renew(self, m: Module, executor: Executor) -> None:
        """Reset the core, whatever it does."""
        m.d.comb += executor.restart.eq(1)
        m.d.sync += self.running.eq(0)

    def describe(self, m: Module, executor: Executor, totals: Totals) -> None:
        """Add the states, and the buffers."""
        e = executor
        shape = e.spikes.payload.shape()
        self.kept = SpikeBuffer(self.buffers.spikes, shape)
        m.submodules.kept, m.submodules.items = self.kept, self.items
        m.d.comb += [
            self.kept.i.valid.eq(e.spikes.valid),
            self.kept.i.payload.eq(e.spikes.payload),
            e.spikes.ready.eq(self.kept.i.ready),
            e.external.valid.eq(self.items.r_rdy),
            e.external.payload.value.eq(self.items.r_data[:-1]),
            e.external.payload.end.eq(self.items.r_data[-1]),
            self.items.r_en.eq(e.external.ready | e.states.at(RunningState.QUIET)),
            e.start.payload.steps.eq(Cat(e.seq, e.value)),
            e.done.ready.eq(self.running),
            e.tally.cycle.eq(self.running),
        ]
        with m.If(self.running & e.done.valid):
            m.d.sync += self.running.eq(0)
        self._two_bytes(m, e)
        self._fetch(m, e)
        self._feed(m, e)
        with e.states.state(m, RunningState.QUIET):
            with m.If(self.running):
                self.renew(m, e)
            with m.Elif(~self.items.r_rdy):
                # The core is reset in this cycle at the latest; what it says now is forgotten.
                m.d.comb += self.kept.clear.eq(1)
                e.states.go(m, LinkState.ANSWER)

    def _two_bytes(self, m, e):
        """Read how many steps, or the position from which on spikes are wanted."""
        with e.states.state(m, RunningState.LOW):
            m.d.sync += e.seq.eq(e.value)
            e.fetch(m, RunningState.HIGH)
            with m.If(e.op.asks(NetworkOp.RUN) & self.running):
                e.fail(m, NetworkStatus.RUNNING)
        with e.states.state(m, RunningState.HIGH):
            e.states.go(m, RunningState.JUDGE)
            with m.If(e.op.asks(NetworkOp.RUN)):
                e.states.go(m, RunningState.START)
        with e.states.state(m, RunningState.START):
            m.d.comb += [e.start.valid.eq(1), e.tally.clear.eq(1)]
            with m.If(e.start.ready):
                m.d.sync += self.running.eq(1)
                e.states.go(m, LinkState.ANSWER)

    def _fetch(self, m, e):
        kept, head = self.kept, 1 + HEAD.size
        position = Cat(e.seq, e.value)
        # Behind the two bytes of its step.
        m.d.comb += [kept.position.eq(position), kept.second.eq(e.sub[1:].any())]
        with m.If(e.states.at(RunningState.HIGH)):
            # Without a run under way, no spike follows those that are counted from here on.
            m.d.sync += [self.under_way.eq(self.running), self.telling_spikes.eq(0)]
            m.d.comb += kept.rewind.eq(1)
        with e.states.state(m, RunningState.JUDGE):
            with m.If(kept.at == position):
                m.d.comb += e.left.more.eq(head)
                e.states.go(m, RunningState.COUNT)
            with m.Elif(kept.none):
                e.fail(m, Status.BAD_VALUE)
            with m.Else():
                m.d.comb += kept.step.eq(1)
        with e.states.state(m, RunningState.COUNT):
            with m.If(kept.none | (e.left.number == head + SPIKE_BYTES * MOST_SPIKES)):
                # Not before: a core that has waited for room goes on.
                m.d.comb += kept.release.eq(1)
                e.states.go(m, RunningState.REWIND)
            with m.Else():
                m.d.comb += [kept.step.eq(1), e.left.more.eq(SPIKE_BYTES)]
        with e.states.state(m, RunningState.REWIND):
            m.d.comb += kept.rewind.eq(1)
            e.states.go(m, LinkState.SIZE)
        with e.states.state(m, RunningState.TELL), m.If(e.answer(m)):
            # Bytes are so far apart that the memory has shown the next spike.
            spike_ends = self.telling_spikes & (e.sub == SPIKE_BYTES - 1)
            head_ends = ~self.telling_spikes & (e.sub == HEAD.size - 1)
            m.d.comb += [
                e.sub_step.eq(1),
                e.sub_clear.eq(spike_ends | head_ends),
                kept.step.eq(spike_ends),
            ]
            with m.If(head_ends):
                m.d.sync += self.telling_spikes.eq(1)
            with m.If(e.left.last):
                e.states.go(m, LinkState.END)

    def _feed(self, m, e):
        item = Signal(24)
        m.d.comb += self.items.w_data.eq(Cat(item[: self.value_bits], e.value[0]))
        with e.states.state(m, RunningState.ITEM):
            m.d.comb += [e.sub_step.eq(1), self.items.w_en.eq(e.part == ITEM_BYTES - 1)]
            for byte in range(ITEM_BYTES - 1):
                with m.If(e.part == byte):
                    m.d.sync += item.word_select(byte, 8).eq(e.value)
            e.fetch(m, RunningState.ITEM)
            # In the first byte of an item so many are left behind it.
            behind = e.left.number[2:]
            with m.If(e.part == 0):
                with m.If(e.left.number[:2] != ITEM_BYTES - 1):
                    e.fail(m, Status.BAD_LENGTH)
                with m.Elif(self.items.level + behind >= self.buffers.items):
                    e.fail(m, NetworkStatus.NO_ROOM)

    def state(self) -> Value:
        """Return whether a run is under way."""
        return Cat(self.running, C(0, 7))

    def occupied(self) -> Value:
        """Return whether a run is under way."""
        return self.running

    def operand(self, executor: Executor) -> Value:
        """Return a byte of cycles, whether a run is under way and room for items; or a spike's."""
        e, free = executor, self.buffers.items - self.items.level
        room = Mux(free > MOST_ITEMS, MOST_ITEMS, free)
        head = Cat(e.tally.value, self.under_way, C(0, 7), room[:8])
        # A neuron has two bytes, and a third that is 0.
        spike = Cat(self.kept.half, self.kept.half, C(0, 8))
        return Mux(self.telling_spikes, spike, head).word_select(e.sub[:3], 8)
