# amaranth: UnusedElaboratable=no
"""Compare random network cores with the model in every clock cycle, whatever their memories hold.

A case is a core of random kinds and sizes whose memories are filled with anything
that has a meaning, over its bus; it runs while the host reads and writes, streams
stand still, and spikes come from outside; then all of it is read back. In every
cycle the record on the probe must be what golden.network.timing predicts.

The first case that fails is made smaller as long as it fails, and told. What has
been equal is kept in the file of --resume, and a run goes on behind it.
Exit status: 0 equal, 1 not equal, 2 bad options, 130 interrupted.

for example:
  python -m sim.chips --count 100
  python -m sim.chips --first 1234 --count 1 --simulator pysim
  python -m sim.chips --count 10000 --fabric up5k --resume build/chips.csv
"""

import sys
from argparse import Namespace
from collections import Counter

from golden.command.console import FAILED, OK, OUT, Display
from golden.command.frame import Command
from golden.command.options import within
from golden.command.results import write_table
from golden.network.interface import Phase
from hdl.network.core import NetworkCore
from sim.battery.chip_case import ChipCase, random_case, shrunk
from sim.jobs.cases import add_case_options, done_cases
from sim.jobs.network_lock_step import FABRICS
from sim.records.compare import Mismatch, compare
from sim.targets.target import SimulatorError, open_target

COLUMNS = ("seed", "fabric", "cycles", *(phase.name for phase in Phase))


def try_chips(args: Namespace) -> int:
    """Compare case after case; return the exit status."""
    within("--count", args.count, 1)
    within("--first", args.first, 0)
    fabric, done = FABRICS[args.fabric], done_cases(args.resume, args.fabric)
    seeds = [s for s in range(args.first, args.first + args.count) if s not in done]
    total = Counter({"cycles": sum(int(row["cycles"]) for row in done.values())})
    with Display() as display:
        task = display.add_task("cores", total=args.count, completed=args.count - len(seeds))
        for number, seed in enumerate(seeds, start=args.count - len(seeds) + 1):
            case = random_case(seed, fabric)
            row, mismatch = tried(case, args.simulator)
            if mismatch:
                _tell(case, args.simulator, mismatch)
                return FAILED
            total["cycles"] += row["cycles"]
            done[seed] = {"seed": seed, "fabric": args.fabric, **row}
            if args.resume:
                write_table(args.resume, COLUMNS, done.values())
            display.tell(task, number, f"{total['cycles']:,} cycles equal")
    OUT.print(f"{args.count:,} cores equal in {total['cycles']:,} cycles")
    return OK


def tried(case: ChipCase, simulator: str) -> tuple[dict[str, int], Mismatch | None]:
    """Compare one case; return its cycles by phase, and where it differs."""
    stimulus, rows = case.record()
    with open_target(simulator, NetworkCore(case.contents.chip)) as target:
        got = target.run(stimulus)
    phases = Counter(rows["phase"].tolist())
    counted = {phase.name: phases[phase.value] for phase in Phase}
    return {"cycles": len(rows), **counted}, compare(rows, got)


def _tell(case: ChipCase, simulator: str, mismatch: Mismatch) -> None:
    """Say what differs, and in how small a case."""
    OUT.print(f"core {case.seed} is not equal: {mismatch}", markup=False)
    with OUT.status("making it smaller"):
        small = shrunk(case, lambda other: tried(other, simulator)[1] is not None)
    OUT.print(f"smaller: {tried(small, simulator)[1]}\n{small}", markup=False)


main = Command("sim.chips", __doc__, add_case_options, try_chips, refused=(SimulatorError,))

if __name__ == "__main__":
    sys.exit(main())
