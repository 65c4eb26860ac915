"""Releases in gates against the page's formulas, and in its cycles."""

import random
from dataclasses import replace

import pytest

from golden.cells.schedule import ECP5, UP5K
from golden.network.interface import RELEASE_WORDS, SPIKED_BITS
from golden.network.release import ONE
from hdl.network.options.release import Release
from tests.hdl.bench import run
from tests.hdl.network.small import changed

WRITTEN, PUSHED, FULL = 23, 24, 1 << 16
CHIP = changed(plastic_axons=5, releases=3, decays=40)


def rounded(product):
    return (product + ONE // 2) // ONE


class Drawn:
    """Random records and constants: whatever the memories can hold."""

    def __init__(self, chip, seed):
        dice = self.dice = random.Random(seed)
        n = chip.plastic_axons
        self.values = [[self._number(), self._number()] for _ in range(n)]
        self.lasts = [self._last() for _ in range(n)]
        self.constants = [dice.randrange(chip.releases) for _ in range(n)]
        self.releases = [self._release() for _ in range(chip.releases)]
        self.decays = [self._number() for _ in range(chip.decays)]

    def _number(self):
        return self.dice.choice((self.dice.randrange(FULL), self.dice.randrange(ONE), 0, FULL - 1))

    def _last(self):
        return self.dice.choice((0, 5, (1 << SPIKED_BITS) - 3)), self.dice.randrange(4) > 0

    def _release(self):
        tables = [self.dice.randrange(20) for _ in range(6)]
        return [self._number(), *tables, self.dice.randrange(1 << 32)]

    def memories(self):
        """Return the words of every memory, by its host's port."""
        return {
            "values": [u | x << 16 for u, x in self.values],
            "lasts": [last | spiked << SPIKED_BITS for last, spiked in self.lasts],
            "constants": self.constants,
            "releases": [word for release in self.releases for word in release],
            "decays": self.decays,
        }

    def spike(self, axon, step):
        """Return u, x and efficacy, and keep the record."""
        (u, x), (last, spiked) = self.values[axon], self.lasts[axon]
        use, *tables, _ = self.releases[self.constants[axon]]
        age = (step - last) % (1 << SPIKED_BITS)
        recovery, facilitation = (
            self._decay(age, *tables[first : first + 3]) if spiked else 0 for first in (0, 3)
        )
        x = (ONE - rounded((ONE - (x - rounded(u * x))) * recovery)) % FULL
        u = (use + rounded(u * facilitation)) % FULL
        self.values[axon], self.lasts[axon] = [u, x], (step % (1 << SPIKED_BITS), True)
        return u, x, rounded(u * x) % FULL

    def _decay(self, age, coarse, last, fine):
        # A place beyond the table is read modulo the next power of two; none is drawn from there.
        at = coarse + min(age >> 8, last), fine + age % 256
        return rounded(self._at(at[0]) * self._at(at[1]))

    def _at(self, place):
        place %= 64
        return self.decays[place] if place < len(self.decays) else 0


async def load(ctx, dut, drawn):
    """Write all memories, as a host does."""
    for name, words in drawn.memories().items():
        host = getattr(dut, f"host_{name}")
        for index, word in enumerate(words):
            for port, value in (("write", 1), ("index", index), ("data", word)):
                ctx.set(getattr(host, port), value)
            await ctx.tick()
        ctx.set(host.write, 0)


@pytest.mark.parametrize("fabric", [ECP5, UP5K], ids=lambda fabric: fabric.name)
@pytest.mark.parametrize("seed", range(5))
def test_what_is_released_and_when(fabric, seed):
    chip = replace(CHIP, fabric=fabric)
    dut, drawn = Release(chip), Drawn(chip, seed)

    async def bench(ctx):
        await load(ctx, dut, drawn)
        step = drawn.dice.choice((7, (1 << 31) - 2, (1 << 32) - 5))
        for _ in range(12):
            axon = drawn.dice.randrange(chip.plastic_axons)
            ctx.set(dut.step, step)
            u, x, efficacy = drawn.spike(axon, step)
            for name, value in (("spike", 1), ("axon", axon)):
                ctx.set(getattr(dut, name), value)
            assert ctx.get(dut.plastic)
            for time in range(PUSHED):
                assert ctx.get(dut.held) == (time > 0)
                assert (ctx.get(dut.written), ctx.get(dut.ends)) == (time == WRITTEN,) * 2
                if time == WRITTEN:
                    told = ctx.get(dut.at_axon), ctx.get(dut.u), ctx.get(dut.x)
                    assert told == (axon, u, x)
                await ctx.tick()
                ctx.set(dut.spike, 0)
            assert ctx.get(dut.released)
            assert not ctx.get(dut.held)
            assert ctx.get(dut.efficacy) == efficacy
            step = (step + drawn.dice.choice((0, 1, 2, 300, 6000))) % (1 << 32)

    run(dut, bench)


def test_an_axon_that_is_not_plastic_is_over_in_the_next_cycle():
    dut = Release(CHIP)

    async def bench(ctx):
        ctx.set(dut.spike, 1)
        ctx.set(dut.axon, CHIP.plastic_axons)
        assert not ctx.get(dut.plastic)
        assert ctx.get(dut.ends)
        for _ in range(PUSHED + 2):
            await ctx.tick()
            ctx.set(dut.spike, 0)
            assert not ctx.get(dut.held)
            assert not ctx.get(dut.written)
            assert not ctx.get(dut.released)

    run(dut, bench)


def test_the_host_reads_what_it_wrote():
    dut, drawn = Release(CHIP), Drawn(CHIP, 9)

    async def bench(ctx):
        await load(ctx, dut, drawn)
        for name, words in drawn.memories().items():
            ctx.set(getattr(dut, f"host_{name}").read, 1)
            for index, word in enumerate(words):
                ctx.set(getattr(dut, f"host_{name}").index, index)
                await ctx.tick()
                assert ctx.get(getattr(dut, name)) == word
            ctx.set(getattr(dut, f"host_{name}").read, 0)

    run(dut, bench)
    assert len(drawn.memories()["releases"]) == RELEASE_WORDS * CHIP.releases
