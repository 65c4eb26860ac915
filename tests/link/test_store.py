# amaranth: UnusedElaboratable=no
"""The memory against a list: committed bytes come out once and in order, others never."""

import random

import pytest

from hdl.link.dense.protocol import link_map
from hdl.link.store import Store
from tests.hdl.bench import run
from tests.link.host import built

PLACES = link_map(built())
TOLD = PLACES.info("tiny")


@pytest.mark.parametrize(
    ("puts", "takes"), [(0.9, 0.3), (0.3, 0.9), (0.7, 0.7), (0.95, 0.02)], ids=str
)
def test_queue_and_places(puts, takes):
    dut, rng = Store(PLACES, "tiny", 512), random.Random(6)
    queue, opened, places = [], [], [0] * 24 + list(TOLD)
    seen, expected = set(), None

    async def bench(ctx):
        nonlocal queue, opened, expected
        for cycle in range(5000):
            asked = dict.fromkeys(("put", "commit", "rollback", "take", "read", "write"), 0)
            byte, place = rng.randrange(256), rng.randrange(PLACES.reserved)
            # What is told of a cycle is of the one before, so things happen every other cycle.
            if cycle % 2:
                assert ctx.get(dut.pending) == (len(queue) > 0)
                assert ctx.get(dut.full) == (len(queue) + len(opened) == PLACES.capacity(512))
                if rng.random() < 0.01 and cycle < 4000:
                    asked[rng.choice(("commit", "rollback"))] = 1
                elif rng.random() < puts and not ctx.get(dut.full):
                    asked["put"] = 1
                if queue and rng.random() < takes:
                    asked["take"] = 1
                elif rng.random() < 0.5:
                    asked["read"] = 1
                elif not asked["put"]:
                    asked["write"] = 1
            for name, value in asked.items():
                ctx.set(getattr(dut, name), value)
            ctx.set(dut.payload, byte)
            ctx.set(dut.data, byte)
            ctx.set(dut.place, place)
            assert ctx.get(dut.busy) == asked["put"]
            if expected is not None:
                assert ctx.get(dut.value) == expected
            seen.update(name for name in asked if asked[name])
            seen.update(["full"] * ctx.get(dut.full))
            if asked["take"]:
                expected = queue.pop(0)
            if asked["read"]:
                expected = places[place]
            if asked["put"]:
                opened.append(byte)
            if asked["write"]:
                places[place] = byte
            if asked["commit"]:
                queue, opened = queue + opened, []
            if asked["rollback"]:
                opened = []
            await ctx.tick()

    run(dut, bench)
    assert seen >= {"put", "commit", "rollback", "take", "read", "write"}
    assert "full" in seen or takes > 0.1
