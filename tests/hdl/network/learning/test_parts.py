"""Parts of a chip that learns, each alone: what they do in which cycle."""

import pytest
from amaranth.hdl import Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import unit
from golden.network.rules import PairSTDP
from golden.network.rules.decays import AGE_BITS, AGE_MOST
from golden.network.rules.interface import LAST_BITS
from golden.network.rules.words import NORM_FACTOR, NORM_POINT
from hdl.network.learning.age import elapsed
from hdl.network.learning.backlog import Backlog
from hdl.network.learning.latest import FOUND, LatestPost
from hdl.network.learning.layouts import SpikePast
from hdl.network.learning.norm import NormSums
from hdl.network.learning.places import PlaceMemories
from hdl.network.learning.replay import AllPlaces, LearnedRuns
from sim.battery.small import normed
from tests.hdl.bench import run
from tests.hdl.network.learning.rules import learner_chip

CHIP = learner_chip(PairSTDP(pairs="nearest", w_max=100))
AROUND = 1 << LAST_BITS


class Since(wiring.Component):
    """`elapsed` with ports."""

    def __init__(self):
        super().__init__({
            "now": In(LAST_BITS),
            "past": In(SpikePast(unit(CHIP), "pre")),
            "age": Out(AGE_BITS),
            "before": Out(1),
        })

    def elaborate(self, platform):
        m = Module()
        found = elapsed(m, self.now, self.past)
        m.d.comb += [self.age.eq(found.age), self.before.eq(found.before)]
        return m


@pytest.mark.parametrize(
    ("now", "last", "there", "age", "before"),
    [
        (9, 4, 1, 5, 0),
        (4, 4, 1, 0, 0),
        (4, 9, 1, AGE_MOST, 1),
        (9, 4, 0, AGE_MOST, 0),
        (4, 9, 0, AGE_MOST, 0),
        (2, AROUND - 3, 1, 5, 0),
        (AROUND - 3, 2, 1, AGE_MOST, 1),
        (AGE_MOST - 1, 0, 1, AGE_MOST - 1, 0),
        (AGE_MOST + 1, 0, 1, AGE_MOST, 0),
    ],
)
def test_steps_since_a_spike(now, last, there, age, before):
    dut = Since()

    async def bench(ctx):
        ctx.set(dut.now, now)
        ctx.set(dut.past.last, last)
        ctx.set(dut.past.there, there)
        await ctx.tick()
        assert ctx.get(dut.before) == before
        await ctx.tick()
        assert ctx.get(dut.age) == age

    run(dut, bench)


def test_runs_are_offered_until_there_is_room_each_with_its_first_synapse():
    dut, counts, found = LearnedRuns(CHIP), (3, 1, 4), []

    async def bench(ctx):
        ctx.set(dut.learned, len(counts))
        await ctx.tick()
        ctx.set(dut.run, 1)
        asked = 0
        for cycle in range(12):
            ctx.set(dut.word.count, counts[asked] if asked < len(counts) else 0)
            ctx.set(dut.o.ready, cycle % 2)
            if ctx.get(dut.o.valid) and cycle % 2:
                found.append((cycle, ctx.get(dut.o.synapse), ctx.get(dut.o.count)))
            assert ctx.get(dut.left) == (len(found) - bool(found and found[-1][0] == cycle) < 3)
            asked = ctx.get(dut.address)
            await ctx.tick()

    run(dut, bench)
    assert found == [(1, 0, 3), (3, 3, 1), (5, 4, 4)]


def test_no_runs_are_over_at_once():
    dut = LearnedRuns(CHIP)

    async def bench(ctx):
        ctx.set(dut.run, 1)
        for _ in range(3):
            assert not ctx.get(dut.left)
            assert not ctx.get(dut.o.valid)
            await ctx.tick()

    run(dut, bench)


def test_all_places_are_taken_one_a_cycle():
    dut, found, done = AllPlaces(CHIP, FOUND), [], []

    async def bench(ctx):
        for begin in (1, 40):
            ctx.set(dut.run, 1)
            for cycle in range(CHIP.places + 4):
                if ctx.get(dut.enter):
                    found.append(ctx.get(dut.place))
                if ctx.get(dut.done):
                    done.append((begin, cycle))
                await ctx.tick()
            ctx.set(dut.run, 0)
            await ctx.tick()

    run(dut, bench)
    assert found == [*range(CHIP.places)] * 2
    assert done == [(1, CHIP.places + 3), (40, CHIP.places + 3)]


def test_posts_press_when_a_place_is_full_or_their_step_can_no_longer_be_told():
    dut, last = Backlog(CHIP), (1 << unit(CHIP).span_bits) - 1

    async def cycle(ctx, **orders):
        for name in ("opening", "ending", "settled", "note", "filled"):
            ctx.set(getattr(dut, name), orders.get(name, 0))
        pressing = ctx.get(dut.pressing)
        await ctx.tick()
        return pressing

    async def bench(ctx):
        ctx.set(dut.step, 1000)
        await cycle(ctx, opening=1)
        assert ctx.get(dut.base) == 1000
        for spent in range(last + 1):
            assert not await cycle(ctx, ending=1)
            assert ctx.get(dut.when) == (spent + 1) % (last + 1)
        await cycle(ctx, opening=1)
        await cycle(ctx, note=1)
        assert ctx.get(dut.pending)
        for spent in range(last + 1):
            assert await cycle(ctx, ending=1) == (spent == last)
        assert await cycle(ctx)
        ctx.set(dut.step, 1032)
        await cycle(ctx, settled=1)
        assert (ctx.get(dut.base), ctx.get(dut.when), ctx.get(dut.pending)) == (1032, 0, 0)
        await cycle(ctx, note=1, filled=1)
        assert await cycle(ctx, ending=1)

    run(dut, bench)


@pytest.mark.parametrize(("count", "last"), [(0, 7), (3, 1005)])
def test_the_last_post_is_one_that_waits_if_there_is_one(count, last):
    dut = LatestPost(CHIP)

    async def bench(ctx):
        ctx.set(dut.base, 1000)
        ctx.set(dut.enter, 1)
        ctx.set(dut.place, 9)
        await ctx.tick()
        ctx.set(dut.enter, 0)
        ctx.set(dut.place, 0)
        ctx.set(dut.count, count)
        await ctx.tick()
        ctx.set(dut.count, 1)
        assert ctx.get(dut.of) == 9
        assert ctx.get(dut.number) == (count - 1) % unit(CHIP).posts
        await ctx.tick()
        ctx.set(dut.before.last, 7)
        ctx.set(dut.record.when, 5)
        assert not ctx.get(dut.found)
        assert ctx.get(dut.coming)
        await ctx.tick()
        assert ctx.get(dut.found)
        assert not ctx.get(dut.coming)
        assert (ctx.get(dut.at), ctx.get(dut.waiting)) == (9, count)
        assert (ctx.get(dut.latest.last), ctx.get(dut.latest.there)) == (last, int(count > 0))

    run(dut, bench)


def test_no_post_waits_where_a_host_writes_the_last_one():
    """As a run that is broken off leaves counts, which no host sees."""
    dut = PlaceMemories(CHIP)

    async def bench(ctx):
        for place, count in ((1, 3), (2, 4)):
            ctx.set(dut.count_write, 1)
            ctx.set(dut.count_at, place)
            ctx.set(dut.new_count, count)
            await ctx.tick()
        ctx.set(dut.count_write, 0)
        ctx.set(dut.host_lasts.write, 1)
        ctx.set(dut.host_lasts.index, 1)
        await ctx.tick()
        ctx.set(dut.host_lasts.write, 0)
        for place, count in ((1, 0), (2, 4)):
            ctx.set(dut.asked, place)
            await ctx.tick()
            assert ctx.get(dut.count) == count

    run(dut, bench)


def test_a_norm_is_divided_by_sums_and_nothing_has_the_largest_factor():
    chip = normed()
    dut, factors = NormSums(chip), {}
    sums = [0, 100, *(2048 * place for place in range(2, chip.places))]

    async def bench(ctx):
        for place, weight in enumerate(sums):
            ctx.set(dut.leaving, place)
            await ctx.tick()
            ctx.set(dut.add, 1)
            ctx.set(dut.weight, -weight)
            await ctx.tick()
            ctx.set(dut.add, 0)
        ctx.set(dut.run, 1)
        while len(factors) < chip.places:
            if ctx.get(dut.scale):
                factors[ctx.get(dut.at)] = ctx.get(dut.value)
            await ctx.tick()

    run(dut, bench)
    norm = unit(chip).norm << NORM_POINT
    assert factors[0] == NORM_FACTOR
    assert factors == {
        place: min((norm + total // 2) // total, NORM_FACTOR) if total else NORM_FACTOR
        for place, total in enumerate(sums)
    }
