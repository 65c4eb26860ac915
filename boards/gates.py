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

Time: one to five minutes of processor time on a shared AMD EPYC, half of it to build.

for example:
  python -m boards.gates icebreaker
  python -m boards.gates hx8k --pins --rule rstdp --images 30
  python -m boards.gates ulx3s_25f --preset tiny
"""

import csv
import sys
from argparse import Namespace
from dataclasses import dataclass, replace
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
from boards.tools import netlist
from boards.tools.toolchain import ToolError
from golden.command.console import FAILED, OK, OUT, Display, InputError, judging, writing
from golden.command.frame import Command, Parser
from golden.command.options import to_write, within
from golden.command.results import write_json
from golden.dense.params import Params
from golden.training.course import Course
from golden.training.options import add_preset_option, add_recipe_options, chosen
from sim.jobs.dense import fresh_job
from sim.jobs.job import compared
from sim.jobs.lock_step import LockStep, add_comparison_options, conclude, headline, ordered
from sim.targets import cxxrtl, gates
from sim.targets.cxxrtl import Compiled
from sim.targets.serial import DRIVER
from sim.targets.taps import Taps
from sim.targets.target import SimulatorError, missing

COLUMNS = ("board", "view", "preset", "rule", "learn", "images", "cycles", "state_sha256", "equal")
"""Of the table; how long it took is left out, as it differs from run to run."""
FOLDER = Path("build", "gates")


@dataclass(frozen=True)
class GatesOrder:
    """What is synthesised, and what it is compared in."""

    board: Board
    """With the preset that its core is built for."""
    built: Params
    """What its core is built for, in numbers."""
    pins: bool
    lock_step: LockStep

    @property
    def view(self) -> str:
        """The name of what is synthesised."""
        return "pins" if self.pins else "core"

    @property
    def core(self) -> str:
        """The preset's name, without its file."""
        return self.board.preset.rpartition("#")[2]

    @property
    def folder(self) -> Path:
        """Where the tools work on this netlist."""
        return FOLDER / "-".join((self.board.name, self.core, self.view))


def add_options(parser: Parser) -> None:
    """Add the board, and what is compared."""
    parser.add_argument("board", choices=list(BOARDS), metavar="BOARD", help=", ".join(BOARDS))
    parser.add_argument("--pins", action="store_true", help="all that is between the board's pins")
    add_preset_option(parser, "the board's")
    add_recipe_options(parser, fixed=True)
    group = add_comparison_options(parser)
    group.add_argument("--csv", type=to_write, help="add a row to this table, too")


def simulate(args: Namespace) -> int:
    """Synthesise and compare; return the exit status."""
    if text := missing("verilator"):
        raise InputError(text)
    order = chosen_order(args)
    result = behind_pins(order) if order.pins else alone(order)
    if args.csv:
        keep(args.csv, order, result)
    return OK if result["equal"] else FAILED


def chosen_order(args: Namespace) -> GatesOrder:
    """Return what the options ask for.

    Raises
    ------
    InputError
        If it is impossible.
    """
    plain = board(args.board)
    taken = replace(plain, preset=args.preset or plain.preset)
    if args.pins and not netlist.whole(taken):
        raise InputError(f"--pins must be left out for {taken.name}: not all cells have models")
    for name in ("stalls", "waves"):
        if args.pins and getattr(args, name):
            raise InputError(f"--{name} must be left out with --pins, as there is no record")
    if args.pins and not args.learn:
        raise InputError("--no-learn must be left out with --pins, which does both")
    with judging():
        lock_step = ordered(args, f"netlist of {taken.name} in verilator")
        lock_step = replace(lock_step, choice=replace(lock_step.choice, preset=taken.preset))
        return GatesOrder(taken, core_params(taken.preset, taken.rule), args.pins, lock_step)


def alone(order: GatesOrder) -> dict[str, Any]:
    """Compare the record of the core alone in every cycle; return the result."""
    asked = order.lock_step
    with judging():
        recipe, dataset = chosen(asked.choice)
        job = fresh_job(recipe, dataset, asked.images, asked.learn, asked.seed, order.built)
    OUT.print(headline(asked, job), markup=False)

    def opened(core) -> Compiled:
        taps = Taps(core)
        verilog = netlist.core_netlist(order.board, taps, order.folder)
        models = netlist.models(order.board)
        return Compiled(core, gates.library(verilog, models, cxxrtl.DRIVER, taps.header()))

    return conclude(asked, job, compared(job, asked.stalls, asked.simulator, opened))


def behind_pins(order: GatesOrder) -> dict[str, Any]:
    """Let what is on the board learn behind its line; return the result."""
    asked = order.lock_step
    with judging():
        course = Course(*chosen(asked.choice), asked.seed)
    n_images = within("--images", asked.images, 1, course.total)
    with OUT.status(f"building the {asked.simulator}"):
        verilog = netlist.board_netlist(order.board, order.built, order.folder)
        compiled = gates.library(verilog, netlist.models(order.board), DRIVER)
    port = SimPort(order.board, compiled, boot=round(2 * BOOT_S * order.board.clock_hz))
    with DenseDriver(port, order.built, order.core) as device:
        lesson = PairedLesson(device, course)
        with Display() as display:
            equal = lesson.run(n_images, display)
    if equal:
        OUT.print(
            f"equal: {n_images} images learned in {lesson.cycles:,} cycles of {port.cycles:,}; "
            f"state {lesson.learner.state.sha256()}",
            markup=False,
        )
    recipe = {"preset": asked.choice.preset, "rule": asked.choice.rule}
    figures = {"cycles": lesson.cycles, "state_sha256": lesson.learner.state.sha256()}
    result = recipe | {"learn": True, "images": n_images} | figures
    result |= {"equal": equal, "line_cycles": port.cycles}
    if asked.json:
        write_json(asked.json, result)
    return result


def keep(table: Path, order: GatesOrder, result: dict[str, Any]) -> None:
    """Add a row to the table."""
    row = {"board": order.board.name, "view": order.view} | result
    with writing(table):
        new = not table.exists()
        with table.open("a", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n", extrasaction="ignore")
            if new:
                writer.writeheader()
            writer.writerow(row)


main = Command(
    "boards.gates",
    __doc__,
    add_options,
    simulate,
    failures=(ToolError, LinkError, DeviceError),
    refused=(SimulatorError, ImportError),
)

if __name__ == "__main__":
    sys.exit(main())
