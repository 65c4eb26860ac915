# amaranth: UnusedElaboratable=no
"""Compare random network cores with the model in every clock cycle, whatever their memories hold.

A case is a core of random kinds and sizes whose memories are filled with anything
that has a meaning, over its bus; it runs while the host reads and writes, streams
stand still, and spikes come from outside; then all of it is read back. In every
cycle the record on the probe must be what golden.network.timing predicts.

The first case that fails is made smaller as long as it fails, and told. What has
been equal is kept in the file of --resume, and a run goes on behind it.
Exit status: 0 equal, 1 not equal, 2 bad options, 130 interrupted.

Time: 6 s a core on a shared AMD EPYC, most of it to compile it.

for example:
  python -m sim.chips --count 100
  python -m sim.chips --first 1234 --count 1 --simulator pysim
  python -m sim.chips --count 10000 --fabric up5k --resume build/chips.csv
"""

import sys
from argparse import Namespace
from collections import Counter

from golden.cells.schedule import FABRICS
from golden.command.console import OUT
from golden.command.frame import Command
from golden.network.interface import Phase
from hdl.network.core import NetworkCore
from sim.battery.chip_case import ChipCase, random_case, shrunk
from sim.jobs.cases import add_case_options, try_cases
from sim.records.compare import Mismatch, compare
from sim.targets.target import SimulatorError, open_target

COLUMNS = ("seed", "fabric", "cycles", *(phase.name for phase in Phase))


def try_chips(args: Namespace) -> int:
    """Compare case after case; return the exit status."""

    def attempt(seed: int) -> dict[str, int] | None:
        case = random_case(seed, FABRICS[args.fabric])
        row, mismatch = tried(case, args.simulator)
        if mismatch:
            _tell(case, args.simulator, mismatch)
        return None if mismatch else row

    return try_cases(args, "cores", COLUMNS, attempt)


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
