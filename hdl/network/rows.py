"""Rows: where the synapses of every axon are, and the push of one that spikes."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import DUE_BITS, Chip
from golden.network.interface import EFFICACY_BITS
from golden.network.release import ONE
from golden.numbers.formats import index_bits
from hdl.network.ring import QueueEntry
from hdl.network.tables import HOST, LoadedMemory


class AxonRows(wiring.Component):
    """An axon that spikes at d is pushed at d + 2, a plastic one when it is released.

    Members
    -------
    spike, axon : In(1), In(index of an axon)
    step : In(8)
        The step, modulo 256.
    plastic, released, efficacy : In
        Only in a chip with plastic axons: the axon that spikes is one; the last that did is
        released with this efficacy.
    push, new : Out(1), Out(QueueEntry)
        To the queue; no push if the axon has no row.
    host_runs, host_synapses : In(Access)
    runs, synapses : Out
        What the host reads.
    run_at, synapse_at : In
        Only in a chip with `Chip.single_port`, whose rows lie with runs and synapses, but for the
        delays: what these memories show of a row, its run's address and `present`, and its
        synapse's address.
    row : Out(index of an axon)
        In the same: whose row that is to be in the next cycle.
    """

    def __init__(self, chip: Chip):
        self.chip = chip
        self.run_bits, self.synapse_bits = index_bits(chip.runs), index_bits(chip.synapses)
        plastic = {"plastic": In(1), "released": In(1), "efficacy": In(EFFICACY_BITS)}
        super().__init__({
            **(plastic if chip.plastic_axons else {}),
            "spike": In(1),
            "axon": In(index_bits(chip.axons)),
            "step": In(DUE_BITS),
            "push": Out(1),
            "new": Out(QueueEntry(chip)),
            "host_runs": HOST,
            "host_synapses": HOST,
            "runs": Out(self.run_bits + DUE_BITS + 1),
            "synapses": Out(self.synapse_bits),
            **(self._beside() if chip.single_port else {}),
        })

    def _beside(self):
        row = Out(index_bits(self.chip.axons))
        return {"run_at": In(self.run_bits + 1), "synapse_at": In(self.synapse_bits), "row": row}

    def elaborate(self, platform):
        m = Module()
        axon, delay = Signal.like(self.axon), self.runs[self.run_bits :][:DUE_BITS]
        # Rows are many tables or blocks: nothing but a register addresses them. That of a plastic
        # axon stays addressed until it is released.
        with m.If(self.spike):
            m.d.sync += axon.eq(self.axon)
        with m.If(self.host_runs.read):
            m.d.sync += axon.eq(self.host_runs.index)
        if self.chip.single_port:
            self._delays(m, axon)
        else:
            self._memories(m, axon)
        m.d.comb += [
            self.push.eq(self._pushed(m) & self.runs[-1]),
            self.new.run.eq(self.runs[: self.run_bits]),
            self.new.synapse.eq(self.synapses),
            self.new.due.eq(self.step + delay),
        ]
        return m

    def _memories(self, m, axon):
        m.submodules.runs = runs = LoadedMemory(self.chip.axons, len(self.runs))
        m.submodules.synapses = synapses = LoadedMemory(self.chip.axons, len(self.synapses))
        for memory, host in ((runs, self.host_runs), (synapses, self.host_synapses)):
            m.d.comb += [
                memory.host.write.eq(host.write),
                memory.host.index.eq(host.index),
                memory.host.data.eq(host.data),
            ]
        m.d.comb += [
            runs.address.eq(axon),
            synapses.address.eq(axon),
            self.runs.eq(runs.word),
            self.synapses.eq(synapses.word),
        ]

    def _delays(self, m, axon):
        """Keep the delays; the rest of a row comes from elsewhere."""
        m.submodules.delays = delays = LoadedMemory(self.chip.axons, DUE_BITS)
        wiring.connect(m, wiring.flipped(self.host_runs), delays.host)
        m.d.comb += [
            delays.host.data.eq(self.host_runs.data[self.run_bits :]),
            delays.address.eq(axon),
            self.row.eq(axon),
            self.runs.eq(
                Cat(self.run_at[: self.run_bits], delays.word, self.run_at[self.run_bits])
            ),
            self.synapses.eq(self.synapse_at),
        ]

    def _pushed(self, m):
        """Return whether a row is pushed."""
        asked, there = Signal(), Signal()
        m.d.sync += [asked.eq(self.spike), there.eq(asked)]
        if not self.chip.plastic_axons:
            return there
        m.d.sync += asked.eq(self.spike & ~self.plastic)
        m.d.comb += self.new.efficacy.eq(Mux(self.released, self.efficacy, ONE))
        return there | self.released
