# amaranth: UnusedElaboratable=no
"""Elections against golden.dense.wta in every cycle, and marks of the flags against sets."""

from dataclasses import replace

import numpy as np
import pytest

from golden.dense import wta
from hdl.dense.wta import WTA, Camp, Mark, has_barred
from hdl.parts.tournament import levels
from sim.battery.networks import TINY
from tests.hdl.bench import run

PLAIN = {}
ONE_ROW = {"n_classes": 3, "reward": "class", "refrac": 2, "bar_losers": True}
TWO_ROWS = ONE_ROW | {"n_classes": 10, "weight_bits": 3, "w_min": -4, "w_max": 3, "w_init_high": 3}
FLAGS = {"refrac": 3, "drop_chance": 9}
MARKED = [(FLAGS, 2), (FLAGS, 0), ({"refrac": 2}, 2), ({"ballot": True}, 0), (PLAIN, 0)]
NOBODY = (0, 0, 0, 0, 0)


def lanes_of(p, values, word, others):
    """Return a word's lanes of an array of the neurons; ``others`` are its padding lanes."""
    lanes = [*values[word * p.n_lanes : (word + 1) * p.n_lanes]]
    return [int(value) for value in lanes + others[len(lanes) :]]


async def rtl_elect(ctx, dut, rng, margins, classes):
    """Hold an election; return `outcome` from cycle 1 on. What does not count is drawn."""
    p, told = dut.p, []
    edge, one = 1 << (p.margin.width - 1), 1 << p.w.width
    times = {2 * word: word for word in range(p.n_words)}
    for cycle in range(2 * p.n_words + levels(p.n_lanes) + 6):
        told.append(outcome(ctx, dut))
        margin = rng.integers(edge - 2, edge, p.n_lanes).tolist()
        row = rng.integers(one, size=p.n_lanes).tolist()
        if cycle - 3 in times:
            margin = lanes_of(p, margins, times[cycle - 3], margin)
        if cycle - 2 in times and p.label.width > p.w.width:
            row = lanes_of(p, classes // one, times[cycle - 2], row)
        if cycle - 1 in times:
            row = lanes_of(p, classes % one, times[cycle - 1], row)
        row = [low - one if low > p.w.max else low for low in row]
        margin = [~x if i % 2 else x for i, x in enumerate(margin)]
        inputs = {"read": cycle in times, "elect": 1, "word": times.get(cycle, 0)}
        inputs |= {"margin": margin, "row": row, "mark": Mark.KEEP, "begin": cycle == 0}
        await issue(ctx, dut, **inputs)
    return told[1:]


async def issue(ctx, dut, **inputs):
    for name, value in inputs.items():
        ctx.set(getattr(dut, name), value)
    await ctx.tick()


def outcome(ctx, dut):
    if not ctx.get(dut.found):
        return NOBODY
    neuron = ctx.get(dut.best.word) * dut.p.n_lanes + ctx.get(dut.best.lane)
    right = ctx.get(dut.right) if dut.p.reward != "none" else 0
    return 1, neuron, right, ctx.get(dut.margin_best), ctx.get(dut.reaches)


def golden_elect(p, margins, candidates, right, bar):
    """Return what `rtl_elect` should: the best of the words that are through."""
    told = []
    for cycle in range(1, 2 * p.n_words + levels(p.n_lanes) + 6):
        through = max(0, (cycle - 4 - levels(p.n_lanes)) // 2 + 1) * p.n_lanes
        best = wta.elect(margins, candidates & (np.arange(p.n_neurons) < through), force=True)
        is_right = right[best] and p.reward != "none"
        reached = (int(is_right), margins[best], int(margins[best] >= bar))
        told.append(NOBODY if best == wta.NOBODY else (1, best, *reached))
    return told


def some_lanes(rng, p):
    return {i for i in range(p.n_lanes) if rng.random() < 0.3}


async def mark(ctx, dut, kind, word, lane=0, dropped=()):
    """Mark a word, and wait until that is written."""
    mask = sum(1 << i for i in dropped)
    await issue(ctx, dut, read=1, elect=0, mark=kind, word=word, lane=lane, dropped=mask)
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
    return barred if has_barred(p) else set(), frozen if p.refrac else set()


CASES = {
    "largest": ((1, 2, 5, 4, 3), Camp.ALL, 2, (1, 2, 1, 5, 1)),
    "tie-in-a-word": ((7, 9, 9, 9, 9), Camp.ALL, 2, (1, 1, 0, 9, 1)),
    "tie-of-words": ((0, 0, 6, 6, 0), Camp.ALL, 2, (1, 2, 1, 6, 1)),
    "all-below-threshold": ((-9, -5, -7, -6, -8), Camp.ALL, 2, (1, 1, 0, -5, 0)),
    "best-of-the-right": ((1, 9, 5, 4, 9), Camp.RIGHT, 2, (1, 2, 1, 5, 1)),
    "best-of-the-wrong": ((9, 1, 9, 1, -1), Camp.WRONG, 2, (1, 1, 0, 1, 0)),
    "nobody": ((9, 1, 9, 1, -1), Camp.RIGHT, 3, NOBODY),
}


@pytest.mark.parametrize(("margins", "camp", "label", "expected"), CASES.values(), ids=CASES)
def test_elections_by_hand(margins, camp, label, expected):
    dut = WTA(replace(TINY, n_neurons=5, n_lanes=3, **(ONE_ROW | {"n_classes": 4})))

    async def bench(ctx):
        ctx.set(dut.camp, camp)
        ctx.set(dut.label, label)
        ctx.set(dut.bar, 5)
        rng, classes = np.random.default_rng(0), np.array((2, 1, 2, 0, 0))
        assert (await rtl_elect(ctx, dut, rng, margins, classes))[-1] == expected

    run(dut, bench)


@pytest.mark.parametrize("features", [PLAIN, ONE_ROW, TWO_ROWS], ids=["plain", "one", "two"])
@pytest.mark.parametrize(("n_neurons", "n_lanes"), [(5, 1), (5, 3), (5, 5), (1, 1), (19, 4)])
def test_elections_equal_golden_in_every_cycle(n_neurons, n_lanes, features):
    p = replace(TINY, n_neurons=n_neurons, n_lanes=n_lanes, **features)
    dut, rng = WTA(p), np.random.default_rng(n_neurons + n_lanes)
    edge = 1 << (p.margin.width - 1)

    async def bench(ctx):
        before = NOBODY
        if p.refrac:
            ctx.set(dut.refrac, 1)
        for turn in range(9):
            able = np.ones(p.n_words * n_lanes, bool)
            for word in range(p.n_words if features else 0):
                dropped, lane = some_lanes(rng, p), int(rng.integers(n_lanes))
                await mark(ctx, dut, Mark.CLEAR, word, dropped=dropped)
                if rng.random() < 0.4:
                    await mark(ctx, dut, Mark.RESET, word, lane)
                    dropped.add(lane)  # Frozen now, if not barred.
                able[[word * n_lanes + i for i in dropped]] = False
            assert outcome(ctx, dut) == before  # Marks elect nobody.
            margins = rng.choice((-edge, -1, 0, 1, edge - 1), n_neurons)
            bar = int(rng.choice((-2, -1, 0, 1, edge // 2)))
            ctx.set(dut.bar, bar)
            label, classes = rng.integers(p.n_classes), rng.integers(p.n_classes, size=n_neurons)
            classes[rng.random(n_neurons) < 0.4] = label
            right = classes == label
            camp = Camp(turn % 3 if features else 0)
            in_camp = {Camp.ALL: True, Camp.RIGHT: right, Camp.WRONG: ~right}[camp]
            ctx.set(dut.camp, camp)
            ctx.set(dut.label, int(label))
            told = await rtl_elect(ctx, dut, rng, margins, classes)
            assert told == golden_elect(p, margins, able[:n_neurons] & in_camp, right, bar)
            before = told[-1]

    run(dut, bench)


@pytest.mark.parametrize(("features", "refrac"), MARKED)
@pytest.mark.parametrize("n_lanes", [1, 3, 11])
def test_marks_equal_sets_of_lanes(n_lanes, features, refrac):
    p = replace(TINY, n_neurons=11, n_lanes=n_lanes, **features)
    dut, rng, seen = WTA(p), np.random.default_rng(n_lanes), set()
    has_flags, flags = bool(p.refrac or has_barred(p)), [(set(), set())] * p.n_words

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
