"""A memory that a core reads and writes in its steps, and its host between them."""

from amaranth.hdl import Module, Mux
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.cells.schedule import Fabric
from golden.numbers.formats import index_bits
from hdl.network.tables import HOST, ColumnMemory


class SharedMemory(wiring.Component):
    """Words of bits; latency 1 cycle, a word is read in every cycle.

    Parameters
    ----------
    fabric : Fabric
        Says into which columns it is cut.
    depth, width : int
        Words, bits of a word.

    Members
    -------
    address : In(index of a word)
    word : Out(width)
        What stood at ``address`` in the cycle before; what the host reads, if it does.
    write, at, value : In(1), In(index of a word), In(width)
        Write a word.
    host : In(Access)
    """

    def __init__(self, fabric: Fabric, depth: int, width: int):
        self.depth, self.columns = depth, fabric.columns(depth, width)
        place = index_bits(depth)
        super().__init__({
            "address": In(place),
            "word": Out(width),
            "write": In(1),
            "at": In(place),
            "value": In(width),
            "host": HOST,
        })

    def elaborate(self, platform):
        m = Module()
        m.submodules.words = words = ColumnMemory(self.depth, self.columns)
        m.d.comb += [
            words.read.eq(1),
            words.word.eq(Mux(self.host.read, self.host.index, self.address)),
            words.write.eq(self.write | self.host.write),
            words.addr.eq(Mux(self.host.write, self.host.index, self.at)),
            words.data.eq(Mux(self.host.write, self.host.data, self.value)),
            self.word.eq(words.row),
        ]
        return m
