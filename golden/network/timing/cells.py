"""RUN: a neuron enters the pipeline every interval, and what is ready is written."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from golden.cells.evaluate import StepOutcome, evaluate
from golden.network.interface import COUNTER_BITS
from golden.network.timing.memories import Memories
from golden.network.timing.record import Sheet
from golden.network.timing.script import Section
from golden.numbers.formats import Array

MOST_COUNTED = (1 << COUNTER_BITS) - 1


class Fired(NamedTuple):
    """Who fired in a run of a group."""

    places: Array
    """Within the group, ascending."""
    margin: Array
    last: int
    """The last cycle of RUN."""


def run(memories: Memories, sheet: Sheet, group: Section, first: int, keys: list[int]) -> Fired:
    """Run the cells of a group from the first cycle of RUN on."""
    schedule = group.pipeline.schedule
    done = evaluate(group.program, group.states, group.sums, keys, group.neuron)
    span = (group.size - 1) * schedule.interval
    last = first + 1 + span + schedule.latency
    sheet.reserve(last + 2)

    def at(kind: str, name: str = "") -> slice:
        begin = first + 1 + group.pipeline.writes[kind, name]
        return slice(begin, begin + span + 1, schedule.interval)

    _write(sheet, group, done, at)
    _count(memories, sheet, group, done, at)
    index = np.flatnonzero(done.spike)
    when = at("spike").start
    if memories.chip.elects:
        when = max(when, at("margin").start)
    if len(index):
        sheet.mark(when + index * schedule.interval, fire=1, fired=index)
    return Fired(index, done.margin[index], last)


def _write(sheet: Sheet, group: Section, done: StepOutcome, at: Callable[..., slice]) -> None:
    """Write the states, and 0 to the inlets."""
    name = group.pipeline.kind.name
    for state in group.program.states:
        new, label = done.states[state.name], f"{name}_{state.name}"
        data = new & ((1 << state.width) - 1)
        values = {f"{label}_write": 1, f"{label}_slot": group.slot, f"{label}_data": data}
        sheet.mark(at("state", state.name), **values)
        group.states[state.name][:] = new
    for sums in group.sums.values():
        sums[:] = 0


def _count(
    memories: Memories, sheet: Sheet, group: Section, done: StepOutcome, at: Callable[..., slice]
) -> None:
    kind = group.pipeline.kind
    for bit, name in enumerate(kind.counted):
        cases = done.saturated[name]
        if cases.any():
            sheet.flag(at("saturated", name), f"{kind.name}_saturated", bit, cases > 0)
            total = memories.registers[f"{kind.name}_{name}"] + int(cases.sum())
            memories.registers[f"{kind.name}_{name}"] = min(total, MOST_COUNTED)
