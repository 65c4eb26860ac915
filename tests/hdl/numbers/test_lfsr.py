"""Random register in gates: every bit of it, and long walks, against golden."""

import random

from amaranth.hdl import Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.numbers import lfsr as golden
from hdl.numbers import lfsr
from hdl.numbers.lfsr import STATE_WIDTH
from tests.hdl.bench import run
from tests.shared.by_hand import ALL_ONES_NEXT, WORDS

ONES = (1 << STATE_WIDTH) - 1
BITS = [1 << i for i in range(STATE_WIDTH)]
WALK = 500


class Step(wiring.Component):
    """One step, and draws of every width."""

    def __init__(self):
        draws = {f"draw{n}": Out(n) for n in range(STATE_WIDTH + 1)}
        super().__init__({"state": In(STATE_WIDTH), "next": Out(STATE_WIDTH), **draws})

    def elaborate(self, platform):
        m = Module()
        m.d.comb += self.next.eq(lfsr.step(self.state))
        for n in range(STATE_WIDTH + 1):
            m.d.comb += getattr(self, f"draw{n}").eq(lfsr.drawn(self.next, n))
        return m


def steps(states):
    """Step from each state; return the words."""
    dut, words = Step(), []

    async def bench(ctx):
        for state in states:
            ctx.set(dut.state, state)
            words.append(ctx.get(dut.next))
            await ctx.tick()

    run(dut, bench)
    return words


# By hand


def test_published_words():
    assert steps([1, *WORDS[:2]]) == list(WORDS)


def test_upper_ten_bits_of_a_chosen_word_are_ones():
    (word,) = steps([ALL_ONES_NEXT])
    assert word >> 22 == 0x3FF


# Equality


def test_step_equals_golden_in_every_bit():
    # Both are linear over GF(2), so these states stand for all.
    rng = random.Random(1)
    states = [*BITS, 0, ONES, *(rng.randrange(ONES) for _ in range(WALK))]
    words = steps(states)
    assert words == [golden.step(state) for state in states]
    found = {}
    for state, word in zip(states, words, strict=True):
        found[state] = word
    for a, b in zip(BITS, BITS[1:], strict=False):
        assert steps([a | b]) == [found[a] ^ found[b]]


def test_draws_of_every_width_equal_golden():
    dut, seen = Step(), []

    async def bench(ctx):
        state = 1
        for i in range(WALK):
            ctx.set(dut.state, state)
            n = i % (STATE_WIDTH + 1)
            word, state = golden.draw(state, n)
            assert ctx.get(getattr(dut, f"draw{n}")) == word
            assert ctx.get(dut.next) == state
            seen.append(word)
            await ctx.tick()

    run(dut, bench)
    assert len(set(seen)) > WALK // 2
