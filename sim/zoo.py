"""Compare random small networks with the model in every clock cycle, and with the engine.

A network of sim.battery.zoo has groups of several cells, sources of all sorts,
currents that change, noise, winners, narrow words that saturate and delays up to
255 steps. It is placed on a core, loaded over the bus and run with streams that
stand still; the state is read back and must be the engine's.

With --learning they are those of sim.battery.one_rule, whose synapses learn by
one rule, with few posts that may wait; with --late the rule looks at rewards or
has a norm. What was equal is then another table.

The first one that fails is made smaller as long as it fails, and told. What has
been equal is kept in the file of --resume, and a run goes on behind it.
Exit status: 0 equal, 1 not equal, 2 bad options, 130 interrupted.

Time: 12 s a network on a shared AMD EPYC, most of it to compile its core.

for example:
  python -m sim.zoo --count 100
  python -m sim.zoo --learning --count 100
  python -m sim.zoo --late --count 100
  python -m sim.zoo --first 77 --count 1 --simulator icarus
"""

import sys
from argparse import Namespace
from functools import partial

from golden.cells.schedule import FABRICS
from golden.command.console import OUT
from golden.command.frame import Command, Parser
from sim.battery.zoo_case import learning_case, random_network_case, shrunk_network
from sim.jobs.cases import add_case_options, try_cases
from sim.targets.target import SimulatorError

COLUMNS = ("seed", "fabric", "cycles", "arrivals", "spikes")


def add_options(parser: Parser) -> None:
    """Add which networks, and where."""
    add_case_options(parser)
    parser.add_argument("--learning", action="store_true", help="networks that learn")
    parser.add_argument(
        "--late", action="store_true", help="networks that learn by rewards, or have a norm"
    )


def try_networks(args: Namespace) -> int:
    """Compare network after network; return the exit status."""
    drawn = learning_case if args.learning else random_network_case
    if args.late:
        drawn = partial(learning_case, late=True)

    def attempt(seed: int) -> dict[str, int] | None:
        case = drawn(seed, FABRICS[args.fabric])
        figures, failure = case.run(args.simulator)
        if failure:
            OUT.print(f"network {seed} is not equal: {failure}", markup=False)
            small = shrunk_network(case, lambda other: bool(other.failure(args.simulator)))
            OUT.print(f"smaller: {small.failure(args.simulator)}\n{small}", markup=False)
            return None
        return {name: getattr(figures, name) for name in COLUMNS[2:]}

    return try_cases(args, "networks", COLUMNS, attempt)


main = Command("sim.zoo", __doc__, add_options, try_networks, refused=(SimulatorError,))

if __name__ == "__main__":
    sys.exit(main())
