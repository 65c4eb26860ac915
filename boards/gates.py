"""Compare what synthesis makes of a board's core with the model, while it learns.

The core is synthesised as boards.build does it. Its netlist is simulated in
Verilator, with the models of the part's cells that come with yosys; what they
call unknown is random. As in sim.lockstep a network is loaded, images are
presented, and the network is read back: in every cycle the record on the probe
must be what golden.dense.timing predicts.

With --pins, for iCE40 boards, it is the netlist that is placed on the board,
pads and clock included, that learns behind its serial line from the driver of
boards.run: the cycles of every image, the answers and the network read back
must be golden's. The PLL alone is a wire.

For other boards block memories and multipliers have no usable model: memories
of more than 64 words stay behavioural, and multiplication is made of lookup
tables. Exit status: 0 equal, 1 not equal, 2 bad options or input, 130
interrupted.

for example:
  python -m boards.gates icebreaker
  python -m boards.gates hx8k --pins --rule rstdp --images 30
  python -m boards.gates ulx3s_25f --preset tiny
"""

import argparse
import csv
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from boards.host.dense import DenseDriver
from boards.host.info import DeviceError
from boards.host.link import LinkError
from boards.host.simulated import SimPort
from boards.parts.board import BOARDS, board
from boards.parts.clocks import BOOT_S
from boards.parts.dense import core_params
from boards.parts.description import Board
from boards.sessions.lesson import PairedLesson
from boards.sessions.training import within
from boards.tools import netlist
from boards.tools.toolchain import ToolError
from golden.command.atomic import write_atomically
from golden.command.console import (
    ERR,
    FAILED,
    OK,
    OUT,
    Display,
    InputError,
    Parser,
    judging,
    run,
    writing,
)
from golden.dense.params import Params
from golden.training.course import Course
from golden.training.options import add_recipe_options, choice, chosen
from sim.jobs.dense import fresh_job
from sim.jobs.job import Stalls, compared
from sim.jobs.lock_step import add_comparison_options, check, conclude, headline
from sim.targets import cxxrtl, gates
from sim.targets.cxxrtl import Compiled
from sim.targets.serial import DRIVER
from sim.targets.taps import Taps
from sim.targets.target import SimulatorError, missing

COLUMNS = ("board", "view", "preset", "rule", "learn", "images", "cycles", "state_sha256", "equal")
"""Of the table; how long it took is left out, as it differs from run to run."""
FOLDER = Path("build", "gates")


def main(argv: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    args = parser().parse_args(argv)
    return run(lambda: command(args))


def parser() -> Parser:
    """Return the command line's parser."""
    made = Parser("boards.gates", __doc__)
    made.add_argument("board", choices=list(BOARDS), metavar="BOARD", help=", ".join(BOARDS))
    made.add_argument("--pins", action="store_true", help="all that is between the board's pins")
    made.add_argument("--preset", help="what the core is built for (default: the board's)")
    add_recipe_options(made, fixed=True)
    group = add_comparison_options(made)
    group.add_argument("--csv", type=Path, help="add a row to this table, too")
    return made


def command(args: argparse.Namespace) -> int:
    """Synthesise and compare; return the exit status."""
    chosen_board = board(args.board)
    chosen_board = replace(chosen_board, preset=args.preset or chosen_board.preset)
    args.preset, args.model = chosen_board.preset, None
    args.simulator = f"netlist of {args.board} in verilator"
    if text := missing("verilator"):
        raise InputError(text)
    if args.pins and not netlist.whole(chosen_board):
        raise InputError(f"--pins must be left out for {args.board}: not all cells have models")
    for name in ("stalls", "waves"):
        if args.pins and getattr(args, name):
            raise InputError(f"--{name} must be left out with --pins, as there is no record")
    if args.pins and not args.learn:
        raise InputError("--no-learn must be left out with --pins, which does both")
    with judging():
        check(args)
        built = core_params(args.preset, chosen_board.rule)
    try:
        result = (behind_pins if args.pins else alone)(args, chosen_board, built)
    except (ToolError, LinkError, DeviceError) as error:
        ERR.print(f"error: {error}", markup=False)
        return FAILED
    except (SimulatorError, ImportError) as error:
        raise InputError(str(error)) from error
    if args.csv:
        keep(args, result)
    return OK if result["equal"] else FAILED


def folder(args: argparse.Namespace) -> Path:
    """Return where the tools of one netlist work."""
    return FOLDER / "-".join((args.board, args.preset.rpartition("#")[2], view(args)))


def view(args: argparse.Namespace) -> str:
    """Return the name of what is synthesised."""
    return "pins" if args.pins else "core"


def alone(args: argparse.Namespace, chosen_board: Board, built: Params) -> dict[str, Any]:
    """Compare the record of the core alone in every cycle; return the result."""
    with judging():
        recipe, dataset = chosen(choice(args))
        job = fresh_job(recipe, dataset, args.images, args.learn, args.seed, built)
    OUT.print(headline(args, job), markup=False)

    def opened(core) -> Compiled:
        taps = Taps(core)
        verilog = netlist.core_netlist(chosen_board, taps, folder(args))
        models = netlist.models(chosen_board)
        return Compiled(core, gates.library(verilog, models, cxxrtl.DRIVER, taps.header()))

    stalls = Stalls(args.stalls, args.seed)
    return conclude(args, job, compared(job, stalls, args.simulator, opened))


def behind_pins(args: argparse.Namespace, chosen_board: Board, built: Params) -> dict[str, Any]:
    """Let what is on the board learn behind its line; return the result."""
    with judging():
        course = Course(*chosen(choice(args)), args.seed)
        within("--images", args.images, 1, course.total)
    with OUT.status(f"building the {args.simulator}"):
        verilog = netlist.board_netlist(chosen_board, built, folder(args))
        compiled = gates.library(verilog, netlist.models(chosen_board), DRIVER)
    port = SimPort(chosen_board, compiled, boot=round(2 * BOOT_S * chosen_board.clock_hz))
    with DenseDriver(port, built, args.preset.rpartition("#")[2]) as device:
        lesson = PairedLesson(device, course)
        with Display() as display:
            equal = lesson.run(args.images, display)
    if equal:
        OUT.print(
            f"equal: {args.images} images learned in {lesson.cycles:,} cycles of {port.cycles:,}; "
            f"state {lesson.learner.state.sha256()}",
            markup=False,
        )
    what = {"preset": args.preset, "rule": args.rule, "learn": True, "images": args.images}
    figures = {"cycles": lesson.cycles, "state_sha256": lesson.learner.state.sha256()}
    result = what | figures | {"equal": equal, "line_cycles": port.cycles}
    if args.json:
        with writing(args.json):
            write_atomically(args.json, (json.dumps(result, indent=2) + "\n").encode())
    return result


def keep(args: argparse.Namespace, result: dict[str, Any]) -> None:
    """Add a row to the table."""
    row = {"board": args.board, "view": view(args)} | result
    with writing(args.csv):
        new = not args.csv.exists()
        with args.csv.open("a", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n", extrasaction="ignore")
            if new:
                writer.writeheader()
            writer.writerow(row)


if __name__ == "__main__":
    sys.exit(main())
