"""Fetch and walker: what is issued, put back and dropped of a queue."""

import random

import pytest
from amaranth.hdl import Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from hdl.network.fetch import Fetch, RunWord
from hdl.network.ring import QueueEntry
from hdl.network.walker import Walker
from tests.hdl.bench import run
from tests.hdl.network.small import CHIP

STEP = 200


class Walking(wiring.Component):
    """Fetch before walker."""

    def __init__(self):
        self.fetch, self.walker = Fetch(CHIP), Walker(CHIP)
        super().__init__({
            "open": In(1),
            "length": In(4),
            "entry": In(QueueEntry(CHIP)),
            "run": In(RunWord(CHIP)),
            "address": Out(5),
            "put_back": Out(1),
            "drop": Out(1),
            "new": Out(QueueEntry(CHIP)),
            "issue": Out(1),
            "synapse": Out(6),
            "family": Out(1),
            "over": Out(1),
        })

    def elaborate(self, platform):
        """Connect both."""
        m = Module()
        m.submodules.fetch, m.submodules.walker = fetch, walker = self.fetch, self.walker
        wiring.connect(m, fetch.o, walker.i)
        m.d.comb += [
            fetch.open.eq(self.open),
            fetch.length.eq(self.length),
            fetch.step.eq(STEP),
            fetch.entry.eq(self.entry),
            fetch.run.eq(self.run),
            self.address.eq(fetch.address),
            self.put_back.eq(fetch.put_back),
            self.drop.eq(fetch.drop),
            self.new.eq(fetch.new),
            self.issue.eq(walker.issue),
            self.synapse.eq(walker.address),
            self.family.eq(walker.family),
            self.over.eq(~(fetch.left | walker.busy | fetch.o.valid & fetch.o.ready)),
        ]
        return m


def walked(queue, runs):
    """Return what a walk issues and puts back, of entries (run, synapse, due)."""
    issued, back = [], []
    for run_at, synapse, due in queue:
        if due != STEP:
            back.append((run_at, synapse, due))
            continue
        while True:
            count, gap, more, family = runs[run_at]
            issued += [((synapse + k) % 64, family) for k in range(count)]
            run_at, synapse = run_at + 1, (synapse + count) % 64
            if not more:
                break
            if gap:
                back.append((run_at, synapse, (STEP + gap) % 256))
                break
    return issued, back


async def walk(ctx, dut, queue, runs):
    """Show entries and runs as they are asked for; return what is issued and put back, cycles."""
    waiting, issued, back, cycles = list(queue), [], [], 0
    ctx.set(dut.open, 1)
    ctx.set(dut.length, len(queue))
    assert not ctx.get(dut.over)
    # Whatever is shown before the first entry is there is not looked at.
    await ctx.tick()
    ctx.set(dut.open, 0)
    ctx.set(dut.entry, {"run": 0, "synapse": 0, "due": STEP + 1})
    assert not (ctx.get(dut.put_back))
    assert not (ctx.get(dut.drop))
    assert not (ctx.get(dut.over))
    await ctx.tick()
    while True:
        cycles += 1
        assert cycles < 500
        if waiting:
            ctx.set(dut.entry, dict(zip(("run", "synapse", "due"), waiting[0], strict=True)))
        asked = ctx.get(dut.address)
        if ctx.get(dut.put_back):
            new = ctx.get(dut.new)
            back.append((new.run, new.synapse, new.due))
        if ctx.get(dut.put_back) or ctx.get(dut.drop):
            waiting.pop(0)
        if ctx.get(dut.issue):
            issued.append((ctx.get(dut.synapse), ctx.get(dut.family)))
        if ctx.get(dut.over):
            assert not waiting
            return issued, back, cycles
        await ctx.tick()
        ctx.set(dut.run, dict(zip(("count", "gap", "more", "family"), runs[asked], strict=True)))


@pytest.mark.parametrize("seed", range(6))
def test_a_walk_issues_what_is_due_and_puts_back_the_rest(seed):
    dut, dice = Walking(), random.Random(seed)
    most = 16 if seed % 2 else 3
    runs = [
        (
            dice.randrange(1, most),
            dice.choice((0, 0, 1, 200)),
            i % 8 < 7 and dice.randrange(2),
            i & 1,
        )
        for i in range(32)
    ]
    queue = [
        (dice.randrange(32), dice.randrange(64), dice.choice((STEP, STEP, 7, STEP ^ 128)))
        for _ in range(8)
    ]
    found = []

    async def bench(ctx):
        found.append(await walk(ctx, dut, queue, runs))

    run(dut, bench)
    ((issued, back, cycles),) = found
    assert (issued, back) == walked(queue, runs)
    if seed % 2:
        # Long runs follow each other without a gap: only fetching the first one costs.
        assert cycles <= len(issued) + 12
