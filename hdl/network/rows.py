"""Rows: where the synapses of every axon are, and the push of one that spikes."""

from amaranth.hdl import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import DUE_BITS, Chip
from golden.numbers.formats import index_bits
from hdl.network.ring import QueueEntry
from hdl.network.tables import HOST, LoadedMemory


class AxonRows(wiring.Component):
    """An axon that spikes in a cycle is pushed in the next.

    Members
    -------
    spike, axon : In(1), In(index of an axon)
    step : In(8)
        The step, modulo 256.
    push, new : Out(1), Out(QueueEntry)
        To the queue; no push if the axon has no row.
    host_runs, host_synapses : In(Access)
    runs, synapses : Out
        What the host reads.
    """

    def __init__(self, chip: Chip):
        self.chip = chip
        self.run_bits, self.synapse_bits = index_bits(chip.runs), index_bits(chip.synapses)
        super().__init__({
            "spike": In(1),
            "axon": In(index_bits(chip.axons)),
            "step": In(DUE_BITS),
            "push": Out(1),
            "new": Out(QueueEntry(chip)),
            "host_runs": HOST,
            "host_synapses": HOST,
            "runs": Out(self.run_bits + DUE_BITS + 1),
            "synapses": Out(self.synapse_bits),
        })

    def elaborate(self, platform):
        m = Module()
        m.submodules.runs = runs = LoadedMemory(self.chip.axons, len(self.runs))
        m.submodules.synapses = synapses = LoadedMemory(self.chip.axons, len(self.synapses))
        wiring.connect(m, wiring.flipped(self.host_runs), runs.host)
        wiring.connect(m, wiring.flipped(self.host_synapses), synapses.host)
        spiked, delay = Signal(), self.runs[self.run_bits :][:DUE_BITS]
        m.d.sync += spiked.eq(self.spike)
        m.d.comb += [
            runs.address.eq(self.axon),
            synapses.address.eq(self.axon),
            self.runs.eq(runs.word),
            self.synapses.eq(synapses.word),
            self.push.eq(spiked & self.runs[-1]),
            self.new.run.eq(self.runs[: self.run_bits]),
            self.new.synapse.eq(self.synapses),
            self.new.due.eq(self.step + delay),
        ]
        return m
