"""Place and route the pipeline of a cell alone, or compare its netlist with golden.

A cell is one of the library by its class, in a step of 1/64 ms, as it stands;
or one of five small ones in 16-bit words: compact.lif, compact.izhikevich,
compact.adex, compact.coba, compact.hodgkin_huxley. Without --vectors the
pipeline is placed among memories, as it would be in a core; of several seeds
the fastest one counts. With it, that many neurons go through what synthesis
made, once with numbers of the whole range and once with those of a run.

Exit status: 0 done, and equal; 1 not equal; 2 bad options or input, 130
interrupted.

for example:
  python -m boards.cells compact.izhikevich --part up5k
  python -m boards.cells HodgkinHuxley --part up5k --interval 3 --multipliers 7
  python -m boards.cells Izhikevich AdEx --part ecp5 --vectors 100000
"""

import sys
from argparse import Namespace
from collections.abc import Sequence
from inspect import isfunction
from pathlib import Path

from boards.tools import netlist
from boards.tools.alone import COLUMNS, PARTS, PipelineOrder, placed_alone
from boards.tools.beside import made
from boards.tools.flow import FullError
from boards.tools.toolchain import ToolError
from golden import cells
from golden.cells.cell import Cell
from golden.cells.program import Program
from golden.command.console import FAILED, OK, OUT, InputError, judging
from golden.command.frame import Command, Parser
from golden.command.options import to_write, whole, within
from golden.command.results import put_row
from golden.study.cells.compact import COMPACT, compact
from hdl.cells import Pipeline
from sim.jobs.vectors import differences, full_range, running, timetable
from sim.targets import gates
from sim.targets.target import SimulatorError, missing
from sim.targets.vectors import DRIVER, Numbered, run

FOLDER = Path("build", "cells")
SMALL = "compact."
KEYS = 6
"""Columns that tell a row from others."""
DT = 1 / 64
"""Of the library's cells, in ms."""


def add_options(parser: Parser) -> None:
    """Add cells, parts, and how often a neuron enters."""
    parser.add_argument("cells", nargs="+", metavar="CELL", help="as above")
    parser.add_argument("--part", choices=list(PARTS), action="append", help="both without")
    parser.add_argument("--interval", type=whole, default=1, help="cycles from neuron to neuron")
    parser.add_argument("--multipliers", type=whole, help="shared by all products")
    parser.add_argument("--budget", type=whole, help="of a cycle, not the fabric's own")
    parser.add_argument("--inside", action="store_true", help="constants are part of the logic")
    parser.add_argument("--seeds", type=whole, default=3, help="of place and route")
    parser.add_argument("--vectors", type=whole, help="compare the netlist with so many neurons")
    parser.add_argument("--csv", type=to_write, metavar="FILE", help="keep the rows here, too")


def build(args: Namespace) -> int:
    """Do all that is asked for; return the exit status."""
    within("--seeds", args.seeds, 1)
    if args.budget is not None:
        within("--budget", args.budget, 0)
    if args.vectors is not None:
        within("--vectors", args.vectors, 1)
        if text := missing("verilator"):
            raise InputError(text)
    with judging():
        orders = [
            PipelineOrder(
                name,
                program_of(name, PARTS[part].fabric.operand_bits),
                part,
                args.interval,
                args.multipliers,
                not args.inside,
                args.budget,
            )
            for name in args.cells
            for part in args.part or PARTS
        ]
        keys = ["-".join(order.key) for order in orders]
    if args.vectors is not None:
        return compare(orders, keys, args.vectors)
    place(orders, keys, args.seeds, args.csv)
    return OK


def program_of(name: str, operand_bits: int) -> Program:
    """Return the program of a cell by name.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    if name.removeprefix(SMALL) in COMPACT and name.startswith(SMALL):
        return compact(name.removeprefix(SMALL), operand_bits)
    kind = getattr(cells, name, None) if name in cells.__all__ else None
    if isfunction(kind) or (isinstance(kind, type) and issubclass(kind, Cell)):
        return kind().program(DT, operand_bits)
    known = [f"{SMALL}{small}" for small in COMPACT]
    raise ValueError(f"a cell must be a class of golden.cells or of {', '.join(known)}, not {name}")


def compare(orders: Sequence[PipelineOrder], keys: Sequence[str], vectors: int) -> int:
    """Compare netlists; return the exit status."""
    failed = False
    for order, key in zip(orders, keys, strict=True):
        with OUT.status(key):
            wrong = compared(order, FOLDER / f"{key}-netlist", vectors)
        for numbers, ports in wrong.items():
            said = f"differ at {', '.join(ports)}" if ports else "equal"
            OUT.print(f"{key}: {vectors:,} neurons, {numbers}: {said}", markup=False)
        failed |= any(wrong.values())
    return FAILED if failed else OK


def compared(order: PipelineOrder, folder: Path, vectors: int) -> dict[str, list[str]]:
    """Compare a netlist on numbers of the whole range and of a run; return what differs."""
    schedule = order.schedule
    design = Numbered(Pipeline(schedule), timetable(schedule))
    verilog = made(order, design, folder)
    models = netlist.models(PARTS[order.part].board)
    library = gates.library(verilog, models, DRIVER, design.header())
    wrong: dict[str, list[str]] = {}
    for name, numbers in (("whole range", full_range), ("of a run", running)):
        given = numbers(order.program, vectors, seed=1)
        found = run(library, design, given.ports(schedule), given.steady(schedule), vectors)
        wrong[name] = differences(schedule, given, found)
    return wrong


def place(
    orders: Sequence[PipelineOrder], keys: Sequence[str], seeds: int, table: Path | None
) -> None:
    """Place pipelines, and keep a row of each as soon as it is there."""
    for order, key in zip(orders, keys, strict=True):
        with OUT.status(key):
            row = placed_alone(order, FOLDER / key, seeds, lambda seed, made: None)
        said = ", ".join(f"{name} {row[name]}" for name in COLUMNS[KEYS:] if row[name] != "")
        OUT.print(f"{key}: {said}", markup=False)
        if table:
            put_row(table, COLUMNS, KEYS, row)


main = Command(
    "boards.cells",
    __doc__,
    add_options,
    build,
    failures=(ToolError, FullError),
    refused=(SimulatorError,),
)

if __name__ == "__main__":
    sys.exit(main())
