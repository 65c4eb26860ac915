"""Pipelines of cells alone: placed among memories, or as a netlist beside golden."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from amaranth.back import rtlil

from boards.parts.board import board
from boards.parts.description import Board
from boards.parts.design import platform
from boards.parts.families import FAMILIES, TOP, Family
from boards.tools.flow import Flow, Placed, stem
from boards.tools.harness import PIPELINE, Harness
from boards.tools.toolchain import ToolError
from golden.cells.program import Program
from golden.cells.schedule import ECP5, UP5K, Fabric, Schedule, scheduled

WITHIN_ITS_BORDER = """\
setattr -mod -set keep_hierarchy 1 {top}.{pipeline}
{synthesis} -top {top}
setattr -mod -unset keep_hierarchy *
flatten
opt_clean
"""
"""Commands of yosys."""
PATIENCE = 300
"""Seconds of the processor for place and route; routing can go on for ever."""
COLUMNS = (
    *("cell", "part", "constants", "interval", "multipliers", "budget", "latency", "cells"),
    *("flip_flops", "dsps", "all_cells", "all_memories", "fmax_mhz", "seeds"),
)


@dataclass(frozen=True)
class Site:
    """Where pipelines are placed."""

    board: Board
    fabric: Fabric
    neurons: int
    """In the memories around: what a block memory has at its full width, or nearly."""
    registered: bool
    """There is a register behind every memory."""
    clock_mhz: float
    """That is asked for."""
    place: str
    """Options of place and route, in place of those with pins."""
    synthesis: str
    logic: str
    """Cells of logic, as nextpnr calls them."""


PARTS = {
    "up5k": Site(
        board("icebreaker"),
        UP5K,
        256,
        False,
        48.0,
        "--pcf-allow-unconstrained --write {seed}.placed.json",
        "synth_ice40",
        "ICESTORM_LC",
    ),
    "ecp5": Site(
        board("ulx3s_25f"),
        ECP5,
        1024,
        True,
        120.0,
        "--lpf-allow-unconstrained --write {seed}.placed.json",
        "synth_ecp5",
        "TRELLIS_COMB",
    ),
}
FLIP_FLOPS = "TRELLIS_FF"
"""Of the ECP5; those of the iCE40 are part of its cells."""


@dataclass(frozen=True)
class PipelineOrder:
    """What is placed."""

    cell: str
    program: Program
    part: str
    interval: int = 1
    multipliers: int | None = None
    loaded: bool = True
    """Constants are registers outside; else they are numbers in the logic."""
    budget: int | None = None
    """Of the fabric, if not its own."""

    @property
    def schedule(self) -> Schedule:
        """Its timetable."""
        fabric = PARTS[self.part].fabric
        if self.budget is not None:
            fabric = replace(fabric, budget=self.budget)
        return scheduled(self.program, fabric, self.interval, self.multipliers)

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from others in a table."""
        few, budget = self.schedule.multipliers, self.schedule.fabric.budget
        return tuple(map(str, (self.cell, self.part, self.constants, self.interval, few, budget)))

    @property
    def constants(self) -> str:
        """Where they are."""
        return "outside" if self.loaded else "inside"


def family(part: Site) -> Family:
    """Return a family of which nothing has pins, and no product is looked for in the logic.

    The pipeline keeps its border until all is made of cells, so that each cell is known to be its
    or another's.
    """
    return replace(
        FAMILIES[part.board.family],
        prepare=WITHIN_ITS_BORDER.format(synthesis=part.synthesis, top=TOP, pipeline=PIPELINE),
        synthesis=f"{part.synthesis} -run json:",
        place=part.place,
        in_tables=(),
    )


def placed_alone(
    order: PipelineOrder, folder: Path, seeds: int, tell: Callable[[int, Placed | None], None]
) -> dict[str, Any]:
    """Place a pipeline among memories; return a row of the table.

    Raises
    ------
    ToolError
        If a tool fails, or multipliers or memories are not those that the schedule says.
    """
    part, schedule = PARTS[order.part], order.schedule
    harness = Harness(schedule, part.neurons, order.loaded, part.registered)
    folder.mkdir(parents=True, exist_ok=True)
    design = rtlil.convert(
        harness, name=TOP, ports=harness.ports, platform=platform(part.board), emit_src=False
    )
    (folder / f"{TOP}.il").write_text(design)
    flow = Flow(part.board, folder, family(part))
    refuse_changed(order, Counter(flow.synthesise().values()), flow.family)
    found = flow.place(part.clock_mhz, seeds, 1, PATIENCE, tell)
    best = max(found, key=lambda entry: entry.fmax_mhz)
    own = core(json.loads((folder / f"{stem(best.seed)}.placed.json").read_text()))
    dsps = sum(best.used.get(name, 0) for name in flow.family.dsps)
    return {
        **dict(zip(COLUMNS, order.key, strict=False)),
        "latency": schedule.latency,
        "cells": own[part.logic],
        "flip_flops": own[FLIP_FLOPS] or "",
        "dsps": dsps,
        "all_cells": best.used[part.logic],
        "all_memories": best.used[flow.family.memories],
        "fmax_mhz": round(best.fmax_mhz, 1),
        "seeds": seeds,
    }


def refuse_changed(order: PipelineOrder, cells: Counter, made: Family) -> None:
    """Refuse a netlist with other multipliers than were made, or fewer memories.

    Raises
    ------
    ToolError
        With what differs.
    """
    schedule = order.schedule
    multipliers = made.multiplier.cells if made.multiplier else ()
    if (found := sum(cells[name] for name in multipliers)) != schedule.multipliers:
        raise ToolError(f"yosys must keep {schedule.multipliers} multipliers, not {found}")
    # A word of which some bits are never read needs fewer blocks than its width says.
    words = schedule.inputs.items()
    least = sum(len(schedule.reads[name]) for name, word in words if word.kind != "index")
    if (found := sum(cells[name] for name in made.blocks)) < least:
        raise ToolError(f"yosys must make at least {least} block memories, not {found}")


def core(netlist: dict[str, Any]) -> Counter:
    """Count the cells of the pipeline itself in what nextpnr has placed, by type."""
    cells = netlist["modules"][TOP]["cells"]
    return Counter(cell["type"] for name, cell in cells.items() if name.startswith(PIPELINE))
