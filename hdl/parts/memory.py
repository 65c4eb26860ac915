"""The weight memory's two forms behind one interface: block RAM, and the UP5K's single-port SPRAM.

Both read synchronously and write one lane. The caller of `SinglePort` never reads and writes in
the same cycle; what is read while writing is undefined.
"""

from amaranth.hdl import Array, Cat, ClockSignal, Const, Instance, Module, Mux, Signal, unsigned
from amaranth.lib import memory, wiring
from amaranth.lib.wiring import In, Out

from golden.numbers.formats import index_bits

SPRAM_WIDTH = 16
SPRAM_DEPTH = 1 << 14
NIBBLE = 4


def signature(depth: int, n_lanes: int, width: int) -> dict:
    """Return the ports of a memory of ``depth`` words of ``n_lanes`` lanes."""
    address, word = unsigned(index_bits(depth)), unsigned(n_lanes * width)
    return {
        "read": In(1),
        "word": In(address),
        "row": Out(word),
        "write": In(n_lanes),
        "addr": In(address),
        "data": In(word),
    }


class BlockMemory(wiring.Component):
    """One read and one write port, of their own addresses.

    Members
    -------
    read, word : In(1), In(address)
        Read a word; ``row`` holds it from the next cycle until the next read.
    row : Out(n_lanes * width)
        The word.
    write, addr, data : In(n_lanes), In(address), In(n_lanes * width)
        Write the lanes of ``data`` that ``write`` selects.
    """

    def __init__(self, depth: int, n_lanes: int, width: int):
        self.depth, self.n_lanes, self.width = depth, n_lanes, width
        super().__init__(signature(depth, n_lanes, width))

    def elaborate(self, platform):
        m = Module()
        shape = unsigned(self.n_lanes * self.width)
        m.submodules.words = words = memory.Memory(shape=shape, depth=self.depth, init=[])
        reads, writes = words.read_port(), words.write_port(granularity=self.width)
        m.d.comb += [
            reads.en.eq(self.read),
            reads.addr.eq(self.word),
            self.row.eq(reads.data),
            writes.en.eq(self.write),
            writes.addr.eq(self.addr),
            writes.data.eq(self.data),
        ]
        return m


class SinglePort(wiring.Component):
    """One port: SPRAM blocks side by side on an iCE40, the same behaviour elsewhere.

    Members as of `BlockMemory`; ``write`` decides which address is used.
    """

    def __init__(self, depth: int, n_lanes: int, width: int):
        self.depth, self.n_lanes, self.width = depth, n_lanes, width
        super().__init__(signature(depth, n_lanes, width))

    def elaborate(self, platform):
        if getattr(platform, "device", "").startswith("iCE40UP"):
            return self._spram()
        return self._behaviour()

    def _behaviour(self):
        m = Module()
        m.submodules.block = block = BlockMemory(self.depth, self.n_lanes, self.width)
        writing = self.write.any()
        address = Mux(writing, self.addr, self.word)
        m.d.comb += [
            block.read.eq(self.read & ~writing),
            block.word.eq(address),
            self.row.eq(block.row),
            block.write.eq(self.write),
            block.addr.eq(address),
            block.data.eq(self.data),
        ]
        return m

    def _spram(self):
        """Place blocks: columns of 16 bits, banks of 16384 words."""
        bits = self.n_lanes * self.width
        if self.width % NIBBLE:
            raise ValueError(f"weight_bits must be a multiple of 4 in SPRAM, not {self.width}")
        if bits % SPRAM_WIDTH:
            raise ValueError(f"n_lanes * weight_bits must be a multiple of 16 in SPRAM, not {bits}")
        m = Module()
        writing, address = Signal(), Signal(index_bits(self.depth))
        m.d.comb += [writing.eq(self.write.any()), address.eq(Mux(writing, self.addr, self.word))]
        n_banks = -(-self.depth // SPRAM_DEPTH)
        bank = address[14:] if n_banks > 1 else Const(0, 1)
        bank_q = Signal(index_bits(n_banks))
        m.d.sync += bank_q.eq(bank)
        columns = []
        for low in range(0, bits, SPRAM_WIDTH):
            lanes = [self.write[bit // self.width] for bit in range(low, low + 16, NIBBLE)]
            outputs = Array(
                self._block(m, address, bank == i, writing, low, lanes) for i in range(n_banks)
            )
            columns.append((low, outputs))
        for low, outputs in columns:
            m.d.comb += self.row[low : low + SPRAM_WIDTH].eq(outputs[bank_q])
        return m

    def _block(self, m, address, chosen, writing, low, lanes):
        output = Signal(SPRAM_WIDTH)
        mask = [lane & chosen & writing for lane in lanes]
        m.submodules += Instance(
            "SB_SPRAM256KA",
            i_ADDRESS=address[:14],
            i_DATAIN=self.data[low : low + SPRAM_WIDTH],
            i_MASKWREN=Cat(mask),
            i_WREN=writing & chosen,
            i_CHIPSELECT=chosen,
            i_CLOCK=ClockSignal(),
            i_STANDBY=Const(0),
            i_SLEEP=Const(0),
            i_POWEROFF=Const(1),
            o_DATAOUT=output,
        )
        return output
