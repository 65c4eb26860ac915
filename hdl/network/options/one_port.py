"""Rows behind the runs and the synapses, in memories with one port, idle in EXTERNAL and EMIT."""

from types import SimpleNamespace

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import DUE_BITS, Chip
from golden.network.interface import Phase, Region
from golden.numbers.formats import index_bits
from hdl.network.tables import HOST
from hdl.parts.memory import SPRAM_WIDTH, SinglePort


class TableWithRows(wiring.Component):
    """A table, and behind it a row for every axon; latency 1 cycle, one of them is read a cycle.

    Parameters
    ----------
    chip : Chip
    depth, width : int
        Words of the table, bits of one.
    row_bits : int
        Of what stands here of a row.

    Members
    -------
    address : In(index of a word)
    rows, row : In(1), In(index of an axon)
        Read this row instead.
    word, of_row : Out(width), Out(row_bits)
        What was read in the cycle before: one of them.
    host, host_rows : In(Access)
        Of the table, of the rows; both read at once, a row with ``rows``.
    """

    def __init__(self, chip: Chip, depth: int, width: int, row_bits: int):
        self.base, self.row_bits = chip.rows_at(depth), row_bits
        self.depth, self.width = self.base + (1 << index_bits(chip.axons)), width
        super().__init__({
            "address": In(index_bits(depth)),
            "rows": In(1),
            "row": In(index_bits(chip.axons)),
            "word": Out(width),
            "of_row": Out(row_bits),
            "host": HOST,
            "host_rows": HOST,
        })

    def elaborate(self, platform):
        m = Module()
        whole = -(-max(self.width, self.row_bits) // SPRAM_WIDTH) * SPRAM_WIDTH
        m.submodules.words = words = SinglePort(self.depth, 1, whole)
        address, low = Signal.like(words.word), len(self.row)
        # One choice between the host and a row, for both memories.
        index = Mux(self.host.read, self.host.index, self.row)[:low]
        direct = Mux(self.host.read, self.host.index, self.address)[: len(address)]
        base = self.base >> low
        m.d.comb += [
            address[:low].eq(Mux(self.rows | self.host.read, index, self.address)),
            address[low:].eq(Mux(self.rows, base, direct[low:])),
            words.read.eq(1),
            words.word.eq(address),
            words.write.eq(self.host.write | self.host_rows.write),
            words.addr.eq(address),
            words.data.eq(Mux(self.rows, self.host_rows.data, self.host.data)),
            self.word.eq(words.row),
            self.of_row.eq(words.row),
        ]
        return m


def wire_rows(m: Module, s: SimpleNamespace) -> None:
    """Let axons that spike read their rows, and the host."""
    phase, region = s.sequencer.phase, s.host.request.region
    asked = Signal()
    m.d.comb += asked.eq((phase == Phase.EXTERNAL) | (phase == Phase.EMIT))
    tables = {
        Region.ROW_RUNS: (s.runs, s.rows.run_at),
        Region.ROW_SYNAPSES: (s.synapses, s.rows.synapse_at),
    }
    for number, (table, shown) in tables.items():
        m.d.comb += [
            table.rows.eq(asked | (phase == Phase.HOST) & (region == number)),
            table.row.eq(s.rows.row),
            shown.eq(table.of_row),
            table.host_rows.write.eq(s.host.write[number]),
            table.host_rows.data.eq(s.host.data),
        ]
    run_bits = len(s.rows.run_at) - 1
    data = s.host.data
    m.d.comb += s.runs.host_rows.data.eq(Cat(data[:run_bits], data[run_bits + DUE_BITS]))
