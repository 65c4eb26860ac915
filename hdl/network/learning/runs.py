# amaranth: UnusedElaboratable=no
"""What is known of the arrivals of runs that learn."""

from amaranth.hdl import Cat, Module, Signal, unsigned
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip, unit
from golden.network.interface import STEP_BITS
from golden.network.rules.interface import LAST_BITS, OFF
from golden.numbers.formats import index_bits
from hdl.network.learning.aftermath import Aftermath
from hdl.network.learning.layouts import RunPast, traces
from hdl.network.learning.memory import SharedMemory
from hdl.network.tables import HOST, LoadedMemory
from hdl.parts.delay import delayed


class RunMemories(wiring.Component):
    """Arrivals of a run are read with the run itself, and marked when it is walked.

    Members
    -------
    address : In(index of a run)
    learned : In
        So many runs learn.
    past : Out(RunPast)
        Of the run at ``address`` in the cycle before.
    begun, run : In
        This run has been taken in the cycle before, in WALK; it is marked if it learns.
    step : In(32)
    mark, at, traces : Out
        A run is marked: written.
    host_lasts, host_traces : In(Access), In(array of Access)
    lasts, kept : Out
        What the host reads.
    host_delays, delays, host_rules, rules : In(Access), Out, In(Access), Out
        Of what stands still of runs, as far as the programs read it.
    """

    def __init__(self, chip: Chip):
        self.chip, self.learner = chip, unit(chip)
        run, n = index_bits(self.learner.runs), len(self.learner.side("pre"))
        self.aftermath = Aftermath(chip, "pre", run)
        super().__init__({
            "address": In(index_bits(chip.runs)),
            "learned": In(self.learner.runs.bit_length()),
            "past": Out(RunPast(self.learner)),
            "begun": In(1),
            "run": In(RunPast(self.learner)),
            "step": In(STEP_BITS),
            "mark": Out(1),
            "at": Out(run),
            "traces": Out(traces(self.learner, "pre")),
            "host_lasts": HOST,
            **{f"host_trace_{i}": HOST for i in range(n)},
            "lasts": Out(LAST_BITS + 1),
            "kept": Out(data.ArrayLayout(unsigned(self.learner.trace_bits), n)),
            **{f"host_{name}s": HOST for name in self.learner.standing},
            **{f"{name}s": Out(bits) for name, bits in self.learner.standing.items()},
        })

    def elaborate(self, platform):
        m = Module()
        m.submodules.aftermath = after = self.aftermath
        step, past = self.step[:LAST_BITS], self.past
        address, learns = delayed(m, self.address, reset_less=True), Signal()
        m.d.comb += [
            learns.eq(address < self.learned),
            past.run.eq(address),
            past.learns.eq(learns),
            past.taught.eq(learns & (self.lasts[LAST_BITS] | (self.lasts[0] != OFF))),
            past.arrivals.last.eq(self.lasts[:LAST_BITS]),
            past.arrivals.there.eq(self.lasts[LAST_BITS]),
            past.arrivals.traces.eq(self.kept),
            after.event.eq(self.begun & self.run.taught),
            after.of.eq(self.run.run),
            after.past.eq(self.run.arrivals),
            after.now.eq(step),
            self.mark.eq(after.done),
            self.at.eq(after.at),
            self.traces.eq(after.traces),
        ]
        self._memory(m, "lasts", self.host_lasts, self.lasts, Cat(step, 1))
        for i in range(len(self.kept)):
            host = getattr(self, f"host_trace_{i}")
            self._memory(m, f"trace_{i}", host, self.kept[i], self.traces[i])
        for name, bits in self.learner.standing.items():
            self._standing(m, name, bits)
        return m

    def _standing(self, m, name, bits):
        columns = self.chip.fabric.columns(self.learner.runs, bits)
        m.submodules[f"{name}s"] = memory = LoadedMemory(self.learner.runs, bits, columns)
        wiring.connect(m, wiring.flipped(getattr(self, f"host_{name}s")), memory.host)
        m.d.comb += [
            memory.address.eq(self.address),
            getattr(self, f"{name}s").eq(memory.word),
            self.past[name].eq(memory.word),
        ]

    def _memory(self, m, name, host, shown, new):
        m.submodules[name] = memory = SharedMemory(self.chip.fabric, self.learner.runs, len(shown))
        wiring.connect(m, wiring.flipped(host), memory.host)
        m.d.comb += [
            memory.address.eq(self.address),
            shown.eq(memory.word),
            memory.write.eq(self.mark),
            memory.at.eq(self.at),
            memory.value.eq(new),
        ]
