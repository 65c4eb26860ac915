"""A pipeline in Amaranth's simulator, with neurons in its ports."""

from collections import defaultdict

import numpy as np
from amaranth.sim import Simulator

from golden.cells.schedule import Schedule
from golden.numbers.formats import Array
from hdl.cells import Pipeline
from tests.hdl.cells.vectors import Vectors

NOISE = 0x5A5A_5A5A_5A5A_5A5A
"""What stands at a port when nothing has to."""


def simulated(schedule: Schedule, given: Vectors) -> dict[str, Array]:
    """Send neurons through a pipeline, one every interval; return what comes out, by port."""
    pipeline, interval = Pipeline(schedule), schedule.interval
    neurons, cycles = len(given.index), schedule.latency + 1
    cycles += (neurons - 1) * interval
    found: dict[str, list[int]] = {port: [] for port in schedule.writes}
    sets: dict[int, list] = defaultdict(list)
    gets: dict[int, list] = defaultdict(list)
    for name, reads in schedule.reads.items():
        word = schedule.inputs[name]
        numbers = given.of(word.kind, word.name).tolist()
        for i, read in enumerate(reads):
            port = getattr(pipeline, schedule.port(name, i))
            for k, number in enumerate(numbers):
                sets[k * interval + read].append((port, number))
            sets[neurons * interval + read].append((port, NOISE & ((1 << (word.width - 1)) - 1)))
    for port, write in schedule.writes.items():
        for k in range(neurons):
            gets[k * interval + write].append((getattr(pipeline, port), found[port]))

    async def drive(ctx):
        for name, word in schedule.constants.items():
            ctx.set(getattr(pipeline, name), int(given.constants[word.name][0]))
        if schedule.hashed:
            ctx.set(pipeline.keys, given.keys)
        for _ in range(schedule.settling):
            await ctx.tick()
        for cycle in range(cycles):
            if interval > 1:
                ctx.set(pipeline.start, cycle == 0)
            for port, number in sets[cycle]:
                ctx.set(port, number)
            for port, numbers in gets[cycle]:
                numbers.append(ctx.get(port))
            await ctx.tick()

    simulator = Simulator(pipeline)
    simulator.add_clock(1e-6)
    simulator.add_testbench(drive)
    simulator.run()
    return {port: np.array(numbers, np.int64) for port, numbers in found.items()}
