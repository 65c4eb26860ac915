"""Put random faults into the hardware's netlist, and count those that the battery notices.

yosys' `mutate` draws bits of cells that are inverted, stuck, or inverted by a
neighbour, evenly over the netlist that is simulated: for the core, those of the
battery's networks, each its share; for the network core, those of its small network
cores; for the link, those of the top levels of its dialogues, without the core. All
mutants of a netlist are compiled together, and a number wakes one. It is caught
at the first clock cycle in which the core's record is not what the cycle model says,
in the network's run, in one of the core's random lives or in its drills; or at the
first reply that is not as docs/link.md says.

A mutant that survives is equivalent if a solver proves, by induction, that its
outputs are always those of the true design. The others are listed, with the line
of the source that they come from. The score is the share of those caught among
those not equivalent. The same options give the same mutants and verdicts; what is
known of them is kept with --resume, for a run that goes on after a killed one.
Beside the catalogue of sim.faults, which says that what people thought of is
noticed, this says how much else is.
Exit status: 0 the score is at least --goal, 1 it is less, 2 bad options, input
or output, 130 interrupted.

Time on a shared AMD EPYC: of the core 8 s a netlist and 0.2 s a mutant; of the link half a
minute and 2 to 10 s; for what survives half a minute more where a solver is asked for bounds.

for example:
  python -m sim.mutants --part core --size 70
  python -m sim.mutants --part network --bed mixed --size 40
  python -m sim.mutants --size 700 --seed 2 --csv mutants.csv
"""

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import Any

from rich.table import Table

from golden.command.console import FAILED, OK, OUT, Display, InputError
from golden.command.frame import Command, Parser
from golden.command.options import add_jobs_option, to_write, whole, within
from golden.command.results import write_table
from golden.training.course import MAX_SEED
from sim.mutation.beds import CORE, LINK, NETWORK
from sim.mutation.campaign import BEDS, CAUGHT, EQUIVALENT, SURVIVED, Campaign, Verdict
from sim.mutation.journal import Journal
from sim.mutation.netlist import SELECTOR_BITS
from sim.targets.target import SimulatorError

PARTS = (CORE, NETWORK, LINK)
COLUMNS = ("part", "module", "line", "bed", "mutant", "outcome", "play", "cycle")


def add_options(parser: Parser) -> None:
    """Add which mutants, and where to tell of them."""
    parser.add_argument("--part", choices=PARTS, help="of the hardware (default: all)")
    parser.add_argument("--bed", choices=sum(BEDS.values(), ()), help="only this one of the part's")
    parser.add_argument("--size", type=whole, default=300, help="mutants of a part (default: 300)")
    parser.add_argument("--seed", type=whole, default=1, help="of their choice (default: 1)")
    parser.add_argument(
        "--lives", type=whole, default=16, help="random lives of every core (default: 16)"
    )
    parser.add_argument(
        "--goal", type=float, default=98.0, metavar="PERCENT", help="the least score (default: 98)"
    )
    add_jobs_option(parser)
    parser.add_argument("--csv", type=to_write, help="write a row for every mutant")
    parser.add_argument(
        "--resume", type=to_write, metavar="FILE", help="keep what is known there and go on with it"
    )


def judge(args: Namespace) -> int:
    """Carry out what the options ask for; return the exit status."""
    check(args)
    parts = [part for part in PARTS if args.part in (None, part)]
    options = {name: vars(args)[name] for name in ("part", "bed", "size", "seed", "lives")}
    with Journal(args.resume, options) as journal:
        verdicts = {part: examined(part, args, journal) for part in parts}
    for part, found in verdicts.items():
        OUT.print(summary(part, found))
        for verdict in found:
            if verdict.outcome == SURVIVED:
                OUT.print(str(verdict), markup=False)
    for part, found in verdicts.items():
        n_caught, n_all = counts(found)
        told = f"{part}: score {n_caught}/{n_all} = {score(found):.1f} %"
        OUT.print(f"{told}, {len(found) - n_all} of {len(found)} equivalent", markup=False)
    if args.csv:
        write_table(args.csv, COLUMNS, rows(verdicts))
    return OK if all(score(found) >= args.goal for found in verdicts.values()) else FAILED


def check(args: Namespace) -> None:
    """Refuse numbers out of range.

    Raises
    ------
    InputError
        With the first of them.
    """
    most = (1 << SELECTOR_BITS) - 1
    within("--size", args.size, 1, most)
    within("--seed", args.seed, 0, MAX_SEED)
    within("--lives", args.lives, 0)
    within("--jobs", args.jobs, 1)
    if not 0 <= args.goal <= 100:
        raise InputError(f"--goal must be 0 to 100, not {args.goal}")
    if args.bed and not (args.part and args.bed in BEDS[args.part]):
        raise InputError(f"--bed must be one of --part's, not {args.bed!r} of {args.part}")


def examined(part: str, args: Namespace, journal: Journal) -> list[Verdict]:
    """Return the verdicts on the mutants of a part.

    Raises
    ------
    SimulatorError
        If a tool is missing or fails.
    """
    with Display() as display:
        tasks = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = display.add_task(f"{part}: {what}", total=total)
            display.tell(tasks[what], done, f"{done} of {total}")

        beds = (args.bed,) if args.bed else BEDS[part]
        return Campaign(part, args.size, args.seed, args.lives, args.jobs, journal, beds).run(tell)


def counts(verdicts: Sequence[Verdict]) -> tuple[int, int]:
    """Return how many are caught, and how many are not equivalent."""
    outcomes = [verdict.outcome for verdict in verdicts]
    return outcomes.count(CAUGHT), len(outcomes) - outcomes.count(EQUIVALENT)


def score(verdicts: Sequence[Verdict]) -> float:
    """Return the share of those caught among those not equivalent, in percent."""
    n_caught, n_all = counts(verdicts)
    return 100 * n_caught / n_all if n_all else 100.0


def summary(part: str, verdicts: Sequence[Verdict]) -> Table:
    """Return a table with one row a module, and one of them all."""
    table = Table(part, "mutants", "equivalent", "caught", "survived", "score %", box=None)
    for column in table.columns[1:]:
        column.justify = "right"
    modules = sorted({verdict.mutant.place.module for verdict in verdicts})
    by_module = [(m, [v for v in verdicts if v.mutant.place.module == m]) for m in modules]
    for name, ours in [*by_module, ("all", list(verdicts))]:
        n_caught, n_all = counts(ours)
        numbers = (len(ours), len(ours) - n_all, n_caught, n_all - n_caught)
        table.add_row(name, *map(str, numbers), f"{score(ours):.1f}" if n_all else "")
    return table


def rows(verdicts: dict[str, list[Verdict]]) -> Iterator[dict[str, Any]]:
    """Yield a row of `COLUMNS` for every mutant."""
    for part, found in verdicts.items():
        for v in found:
            play, cycle, _ = v.found
            values = (part, *v.mutant.place, v.bed, v.mutant.text, v.outcome, play, cycle or "")
            yield dict(zip(COLUMNS, values, strict=True))


main = Command("sim.mutants", __doc__, add_options, judge, refused=(SimulatorError,))

if __name__ == "__main__":
    sys.exit(main())
