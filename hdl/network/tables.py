"""Memories that the core reads and only the host writes, and the host's way into any memory."""

from amaranth.hdl import Module, Mux
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.network.interface import DATA_BITS, INDEX_BITS
from golden.numbers.formats import index_bits
from hdl.parts.memory import BlockMemory, signature


class Access(wiring.Signature):
    """Read or write a word.

    Members
    -------
    read : Out(1)
        Show the word ``index``.
    write : Out(1)
        Write ``data`` there, what fits of it.
    index, data : Out(24), Out(32)
        Stand still in all cycles of a request.
    """

    def __init__(self):
        super().__init__({
            "read": Out(1),
            "write": Out(1),
            "index": Out(INDEX_BITS),
            "data": Out(DATA_BITS),
        })


def grant(m: Module, access: wiring.PureInterface, host: wiring.Component, region: int) -> None:
    """Give a memory what the host wants of its region."""
    m.d.comb += [
        access.read.eq(host.read),
        access.write.eq(host.write[region]),
        access.index.eq(host.index),
        access.data.eq(host.data),
    ]


HOST = In(Access())
"""A port that the host has into a memory."""


class ColumnMemory(wiring.Component):
    """Memories side by side, each of some bits of a word; members as of `BlockMemory`.

    Synthesis gives a memory blocks of one shape: several have the shape that suits each best.

    Parameters
    ----------
    columns : tuple of int
        Bits of each, the lowest ones first.
    """

    def __init__(self, depth: int, columns: tuple[int, ...]):
        self.depth, self.columns = depth, columns
        super().__init__(signature(depth, 1, sum(columns)))

    def elaborate(self, platform):
        m = Module()
        low = 0
        for number, width in enumerate(self.columns):
            m.submodules[f"column{number}"] = column = BlockMemory(self.depth, 1, width)
            m.d.comb += [
                column.read.eq(self.read),
                column.word.eq(self.word),
                column.write.eq(self.write),
                column.addr.eq(self.addr),
                column.data.eq(self.data[low : low + width]),
                self.row[low : low + width].eq(column.row),
            ]
            low += width
        return m


class LoadedMemory(wiring.Component):
    """Words of bits; latency 1 cycle, a word is read in every cycle.

    Parameters
    ----------
    depth, width : int
        Words, bits of a word.
    columns : tuple of int, optional
        Bits of the memories that it is made of; without, it is one.

    Members
    -------
    address : In(index of a word)
    word : Out(width)
        What stood at ``address`` in the cycle before; what the host reads, if it does.
    host : In(Access)
    """

    def __init__(self, depth: int, width: int, columns: tuple[int, ...] = ()):
        self.depth, self.columns = depth, columns or (width,)
        super().__init__({"address": In(index_bits(depth)), "word": Out(width), "host": HOST})

    def elaborate(self, platform):
        m = Module()
        m.submodules.words = words = ColumnMemory(self.depth, self.columns)
        m.d.comb += [
            words.read.eq(1),
            words.word.eq(Mux(self.host.read, self.host.index, self.address)),
            words.write.eq(self.host.write),
            words.addr.eq(self.host.index),
            words.data.eq(self.host.data),
            self.word.eq(words.row),
        ]
        return m
