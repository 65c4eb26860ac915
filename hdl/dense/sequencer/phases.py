"""What phases are made of: how one follows another, and how a word is issued."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from amaranth.hdl import Module
from amaranth.lib import wiring

from golden.dense.interface import MemoryMap, Phase
from golden.dense.params import Params
from hdl.dense.sequencer.state import SequencerState

RESTING = (Phase.IDLE, Phase.HOST, Phase.RESPOND)
"""No presentation is under way, nor does its result wait."""


class Phases(ABC):
    """Phases that belong together.

    Parameters
    ----------
    m : Module
        The sequencer's; a method of this class adds to the phase that is being described there.
    p : Params
        Parameters of the core.
    ports : wiring.Component
        The sequencer, for its ports: ``orders``, ``news``, streams, and registers by name.
    state : SequencerState
        What phases share.
    """

    def __init__(self, m: Module, p: Params, ports: wiring.Component, state: SequencerState):
        self.m, self.p, self.ports, self.state = m, p, ports, state
        self.orders, self.news = ports.orders, ports.news

    @abstractmethod
    def phases(self) -> dict[Phase, Callable[[], None]]:
        """Return what describes each phase, of those that are built."""

    def go(self, phase):
        """Let a phase follow; the last one said counts."""
        self.m.d.sync += [
            self.state.phase.value.eq(self.state.phase.codes[phase]),
            self.state.resting.eq(phase in RESTING),
            self.state.responding.eq(phase == Phase.RESPOND),
            self.state.resulting.eq(phase == Phase.RESULT),
            self.state.integrating.eq(phase == Phase.INTEGRATE),
        ]
        self.restart()

    def restart(self):
        """Let the next cycle be the phase's first."""
        s = self.state
        self.m.d.sync += [s.k.eq(0), s.first.eq(1), s.written.eq(0), s.passed.eq(0)]

    def after(self, last, phase):
        """Let a phase follow after the last cycle of this one."""
        with self.m.If(last):
            self.go(phase)

    def issue(self, **fields):
        """Issue a word of the neuron memory, to be written unless ``write=0``."""
        issue, k = self.orders.issue, self.state.k
        values = {"valid": k < self.p.n_words, "write": 1, "word": k} | fields
        self.m.d.comb += [issue[name].eq(value) for name, value in values.items()]

    def issue_one(self, neuron, **fields):
        """Issue one neuron, in the phase's first cycle."""
        self.issue(valid=self.state.first, word=neuron.word, one=1, lane=neuron.lane, **fields)

    def mark(self, mark, neuron=None):
        """Mark the flags of the word issued, or of one neuron."""
        wta, issue = self.orders.wta, self.orders.issue
        word = issue.word if neuron is None else neuron.word
        if MemoryMap(self.p).has_flags:
            read = issue.valid if neuron is None else self.state.first
            self.m.d.comb += [wta.read.eq(read), wta.word.eq(word), wta.mark.eq(mark)]
        if neuron is not None:
            self.m.d.comb += wta.lane.eq(neuron.lane)

    def begin_step(self):
        """Go to the first phase of a step."""
        p = self.p
        self.go(Phase.INTEGRATE)
        if p.leak_sub:
            with self.m.If(self.ports.leak_sub != 0):
                self.go(Phase.LEAK)
                self.m.d.sync += self.state.subtracting.eq(1)
        if p.leak_shift:
            self.go(Phase.LEAK)
            self.m.d.sync += self.state.subtracting.eq(0)

    def start_sweep(self, neuron, **ports):
        """Change the weights of a neuron; ``ports`` are those of the stage."""
        stdp = self.orders.stdp
        self.m.d.comb += [stdp.start.eq(1), stdp.word.eq(neuron.word)]
        self.m.d.comb += [getattr(stdp, name).eq(value) for name, value in ports.items()]
        self.m.d.sync += self.state.swept.eq(neuron)
        self.go(Phase.SWEEP)

    def close_window(self):
        """Sweep for the window that is pointed at, and close it."""
        windows = self.news.windows
        self.m.d.comb += self.orders.windows.close.eq(1)
        self.start_sweep(windows.of, late=1, punish=0, reference=self.state.step - windows.age)
