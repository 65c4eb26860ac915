"""The neuron memory, cycle by cycle: what golden wants and what the gates do."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from golden.dense import homeostasis, membrane
from golden.dense.interface import MemoryMap
from hdl.dense.membrane import LaneOp, Membrane
from tests.hdl.bench import run

AFTER = 6
"""Cycles after the last issue in which nothing may be written."""
QUIET = (0, 0, ())
LANES = 8
NONE = np.zeros(LANES, dtype=np.int64)


class Issue(NamedTuple):
    """What is done with a word, and what golden makes of its lanes."""

    fields: dict[str, Any]
    golden: Callable | None = None
    """Takes and returns the numbers of all lanes; nothing is written without."""
    row: Any = NONE
    frozen: Any = NONE


def load(word, lane, value, theta=0):
    fields = {"word": word, "lane": lane, "one": 1, "zero": 1, "theta": theta}
    return Issue({**fields, "op": LaneOp.CONST, "const": value}, lambda x: np.full_like(x, value))


def load_all(word, value):
    fields = {"word": word, "zero": 1, "op": LaneOp.CONST, "const": value}
    return Issue(fields, lambda x: np.full_like(x, value))


def loads(p, numbers, theta=0):
    """Load lanes of all words, (n_words, n_lanes), no word twice in three cycles."""
    return [
        load(word, lane, int(numbers[word, lane]), theta)
        for lane in range(p.n_lanes)
        for word in range(p.n_words)
    ]


def integrate(p, word, row, frozen=NONE):
    def golden(v):
        return membrane.integrate(p, v, row[: p.n_lanes], frozen[: p.n_lanes])

    return Issue({"word": word, "op": LaneOp.WEIGHT, "hold": 1}, golden, row, frozen)


def leak(p, word, frozen=NONE):
    alone = replace(p, leak_sub=0)
    fields = {"word": word, "op": LaneOp.LEAK, "hold": 1}
    return Issue(fields, lambda v: membrane.leak(alone, v, frozen[: p.n_lanes]), frozen=frozen)


def leak_sub(p, word, frozen=NONE):
    alone = replace(p, leak_shift=0)
    fields = {"word": word, "op": LaneOp.CONST, "const": -p.leak_sub, "above": 1, "hold": 1}
    return Issue(fields, lambda v: membrane.leak(alone, v, frozen[: p.n_lanes]), frozen=frozen)


def add(p, word, const, frozen=NONE):
    def held(v):
        return np.where(frozen[: p.n_lanes], v, p.v.saturate(v + const))

    fields = {"word": word, "op": LaneOp.CONST, "const": const, "hold": 1}
    return Issue(fields, held, frozen=frozen)


def rise(p, word, lane, plus):
    changed = replace(p, theta_plus=plus)
    fields = {"word": word, "op": LaneOp.CONST, "const": plus, "theta": 1, "one": 1, "lane": lane}
    return Issue(fields, lambda theta: homeostasis.rise(changed, theta, 0, lane)[0])


def decay(p, word):
    fields = {"word": word, "op": LaneOp.DECAY, "theta": 1}
    return Issue(fields, lambda theta: homeostasis.decay(p, theta, 0))


def distances(word, limit=0):
    """Read how far all lanes are from their thresholds, less a limit."""
    above = Issue({"word": word, "op": LaneOp.CONST, "const": limit})
    return [above, Issue({"word": word, "op": LaneOp.DISTANCE, "theta": 1})]


def expected(p, issues):
    """Return what is written in every cycle, the lanes' sums by cycle, and the last memory."""
    memory = np.zeros((2 * p.n_words, p.n_lanes), dtype=np.int64)
    trace, sums = [QUIET] * (len(issues) + AFTER), {}
    ones, lanes = (1 << MemoryMap(p).value_bits) - 1, np.arange(p.n_lanes)
    for cycle, issue in enumerate(issues):
        if issue is None:
            continue
        fields = {"theta": 0, "zero": 0, "one": 0, "hold": 0, "above": 0} | issue.fields
        row = 2 * fields["word"] + fields["theta"]
        old = memory[row]
        if fields.get("op") == LaneOp.CONST:
            sums[cycle + 2] = old + fields["const"]
        if fields.get("op") == LaneOp.DISTANCE:
            sums[cycle + 2] = homeostasis.threshold(p, 0, old, 0) - sums[cycle + 1] - 1
        if not issue.golden:
            continue
        here = np.where(fields["hold"], issue.frozen[: p.n_lanes] == 0, True)
        here &= np.where(fields["one"], lanes == fields.get("lane"), True)
        here &= np.where(fields["above"], old > p.v_reset, True)
        memory[row] = np.where(here, issue.golden(old), old)
        stored = tuple((memory[row][here] & ones).tolist())
        mask = int(here @ (1 << lanes))
        trace[cycle + 2] = (mask, row, stored) if mask else QUIET
    return trace, sums, memory


def play(p, issues):
    """Compare every cycle of a pipeline full of issues; return the memory."""
    dut = Membrane(p)
    trace, sums, memory = expected(p, issues)

    async def bench(ctx):
        if p.leak_sub:
            ctx.set(dut.v_reset, p.v_reset)
        pipe = [None, None]
        for cycle, wanted in enumerate(trace):
            issue = issues[cycle] if cycle < len(issues) else None
            give(ctx, dut, issue)
            pipe.append(issue)
            # What comes later is something else where nobody asks for it.
            late = pipe.pop(0) or Issue({}, frozen=NONE + 1)
            weighs = issue and issue.fields.get("op") == LaneOp.WEIGHT
            row = issue.row if issue and weighs else NONE - 1
            for lane, weight in enumerate(row[: p.n_lanes]):
                ctx.set(dut.row[lane], int(weight))
            ctx.set(dut.frozen, sum(1 << i for i in range(p.n_lanes) if late.frozen[i]))
            ctx.set(dut.select, cycle % p.n_lanes)
            mask = ctx.get(dut.n_en)
            data = (ctx.get(dut.n_data[i]) for i in range(p.n_lanes) if mask >> i & 1)
            assert (mask, ctx.get(dut.n_row), tuple(data)) == wanted, f"cycle {cycle}"
            if cycle - 1 in sums:
                chosen = sums[cycle - 1][(cycle - 1) % p.n_lanes]
                assert ctx.get(dut.value) == chosen, f"cycle {cycle}"
            if cycle in sums:
                below = int((sums[cycle] < 0) @ (1 << np.arange(p.n_lanes)))
                assert ctx.get(dut.below) == below, f"cycle {cycle}"
            await ctx.tick()

    run(dut, bench)
    return memory


def give(ctx, dut, issue):
    """Issue a word, or nothing, with fields that must not matter then."""
    if issue is None:
        ctx.set(dut.issue.valid, 0)
        return
    none = dict.fromkeys(("theta", "zero", "one", "lane", "above", "hold", "const"), 0)
    fields = (
        none | {"op": LaneOp.CONST, "valid": 1, "write": issue.golden is not None} | issue.fields
    )
    for name, value in fields.items():
        ctx.set(getattr(dut.issue, name), value)
