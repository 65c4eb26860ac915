"""Queue of events in gates: every cycle against a list."""

import random

import pytest

from hdl.dense.events import DEPTH, Events
from sim.battery.networks import TINY
from tests.hdl.bench import run

CYCLES = 400


@pytest.mark.parametrize(
    ("pushes", "takes"),
    [
        pytest.param(0.9, 0.2, id="mostly-full"),
        pytest.param(0.2, 0.9, id="mostly-empty"),
        pytest.param(0.5, 0.5, id="both"),
        pytest.param(1.0, 1.0, id="fluent"),
    ],
)
def test_queue_equals_a_list_in_every_cycle(pushes, takes):
    dut, rng, seen, queue = Events(TINY), random.Random(7), set(), []

    async def bench(ctx):
        for cycle in range(CYCLES):
            ending = cycle > CYCLES - 2 * DEPTH
            valid, ready = not ending and rng.random() < pushes, ending or rng.random() < takes
            word = rng.randrange(1 << len(dut.i.payload))
            ctx.set(dut.i.valid, valid)
            ctx.set(dut.i.payload, word)
            ctx.set(dut.o.ready, ready)
            assert ctx.get(dut.i.ready) == (len(queue) < DEPTH)
            assert ctx.get(dut.o.valid) == (len(queue) > 0)
            if queue:
                assert ctx.get(dut.o.payload) == queue[0]
            seen.add(len(queue))
            room = len(queue) < DEPTH
            if ready and queue:
                queue.pop(0)
            if valid and room:
                queue.append(word)
            await ctx.tick()

    run(dut, bench)
    assert not queue  # drained
    levels = {0.9: {0, 3, 4}, 0.5: {0, 2, 4}, 0.2: {0, 1}, 1.0: {0, 1}}
    assert levels[pushes] <= seen
