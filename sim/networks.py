"""Compare the network core with the model over all networks that have a name.

Each of golden.examples runs in lock-step, as sim.lockstep --network does: every
field of every clock cycle, and the hash of the state against the engine's. Those
that are too large are made with fewer neurons. A row of the table is written
after each network; --resume leaves out those that are in it.
Exit status: 0 all equal, 1 one is not, 2 bad options, 130 interrupted.

Time: npbrain-quickstart, 2.8 million clock cycles, took 12 s on a shared AMD EPYC,
its core compiled before, and others as their cycles are; all have 421 million.

for example:
  python -m sim.networks --out docs/results/lockstep.csv
  python -m sim.networks --only cuba --only coba --out build/lockstep.csv
"""

import csv
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from golden.command.console import FAILED, OK, OUT, InputError
from golden.command.frame import Command, Parser
from golden.command.options import to_write
from golden.command.results import write_table
from sim.jobs.network_lock_step import NetworkLockStep, network_compared
from sim.targets.target import NEEDS, SimulatorError, available

NETWORKS: dict[str, tuple[int, tuple[str, ...]]] = {
    "spikelearn-simple": (10, ()),
    "izhikevich-behaviours": (1600, ()),
    "neurapse-feedforward": (800, ()),
    "tsodyks-markram": (100_000, ()),
    "hodgkin-huxley": (6400, ()),
    "adex-behaviours": (4800, ()),
    "npbrain-quickstart": (800, ()),
    "spikelearn-stdp": (2000, ()),
    "spikelearn-mb": (1000, ()),
    "reward": (3000, ("trials=30",)),
    "spikelearn-recurrent": (3000, ()),
    "bindsnet-two-layer": (1500, ()),
    "diehl-cook": (600, ("images=1",)),
    "bindsnet-lc": (1200, ("images=2",)),
    "neurapse-drn": (16_000, ()),
    "neurapse-drn-plastic": (4000, ()),
    "song2000": (8000, ()),
    "shikhargupta": (896, ()),
    "shikhargupta-repaired": (896, ()),
    "spnet": (60_000, ()),
    "brunel": (4000, ("order=250",)),
    "cuba": (2000, ()),
    "coba": (2000, ()),
    "cobahh": (2000, ()),
    "izhikevich2003": (2000, ("excitatory=400", "inhibitory=100")),
    "bindsnet-benchmark": (200, ("n=500",)),
}
"""Steps, and what is changed so that a network is small enough, by name."""
COLUMNS = (
    *("network", "changes", "neurons", "synapses", "kinds", "steps", "cycles", "cycles_of_loading"),
    *("walk", "run", "arrivals", "spikes", "walk_with_an_arrival", "run_with_a_neuron_entering"),
    *("state_sha256", "equal"),
)


def add_options(parser: Parser) -> None:
    """Add which networks."""
    parser.add_argument(
        "--only", action="append", choices=list(NETWORKS), help="a network; may be repeated"
    )
    parser.add_argument("--simulator", choices=list(NEEDS), default=available()[0])
    parser.add_argument("--out", type=to_write, required=True, help="table to write")
    parser.add_argument("--resume", action="store_true", help="leave out what is in the table")


def compare_networks(args: Namespace) -> int:
    """Compare one after the other; return the exit status."""
    rows = _rows(args.out) if args.resume else []
    done = {row["network"] for row in rows}
    for name in args.only or NETWORKS:
        if name in done:
            continue
        rows.append(_row(name, args.simulator))
        rows.sort(key=lambda row: list(NETWORKS).index(row["network"]))
        write_table(args.out, COLUMNS, rows)
        if str(rows[-1]["equal"]) != "True":
            return FAILED
    cycles = sum(int(row["cycles"]) for row in rows)
    OUT.print(f"{len(rows)} networks equal in {cycles:,} cycles")
    return OK


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    with path.open(newline="") as file:
        table = csv.DictReader(file)
        if tuple(table.fieldnames or ()) != COLUMNS:
            raise InputError(f"{path} must be a table of this command")
        return list(table)


def _row(name: str, simulator: str) -> dict[str, Any]:
    steps, changes = NETWORKS[name]
    order = NetworkLockStep(
        network=name,
        changes=changes,
        seed=None,
        steps=steps,
        every=None,
        fabric=None,
        board=None,
        simulator=simulator,
        share=0.0,
        waves=None,
        json=None,
        out=None,
        resume=False,
    )
    found = network_compared(order)
    phases = found["phases"]
    return {
        **found,
        "changes": " ".join(changes),
        "walk": phases["WALK"],
        "run": phases["RUN"],
    }


main = Command("sim.networks", __doc__, add_options, compare_networks, refused=(SimulatorError,))

if __name__ == "__main__":
    sys.exit(main())
