"""What every network by name needs of a chip: a table with --out.

Built for the ECP5 (factors of 18 bits), on the smallest chip; boards are those whose memories take
it. Exit status: 0.

for example:
  python -m tests.network.placement.needs --out docs/results/network_needs.csv
"""

import argparse
import csv
import sys
from pathlib import Path

from golden.cells.schedule import ECP5
from golden.command.console import OUT
from golden.network.placement import placed
from golden.network.placement.memories import block_needs, memories
from golden.network.placement.parts import PARTS
from golden.network.placement.report import still_cycles
from golden.simulation.scripts import found, names

COLUMNS = (
    "network", "neurons", "kinds", "words", "axons", "runs", "synapses", "weights", "kbit",
    "still", "boards",
)  # fmt: skip
Row = dict[str, str]


def main(argv: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser("tests.network.placement.needs", description=__doc__)
    parser.add_argument("--out", type=Path, help="a table to write")
    args = parser.parse_args(argv)
    rows = []
    for name in names():
        rows.append(needed(name))
        OUT.print(", ".join(rows[-1].values()), markup=False)
    if args.out:
        with args.out.open("w", newline="") as file:
            table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            table.writeheader()
            table.writerows(rows)
    return 0


def needed(name: str) -> Row:
    """Return the row of a network."""
    blueprint = found(name).network(1, {}).build(fabric=ECP5).blueprint
    placement = placed(blueprint, fabric=ECP5)
    chip = placement.chip
    taken = {part.name: block_needs(chip, part) for part in PARTS.values()}
    boards = [
        name
        for name, (small, large) in taken.items()
        if small <= PARTS[name].blocks and large <= PARTS[name].single_port
    ]
    states = sum(word.width for kind in chip.kinds for word in kind.words)
    return {
        "network": name,
        "neurons": f"{blueprint.neurons:,}",
        "kinds": " + ".join(f"{kind.slots:,} {kind.name}" for kind in chip.kinds),
        "words": f"{states} bit",
        "axons": f"{chip.axons:,}",
        "runs": f"{placement.runs.count.size:,}",
        "synapses": f"{blueprint.synapses:,}",
        "weights": f"own, {chip.weight_bits} bit" if chip.weight_bits else "common",
        "kbit": f"{sum(need.bits for need in memories(chip)) / 1000:,.0f}",
        "still": f"{still_cycles(placement):,}",
        "boards": " ".join(boards) or "none",
    }


if __name__ == "__main__":
    sys.exit(main())
