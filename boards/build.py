"""Make the bitstream of a board, and say what it takes and how fast it is.

The core is made for every phase of the preset's recipe; what differs between
them is in registers. Synthesis runs once, place and route once for every seed,
and the fastest is packed. DIR gets the bitstream, report.json, and below steps/
what the tools have read and written. The same sources and tools give the same
bytes. A clock that is not met fails the build, and so does a figure that is more
than 5 % worse than in boards/tools/budgets.toml; a bitstream that misses its clock is
not written. A build fails, too, if yosys warns of what breaks a design, or if its
netlist lacks memories, multipliers or the PLL that the design asks for; and place
and route of a seed that does not end is given up, and the next seed tried.
Exit status: 0 done, 1 failed, 2 bad options or a part too small.

Fmax is what nextpnr computes. For Gowin's parts it does not know the delays of
the memories, so that 25 % more than the clock is asked, and called an estimate.
Images per second are by the cycle model (golden.dense.timing), without the line.

Time: about five minutes for the iCEBreaker, an hour for all boards, on two cores of a shared
AMD EPYC.

for example:
  python -m boards.build icebreaker
  python -m boards.build ulx3s_85f --clock 50 --rule rstdp --seeds 8
  python -m boards.build hx8k --preset my.toml#mine --out build/mine
  python -m boards.build icebreaker --network neurapse-drn --set size=500
"""

import math
import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

from boards.parts.board import BOARDS
from boards.parts.chips import CHIPS
from boards.parts.clocks import dividers
from boards.parts.families import FAMILIES
from boards.parts.fit import refuse_large
from boards.parts.network import NetworkBuild, home_of
from boards.tools import budget
from boards.tools.bitstream import BuildOrder, make
from boards.tools.flow import FullError
from boards.tools.network import BUDGETS as NETWORK_BUDGETS
from boards.tools.network import COLUMNS as NETWORK_COLUMNS
from boards.tools.network import KEYS as NETWORK_KEYS
from boards.tools.network import NetworkOrder, budget_name, network_row, network_table
from boards.tools.report import COLUMNS, row, table
from boards.tools.toolchain import ToolError
from golden.command.atomic import write_atomically
from golden.command.console import (
    BAD_INPUT,
    ERR,
    FAILED,
    OK,
    OUT,
    InputError,
    judging,
    writing,
)
from golden.command.frame import Command, Parser, tell
from golden.command.options import add_jobs_option, to_write, whole, within
from golden.command.results import put_row, write_table
from golden.simulation.asked import add_network_options, made
from golden.training.options import add_data_dir_option, add_preset_option
from golden.training.recipe import BOTH, RULES

ALL = "all"
OWN = ("preset", "rule", "clock")
"""Options with which a board is no longer the one that has a budget."""
PATIENCE = 3600
"""Seconds of the processor: ten times what the slowest seed of a board takes."""


def add_options(parser: Parser) -> None:
    """Add the board, what it is built with, and what its figures are held to."""
    names = (*BOARDS, ALL)
    parser.add_argument("board", choices=names, metavar="BOARD", help=", ".join(names))
    add_preset_option(parser, "the board's")
    parser.add_argument(
        "--rule",
        choices=(*RULES, BOTH),
        help="what the core can learn by (default: the board's, which is both where they fit)",
    )
    parser.add_argument(
        "--network",
        metavar="NAME|FILE",
        help="a network of golden.simulate instead of a preset: the board's own network chip if it "
        "fits that, else one that is made for it",
    )
    add_network_options(parser.add_argument_group("the network"))
    parser.add_argument(
        "--clock",
        type=float,
        metavar="MHZ",
        help="instead of the board's; the nearest that its PLL makes is taken",
    )
    add_seed_options(parser)
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="(default: build/BOARD); of all boards: DIR/BOARD"
    )
    add_data_dir_option(
        parser,
        "where MNIST lies, to count clock cycles with (default: $GOLDSPIKE_DATA; if there is "
        "neither, the digits that come with scikit-learn are taken)",
    )
    parser.add_argument(
        "--write-budgets", action="store_true", help="what is found is the budget from now on"
    )
    parser.add_argument(
        "--csv",
        type=to_write,
        metavar="FILE",
        help="write a row a board here; a network's joins those there",
    )


def add_seed_options(parser: Parser) -> None:
    """Add how many seeds of place and route are tried, and how."""
    parser.add_argument("--seeds", type=whole, help="of place and route (default: the board's)")
    add_jobs_option(parser, "seeds placed")
    parser.add_argument(
        "--patience",
        type=whole,
        default=PATIENCE,
        metavar="SECONDS",
        help="of the processor, after which a seed is given up and the next one tried "
        "(default: %(default)s)",
    )


def build(args: Namespace) -> int:
    """Build one board or all; return the exit status, of all boards FAILED before BAD_INPUT."""
    check(args)
    statuses, found = [], []
    for name in BOARDS if args.board == ALL else [args.board]:
        try:
            done = make((network_order if args.network is not None else order)(args, name))
        except (InputError, FullError) as error:
            statuses.append(tell(error, BAD_INPUT, f"{name}: "))
        except ToolError as error:
            statuses.append(tell(error, FAILED, f"{name}: "))
        else:
            found.append(done)
            OUT.print(network_table(done) if args.network is not None else table(done))
            statuses.append(judge(args, done))
    keep(args, found)
    return FAILED if FAILED in statuses else max(statuses)


def check(args: Namespace) -> None:
    """Refuse options that no board can have.

    Raises
    ------
    InputError
        With the first of them.
    """
    for name in ("seeds", "jobs", "patience"):
        if (given := getattr(args, name)) is not None:
            within(f"--{name}", given, 1)
    if args.clock is not None and not 0 < args.clock < math.inf:
        raise InputError(f"--clock must be a positive number of MHz, not {args.clock}")
    own = [name for name in OWN if getattr(args, name) is not None]
    if own and (args.board == ALL or args.write_budgets):
        raise InputError(f"--{own[0]} must be left out for all boards and for budgets")
    of_network = [name for name in ("seed", "set", "dt", "input") if getattr(args, name)]
    if args.network is None and of_network:
        raise InputError(f"--{of_network[0]} must be of a network, not without --network")
    if args.network is not None and (args.preset or args.rule or args.board == ALL):
        raise InputError("--network must stand without --preset and --rule, and for one board")


def order(args: Namespace, name: str) -> BuildOrder:
    """Return what is to be built.

    Raises
    ------
    InputError
        If it is impossible.
    """
    plain = BOARDS[name]
    folder = Path("build", name) if args.out is None else args.out
    if args.out and args.board == ALL:
        folder = args.out / name
    with judging():
        wanted = plain.clock_hz if args.clock is None else round(args.clock * 1e6)
        at = dividers(FAMILIES[plain.family].pll, plain.clock_in_hz, wanted)
        board = replace(
            plain.clocked(round(at.hz)),
            preset=args.preset or plain.preset,
            rule=args.rule or plain.rule,
        )
        seeds = args.seeds or board.seeds
        return BuildOrder(
            board, board.params(), at, folder, seeds, args.jobs, args.patience, args.data_dir
        )


def network_order(args: Namespace, name: str) -> NetworkOrder:
    """Return a network's chip that is to be built.

    Raises
    ------
    InputError
        If it is impossible.
    """
    with judging():
        if name not in CHIPS:
            raise InputError(f"board must be one of {', '.join(CHIPS)} for a network, not {name}")
        plan, plain = CHIPS[name], BOARDS[name]
        _, net = made(args, args.network)
        chip, placement = home_of(plan, name, net, Path(args.network).stem)
        built = NetworkBuild(placement.chip, plan.buffers)
        wanted = plan.clock_hz if args.clock is None else round(args.clock * 1e6)
        at = dividers(FAMILIES[plain.family].pll, plain.clock_in_hz, wanted)
        board = plain.clocked(round(at.hz))
        board = replace(board, core="network", preset=chip, rule="network")
        refuse_large(board, built)
    folder = args.out or Path("build", f"{name}-{chip}")
    seeds, limits = args.seeds or board.seeds, (args.jobs, args.patience, args.data_dir)
    return NetworkOrder(board, built, at, folder, seeds, *limits, args.network, placement)


def judge(args: Namespace, found: dict[str, Any]) -> int:
    """Say in a line each what is not good enough; return the exit status."""
    lines = []
    if not found["met"]:
        least = f"{found['required_mhz']:.6g} MHz for a clock of {found['clock_mhz']:.6g}"
        lines.append(f"Fmax must be at least {least}, not {found['fmax_mhz']}")
    if not any(getattr(args, name) for name in (*OWN, "write_budgets")):
        path = NETWORK_BUDGETS if args.network is not None else budget.BUDGETS
        lines += budget.worse(found, budget.budget(budgeted(args, found), path))
    for line in lines:
        ERR.print(f"failed: {found['board']}: {line}", markup=False)
    return FAILED if lines else OK


def budgeted(args: Namespace, found: dict[str, Any]) -> str:
    """Return under which name a design's budget stands."""
    return budget_name(found) if args.network is not None else found["board"]


def keep(args: Namespace, found: list[dict[str, Any]]) -> None:
    """Write budgets and the table of all boards, if that is asked for."""
    if args.write_budgets:
        path = NETWORK_BUDGETS if args.network is not None else budget.BUDGETS
        with writing(path):
            text = path.read_text() if path.exists() else ""
            for entry in found:
                text = budget.with_budget(budgeted(args, entry), entry, text)
            write_atomically(path, text.encode())
    if args.csv and args.network is not None:
        for entry in found:
            put_row(args.csv, NETWORK_COLUMNS, NETWORK_KEYS, network_row(entry))
    elif args.csv:
        write_table(args.csv, COLUMNS, map(row, found))


main = Command("boards.build", __doc__, add_options, build)

if __name__ == "__main__":
    sys.exit(main())
