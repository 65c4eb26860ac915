"""A pipeline in Amaranth's simulator, with neurons in its ports."""

from collections import defaultdict

import numpy as np
from amaranth.hdl import Module, Signal, Value
from amaranth.sim import Simulator

from golden.cells.schedule import Schedule
from golden.numbers.formats import Array
from hdl.cells import Pipeline
from sim.jobs.vectors import Vectors, timetable

NOISE = 0x5A5A_5A5A_5A5A_5A5A
"""What stands at a port when nothing has to."""


def simulated(schedule: Schedule, given: Vectors) -> dict[str, Array]:
    """Send neurons through a pipeline, one every interval; return what comes out, by port."""
    pipeline, interval = Pipeline(schedule), schedule.interval
    neurons = len(given.index)
    found: dict[str, list[int]] = {port: [] for port in schedule.writes}
    sets = _entries(pipeline, schedule, given)
    gets: dict[int, list] = defaultdict(list)
    for port, write in schedule.writes.items():
        for k in range(neurons):
            gets[k * interval + write].append((getattr(pipeline, port), found[port]))

    async def drive(ctx):
        for name, number in given.steady(schedule).items():
            ctx.set(Value.cast(getattr(pipeline, name)), number)
        for _ in range(schedule.settling):
            await ctx.tick()
        for cycle in range((neurons - 1) * interval + schedule.latency + 1):
            if interval > 1:
                ctx.set(pipeline.start, cycle == 0)
            for port, number in sets[cycle]:
                ctx.set(port, number)
            for port, numbers in gets[cycle]:
                numbers.append(ctx.get(port))
            await ctx.tick()

    # A pipeline of nothing but wires has no clock of its own.
    m = Module()
    m.submodules.pipeline, alive = pipeline, Signal()
    m.d.sync += alive.eq(1)
    simulator = Simulator(m)
    simulator.add_clock(1e-6)
    simulator.add_testbench(drive)
    simulator.run()
    return {port: np.array(numbers, np.int64) for port, numbers in found.items()}


def _entries(pipeline: Pipeline, schedule: Schedule, given: Vectors) -> dict[int, list]:
    """Return what is set at which ports, by cycle; behind the last neuron that is noise."""
    sets: dict[int, list] = defaultdict(list)
    numbers = given.ports(schedule)
    for name, read in timetable(schedule).reads.items():
        port = getattr(pipeline, name)
        noise = NOISE & ((1 << (len(port) - 1)) - 1)
        for k, number in enumerate([*numbers[name].tolist(), noise]):
            sets[k * schedule.interval + read].append((port, number))
    for i, cycle in enumerate(schedule.rounds):
        for k in range(len(given.index)):
            sets[k * schedule.interval + cycle].append((pipeline.key, given.keys[i]))
    return sets
