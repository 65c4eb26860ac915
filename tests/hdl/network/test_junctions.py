"""Gap junctions in gates against what the page says flows through them."""

import random
from dataclasses import replace

import pytest
from amaranth.hdl import Signal

from golden.network.interface import JUNCTION_SHIFT_AT, JUNCTION_SLOT_BITS, JUNCTION_WORDS
from hdl.cells.exact import limbs
from hdl.network.options.junctions import Junctions
from tests.hdl.bench import run
from tests.hdl.network.small import adder, changed

PERIOD, ISSUED, FLOWS, LAST = 6, 10, 11, 14
CHIP = changed(
    kinds=(adder(), replace(adder(bits=30), name="wide")),
    junctions=5,
    junction_factor_bits=20,
    junction_offset_bits=58,
)


class Drawn:
    """Random junctions, and potentials of each kind by slot."""

    def __init__(self, chip, seed):
        self.chip, dice = chip, random.Random(seed)
        self.junctions = [self._junction(dice) for _ in range(chip.junctions)]
        bits = [kind.program.states[0].width for kind in chip.kinds]
        self.potentials = [[self._signed(dice, n) for _ in range(16)] for n in bits]

    @staticmethod
    def _signed(dice, bits):
        return dice.choice((dice.randrange(1 << bits), 0, (1 << bits) - 1)) - (1 << bits - 1)

    def _junction(self, dice):
        before, behind = ((dice.randrange(16), dice.randrange(2)) for _ in range(2))
        factors = [self._signed(dice, self.chip.junction_factor_bits) for _ in range(2)]
        offset = self._signed(dice, self.chip.junction_offset_bits or 1)
        return before, behind, *factors, offset, dice.randrange(1, 64)

    def words(self):
        """Return the memory's."""
        for (slot, kind), (into, inlet), ahead, behind, offset, shift in self.junctions:
            yield slot | kind << JUNCTION_SLOT_BITS
            yield into | inlet << JUNCTION_SLOT_BITS
            yield from (ahead % (1 << 32), behind % (1 << 32), offset % (1 << 32))
            yield (offset >> 32) % (1 << 26) | shift << JUNCTION_SHIFT_AT

    def flow(self, junction):
        """Return what arrives where, before it is cut."""
        (slot, kind), (into, inlet), ahead, behind, offset, shift = junction
        offset = offset if self.chip.junction_offset_bits else 0
        flow = ahead * self.potentials[kind][slot] - behind * self.potentials[inlet][into]
        return into, inlet, (flow + offset + (1 << shift - 1)) >> shift


async def load(ctx, dut, words):
    """Write the memory, as a host does."""
    for index, word in enumerate(words):
        for name, value in (("write", 1), ("index", index), ("data", word)):
            ctx.set(getattr(dut.host, name), value)
        await ctx.tick()
    ctx.set(dut.host.write, 0)


class Memories:
    """Potentials as their memories show them."""

    def __init__(self, dut, drawn):
        self.dut, self.drawn, self.asked = dut, drawn, 0

    async def tick(self, ctx):
        """Let a cycle end; what it asked for is kept two cycles later."""
        wanted = ctx.get(self.dut.wanted)
        await ctx.tick()
        for k, held in enumerate(self.drawn.potentials):
            ctx.set(self.dut.potentials[k], held[self.asked])
        self.asked = wanted


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "chip",
    [CHIP, replace(CHIP, junction_offset_bits=0, junction_factor_bits=9)],
    ids=["offset", "none"],
)
def test_what_flows_and_when(chip, seed):
    dut, drawn = Junctions(chip), Drawn(chip, seed)
    count = chip.junctions - seed % 2

    async def bench(ctx):
        memories = Memories(dut, drawn)
        await load(ctx, dut, drawn.words())
        ctx.set(dut.count, count)
        await ctx.tick()
        ctx.set(dut.run, 1)
        for cycle in range(last := PERIOD * (count - 1) + LAST):
            k, beat = divmod(cycle - ISSUED, PERIOD)
            assert ctx.get(dut.issue) == (beat == 0 and 0 <= k < count)
            assert not ctx.get(dut.done)
            k, beat = divmod(cycle - FLOWS, PERIOD)
            if beat == 0 and 0 <= k < count:
                into, inlet, flow = drawn.flow(drawn.junctions[k])
                assert (ctx.get(dut.slot), ctx.get(dut.inlet)) == (into, inlet)
                assert ctx.get(dut.flow) == ((flow + (1 << 15)) & 0xFFFF) - (1 << 15)
            await memories.tick(ctx)
        assert last
        assert ctx.get(dut.done)

    run(dut, bench)


def test_the_host_reads_what_it_wrote():
    dut, drawn = Junctions(CHIP), Drawn(CHIP, 9)

    async def bench(ctx):
        words = list(drawn.words())
        await load(ctx, dut, words)
        ctx.set(dut.host.read, 1)
        for index, word in enumerate(words):
            ctx.set(dut.host.index, index)
            await ctx.tick()
            assert ctx.get(dut.shown) == word

    run(dut, bench)
    assert len(list(drawn.words())) == JUNCTION_WORDS * CHIP.junctions


@pytest.mark.parametrize(
    ("bits", "width", "cut"), [(18, 18, [18]), (19, 18, [17, 2]), (40, 16, [15, 15, 10])]
)
def test_limbs_are_as_wide_as_a_factor_may_be(bits, width, cut):
    assert [len(limb) for limb in limbs(Signal(bits).as_signed(), width)] == cut
