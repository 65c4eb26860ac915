"""Make one board's bitstream: the design's files, the tools, the report."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boards.parts.clocks import Dividers
from boards.parts.description import Board
from boards.parts.design import files
from boards.parts.families import FAMILIES, TOP, Family
from boards.tools.asked import asked, missed
from boards.tools.flow import Flow, Placed
from boards.tools.report import best_of, bitstream, report
from boards.tools.size import LaneMemory, memories, most_neurons, needed, of_neurons
from boards.tools.speed import images, speed
from boards.tools.toolchain import ToolError
from golden.command.atomic import write_atomically
from golden.command.console import ERR, OUT, Display, InputError, judging, writing
from golden.training.recipe import recipe, rules_of

STEPS = "steps"
REPORT = "report.json"
SYNTHESIS = 30
"""What synthesis is of a hundred; place and route are the rest. Roughly."""


@dataclass(frozen=True)
class BuildOrder:
    """What is to be made, and how."""

    board: Board
    """Its preset, rule and clock are those that are wanted."""
    p: Any
    """What its core is made for."""
    at: Dividers
    folder: Path
    seeds: int
    jobs: int
    patience: int
    """Seconds of the processor for place and route of a seed."""
    data_dir: Path | None

    @property
    def family(self) -> Family:
        """What the part is made of, and how it is synthesised."""
        return FAMILIES[self.board.family]

    @property
    def file(self) -> Path:
        """The bitstream."""
        return self.folder / f"{self.board.name}.{self.family.suffix}"

    def memories(self, il: str) -> dict[str, LaneMemory]:
        """Return the memories of the design in RTLIL."""
        return memories(il, of_neurons(self.p))

    def refuse_large(self, il: str) -> None:
        """Refuse a design whose memories do not fit the part.

        Raises
        ------
        InputError
            With the largest number of neurons that would.
        """
        board, p, found = self.board, self.p, self.memories(il)
        if (wanted := needed(found, self.family)) > board.memories:
            most = most_neurons(p, found, self.family, board.memories)
            raise InputError(
                f"preset must need at most {board.memories} block memories, not about {wanted}: "
                f"of {p.n_neurons} neurons in {p.n_lanes} lanes at most {most} fit"
            )

    def size(self) -> dict[str, Any]:
        """Return what the report says of the core's size."""
        return {
            "axons": self.p.n_axons,
            "neurons": self.p.n_neurons,
            "weight_bits": self.p.weight_bits,
            "lanes": self.p.n_lanes,
        }

    def speeds(self) -> dict[str, Any]:
        """Return the speed at the clock by every rule that the core knows."""
        board = self.board
        with OUT.status("counting the clock cycles of an image"), judging():
            dataset = images(self.p, self.data_dir)
            return {
                rule: speed(recipe(board.preset, rule), dataset).at(
                    float(self.at.hz), self.p.n_lanes
                )
                for rule in rules_of(board.rule)
            }


def make(order: BuildOrder) -> dict[str, Any]:
    """Write the report, and the bitstream if its clock is met; return the report.

    Raises
    ------
    InputError, boards.tools.flow.FullError
        If tools are missing, the part is too small, or nothing can be written.
    boards.tools.toolchain.ToolError
        If a tool fails.
    """
    board, clock_mhz = order.board, float(order.at.hz) / 1e6
    flow = Flow(board, order.folder / STEPS, order.family)
    OUT.print(f"{board.name}: {board.preset}, {board.rule}, {clock_mhz:.6g} MHz", markup=False)
    made = design(order)
    begin(order, made)
    cells, seeds = run_tools(order, flow, made[f"{TOP}.il"])
    sizes, speeds = order.size(), order.speeds()
    found = report(board, order.family, sizes, order.at, Counter(cells.values()), seeds, speeds)
    if found["met"]:
        content = flow.pack(best_of(seeds).seed)
        found["bitstream"] = bitstream(order.file.name, content)
        with writing(order.file):
            write_atomically(order.file, content)
    with writing(order.folder):
        write_atomically(order.folder / REPORT, (json.dumps(found, indent=1) + "\n").encode())
    return found


def design(order: BuildOrder) -> dict[str, str]:
    """Return the files that the tools read, by name.

    Raises
    ------
    InputError
        If the pins are not installed, or the part has too few memories.
    """
    try:
        with OUT.status("elaborating"), judging():
            made = files(order.board, order.p, order.at)
    except ImportError:
        raise InputError("amaranth_boards must be installed: pip install amaranth-boards") from None
    order.refuse_large(made[f"{TOP}.il"])
    return made


def begin(order: BuildOrder, made: dict[str, str]) -> None:
    """Write what the tools read, and take away what an earlier build has left.

    Raises
    ------
    InputError
        If that is impossible.
    """
    with writing(order.folder):
        (order.folder / STEPS).mkdir(parents=True, exist_ok=True)
        for old in (order.file, order.folder / REPORT):
            old.unlink(missing_ok=True)
        for name, text in made.items():
            (order.folder / STEPS / name).write_text(text)


def run_tools(order: BuildOrder, flow: Flow, il: str) -> tuple[dict[str, str], list[Placed]]:
    """Synthesise, place and route, and show how far that is; return cells and seeds."""
    with Display() as display:
        task = display.add_task("yosys", total=100)
        display.tell(task, 0, "synthesis takes about a minute")
        cells = flow.synthesise()
        refuse_lost(order, il, cells)
        display.update(task, description="place")
        done: list[Placed] = []

        def tell(seed: int, made: Placed | None) -> None:
            if made is None:
                limit = f"{order.patience} s of the processor"
                ERR.print(f"{order.board.name}: seed {seed} given up after {limit}", markup=False)
                return
            done.append(made)
            share = SYNTHESIS + (100 - SYNTHESIS) * len(done) // order.seeds
            display.tell(task, share, ", ".join(f"{entry.fmax_mhz:.1f} MHz" for entry in done))

        display.tell(task, SYNTHESIS, f"seeds: {order.seeds}, some minutes each")
        clock_mhz = float(order.at.hz) / 1e6 * (1 + flow.family.margin)
        return cells, flow.place(clock_mhz, order.seeds, order.jobs, order.patience, tell)


def refuse_lost(order: BuildOrder, il: str, cells: dict[str, str]) -> None:
    """Refuse a netlist that lacks what the design asks for.

    Raises
    ------
    boards.tools.toolchain.ToolError
        With all that it lacks.
    """
    family = order.family
    if lines := missed(asked(il, order.memories(il), family), cells, family):
        raise ToolError(f"yosys must make what the design asks for: {'; '.join(lines)}")
