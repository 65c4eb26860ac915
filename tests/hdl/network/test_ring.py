"""The queue against a list."""

import random

from hdl.network.ring import Ring
from tests.hdl.bench import run
from tests.hdl.network.small import changed

CYCLES = 600
OPENING = 2
"""Cycles from an opening until the first entry is shown."""


def order(dice: random.Random, holds: bool, ready: int) -> str:
    """Return what is done in a cycle: nothing in the one behind an opening."""
    if ready > 1:
        return ""
    what = dice.choice(("push", "push", "open", "put_back", "drop", ""))
    if what in {"put_back", "drop"} and not (holds and ready):
        return "open" if holds else "push"
    return what


def test_the_queue_is_a_list_whatever_its_size():
    for size in (1, 2, 5, 8):
        dut, dice = Ring(changed(queue=size)), random.Random(size)
        held: list[tuple[int, int, int]] = []
        head, lost, ready, left = 0, 0, 0, 0

        async def bench(ctx, dut=dut, dice=dice, held=held, size=size):
            nonlocal head, lost, ready, left
            for _ in range(CYCLES):
                new = dice.randrange(32), dice.randrange(64), dice.randrange(256)
                ctx.set(dut.new, dict(zip(("run", "synapse", "due"), new, strict=True)))
                what = order(dice, bool(held), ready)
                for name in ("push", "open", "put_back", "drop"):
                    ctx.set(getattr(dut, name), name == what)
                assert (ctx.get(dut.head), ctx.get(dut.length)) == (head, len(held))
                if held and ready == 1:
                    entry = ctx.get(dut.entry)
                    assert (entry.run, entry.synapse, entry.due) == held[0]
                full = len(held) == size
                assert ctx.get(dut.lost) == (what == "push" and full)
                written = what == "put_back" or (what == "push" and not full)
                assert ctx.get(dut.written) == written
                if written:
                    assert ctx.get(dut.place) == (head + len(held)) % size
                lost += what == "push" and full
                if what in {"put_back", "drop"}:
                    head = (head + 1) % size
                    held.pop(0)
                if written:
                    held.append(new)
                # What comes behind an opening is asked for by the next one.
                left -= what in {"put_back", "drop"}
                ready = ready - 1 if ready > 1 else ready * (left > 0)
                if what == "open":
                    left, ready = len(held), OPENING
                await ctx.tick()

        run(dut, bench)
        assert lost > 10


def test_the_host_sets_head_and_length_and_reads_entries():
    dut = Ring(changed(queue=5))

    async def bench(ctx):
        ctx.set(dut.value, 3)
        ctx.set(dut.set_head, 1)
        await ctx.tick()
        ctx.set(dut.set_head, 0)
        ctx.set(dut.set_length, 1)
        await ctx.tick()
        ctx.set(dut.set_length, 0)
        assert (ctx.get(dut.head), ctx.get(dut.length), ctx.get(dut.place)) == (3, 3, 1)
        for port, value in ((dut.host_runs, 0x1234), (dut.host_synapses, 0x2A)):
            ctx.set(port.index, 4)
            ctx.set(port.data, value)
            ctx.set(port.write, 1)
            ctx.set(port.read, 1)
        await ctx.tick()
        ctx.set(dut.host_runs.write, 0)
        ctx.set(dut.host_synapses.write, 0)
        await ctx.tick()
        assert (ctx.get(dut.runs), ctx.get(dut.synapses)) == (0x1234, 0x2A)

    run(dut, bench)
