# amaranth: UnusedElaboratable=no
"""Elections against golden.dense.wta in every cycle, and marks of the flags against sets."""

from dataclasses import replace

import numpy as np
import pytest

from golden.dense.interface import MemoryMap
from hdl.dense.wta import WTA, Camp, Mark
from sim.battery.networks import TINY
from tests.hdl.bench import run
from tests.hdl.dense.elections import NOBODY, Held, golden_elect, golden_words, issue, rtl_elect

PLAIN = {}
ONE_ROW = {"n_classes": 3, "reward": "class", "refrac": 2, "bar_losers": True}
TWO_ROWS = ONE_ROW | {"n_classes": 10, "weight_bits": 3, "w_min": -4, "w_max": 3, "w_init_high": 3}
PAIRS = {"ballot": True, "vote_spikes": 2}
FLAGS = {"refrac": 3, "drop_chance": 9}
MARKED = [
    *[(FLAGS, 2), (FLAGS, 0), ({"refrac": 2}, 2), ({"ballot": True}, 0), (PAIRS, 0), (PLAIN, 0)],
]


def some_lanes(rng, p):
    return {i for i in range(p.n_lanes) if rng.random() < 0.3}


async def mark(ctx, dut, kind, word, lane=0, dropped=()):
    """Mark a word, and wait until that is written."""
    mask = sum(1 << i for i in dropped)
    await issue(ctx, dut, read=1, look=0, mark=kind, word=word, lane=lane, dropped=mask)
    await issue(ctx, dut, read=0)
    await ctx.tick()


def shown(ctx, dut):
    """Return f_en, and barred, frozen and holding as sets of lanes."""
    masks = [ctx.get(port) for port in (dut.barred, dut.frozen, dut.holding)]
    sets = ({i for i in range(dut.p.n_lanes) if mask >> i & 1} for mask in masks)
    return ctx.get(dut.f_en), *sets


def marked(p, refrac, flags, kind, lane, dropped):
    """Return a word's (barred, frozen) after a mark, as the page of the hardware has it."""
    (barred, frozen), spent = flags, {lane} if refrac else set()
    barred, frozen = {
        Mark.KEEP: (barred, frozen),
        Mark.CLEAR: (set(dropped), set()),
        Mark.BAR_ALL: (set(range(p.n_lanes)), frozen),
        Mark.BAR: (barred | {lane}, frozen),
        Mark.RESET: (barred - {lane}, (frozen - {lane}) | spent),
        Mark.RELEASE: (barred, frozen - {lane}),
    }[kind]
    return barred if MemoryMap(p).has_barred else set(), frozen if p.refrac else set()


CASES = {
    "largest": ((1, 2, 5, 4, 3), {}, (2, 1, 5), [0]),
    "one-of-each-word": ((1, 2, 5, 6, 3), {}, (3, 0, 6), [0, 1]),
    "tie-in-a-word": ((7, 9, 9, 9, 9), {}, (1, 0, 9), [0]),
    "tie-of-words": ((0, 0, 6, 6, 0), {}, (2, 1, 6), [0]),
    "on-the-threshold": ((4, 4, 3, 5, 4), {}, (3, 0, 5), [1]),
    "all-below-threshold": ((4, -5, -7, -6, -8), {}, NOBODY, []),
    "threshold-waived": ((-9, -5, -7, -6, -8), {"waive": True}, (1, 0, -5), [0]),
    "best-of-the-right": ((1, 9, 5, 4, 9), {"camp": Camp.RIGHT}, (2, 1, 5), [0, 1]),
    "best-of-the-wrong": (
        (9, 1, 9, 1, -1), {"camp": Camp.WRONG, "waive": True}, (1, 0, 1), [0],
    ),
    "nobody": ((9, 1, 9, 1, -1), {"camp": Camp.RIGHT, "label": 3}, NOBODY, [0]),
}  # fmt: skip


@pytest.mark.parametrize(("margins", "how", "expected", "words"), CASES.values(), ids=CASES)
def test_elections_by_hand(margins, how, expected, words):
    dut = WTA(replace(TINY, n_neurons=5, n_lanes=3, **(ONE_ROW | {"n_classes": 4})))
    classes, none = np.array((2, 1, 2, 0, 0)), np.zeros(5, bool)
    held = Held(np.array(margins), classes, none, none, **{"label": 2, "limit": -5} | how)

    async def bench(ctx):
        for word in range(2):
            await mark(ctx, dut, Mark.CLEAR, word)
        assert await rtl_elect(ctx, dut, np.random.default_rng(0), held) == (words, expected)

    run(dut, bench)


async def flag(ctx, dut, rng):
    """Bar and freeze some; return who is barred and who is frozen."""
    p = dut.p
    barred, frozen = (np.zeros(p.n_words * p.n_lanes, bool) for _ in range(2))
    for word in range(p.n_words if MemoryMap(p).has_flags else 0):
        dropped, lane = some_lanes(rng, p), int(rng.integers(p.n_lanes))
        await mark(ctx, dut, Mark.CLEAR, word, dropped=dropped)
        barred[[word * p.n_lanes + i for i in dropped]] = True
        if rng.random() < 0.4:
            await mark(ctx, dut, Mark.RESET, word, lane)
            barred[word * p.n_lanes + lane], frozen[word * p.n_lanes + lane] = False, True
    return barred[: p.n_neurons], frozen[: p.n_neurons]


SIZES = pytest.mark.parametrize(("n_neurons", "n_lanes"), [(5, 1), (5, 3), (5, 5), (1, 1), (19, 4)])


@pytest.mark.parametrize("features", [PLAIN, ONE_ROW, TWO_ROWS], ids=["plain", "one", "two"])
@SIZES
def test_elections_equal_golden_in_every_cycle(n_neurons, n_lanes, features):
    p = replace(TINY, n_neurons=n_neurons, n_lanes=n_lanes, **features)
    dut, rng = WTA(p), np.random.default_rng(n_neurons + n_lanes)
    edge = 1 << (p.margin.width - 1)

    async def bench(ctx):
        if p.refrac:
            ctx.set(dut.refrac, 1)
        for turn in range(9):
            barred, frozen = await flag(ctx, dut, rng)
            margins = rng.choice((1 - edge, -1, 0, 1, edge - 1), n_neurons)
            label, classes = rng.integers(p.n_classes), rng.integers(p.n_classes, size=n_neurons)
            classes[rng.random(n_neurons) < 0.4] = label
            held = Held(
                *(margins, classes, barred, frozen),
                camp=Camp(turn % 3 if features else 0),
                label=int(label),
                limit=int(rng.choice((-2, -1, 0, 1, -(edge // 2)))),
                waive=bool(rng.integers(2)),
            )
            words, told = await rtl_elect(ctx, dut, rng, held)
            assert words == golden_words(p, held)
            assert told == golden_elect(p, held, n_neurons)

    run(dut, bench)


@pytest.mark.parametrize("features", [ONE_ROW, TWO_ROWS], ids=["one", "two"])
@SIZES
def test_rivals_that_are_near_equal_golden_in_every_cycle(n_neurons, n_lanes, features):
    p = replace(TINY, n_neurons=n_neurons, n_lanes=n_lanes, **features)
    dut, rng = WTA(p), np.random.default_rng(n_neurons + n_lanes)
    edge, outcomes = 1 << (p.margin.width - 1), set()

    async def bench(ctx):
        ctx.set(dut.refrac, 1)
        for _ in range(9):
            barred, frozen = await flag(ctx, dut, rng)
            margins = rng.choice((1 - edge, -3, -2, -1, 0, 1, edge - 1), n_neurons)
            held = Held(margins, rng.integers(2, size=n_neurons), barred, frozen, waive=True)
            _, (_, right, margin) = await rtl_elect(ctx, dut, rng, held)
            if not held.able.any():
                continue
            behind = int(rng.choice((0, 1, 2, edge, 2 * edge - 1)))
            camp = Camp.WRONG if right else Camp.RIGHT
            held = held._replace(camp=camp, behind=behind, ahead=margin)
            words, told = await rtl_elect(ctx, dut, rng, held)
            assert words == golden_words(p, held)
            assert told == golden_elect(p, held, n_neurons)
            outcomes.add(told == NOBODY)

    run(dut, bench)
    assert outcomes == {False, True} or n_neurons < 19


@pytest.mark.parametrize("features", [PAIRS, PAIRS | FLAGS, {"ballot": True}])
@SIZES
def test_voters_equal_golden_in_every_cycle(n_neurons, n_lanes, features):
    p = replace(TINY, n_neurons=n_neurons, n_lanes=n_lanes, **features)
    dut, rng = WTA(p), np.random.default_rng(n_neurons + n_lanes)
    first_of = MemoryMap(p).has_barred

    async def bench(ctx):
        for word in range(p.n_words if first_of else 0):
            await mark(ctx, dut, Mark.CLEAR, word)
        for _ in range(9):
            elected = int(rng.integers(n_neurons))
            barred, frozen = np.arange(n_neurons) == elected, np.zeros(n_neurons, bool)
            if first_of:
                await mark(ctx, dut, Mark.BAR, elected // n_lanes, elected % n_lanes)
            margins = rng.integers(-3, 3, n_neurons)
            held = Held(
                *(margins, np.zeros(n_neurons), barred, frozen), waive=True, elected=elected
            )
            words, told = await rtl_elect(ctx, dut, rng, held)
            assert words == golden_words(p, held)
            assert told == golden_elect(p, held, n_neurons)
            if first_of:
                await mark(ctx, dut, Mark.CLEAR, elected // n_lanes)

    run(dut, bench)


@pytest.mark.parametrize(("features", "refrac"), MARKED)
@pytest.mark.parametrize("n_lanes", [1, 3, 11])
def test_marks_equal_sets_of_lanes(n_lanes, features, refrac):
    p = replace(TINY, n_neurons=11, n_lanes=n_lanes, **features)
    dut, rng, seen = WTA(p), np.random.default_rng(n_lanes), set()
    has_flags, flags = MemoryMap(p).has_flags, [(set(), set())] * p.n_words

    async def bench(ctx):
        if p.refrac:
            ctx.set(dut.refrac, refrac)
        for word in range(p.n_words):
            await mark(ctx, dut, Mark.CLEAR, word)
        issued = [None, None]  # Words read in the last two cycles, and what they should tell.
        for _ in range(70):
            expected = issued[0][1:] if issued[0] else (0, set(), set())
            assert shown(ctx, dut)[: len(expected)] == expected
            kind, lane = Mark(rng.integers(len(Mark))), int(rng.integers(n_lanes))
            dropped, word, entry = some_lanes(rng, p), int(rng.integers(p.n_words)), None
            reads = word not in [entry[0] for entry in issued if entry]
            if reads:
                held, new = flags[word][1], marked(p, refrac, flags[word], kind, lane, dropped)
                strobe = int(kind != Mark.KEEP and has_flags)
                entry = (word, strobe, *(new if strobe else (set(), set())), held)
                flags[word] = new
                seen.add(kind)
            issued = [issued[1], entry]
            mask = sum(1 << i for i in dropped)
            await issue(ctx, dut, read=reads, mark=kind, dropped=mask, word=word, lane=lane)

    run(dut, bench)
    assert seen == set(Mark)
