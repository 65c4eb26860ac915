"""Published behaviours in integers beside float64 of the same step and order.

::

    python -m golden.study.cells.behaviours [--out docs/results/cells/behaviours.csv]

writes a row for every behaviour of `golden.cells.behaviours`: the step, the spikes of float64, and,
with factors of 18 and of 16 bits, the spikes of the integers and by how many ms they are apart.
"""

import argparse
import csv
import sys
from pathlib import Path

from golden.cells.behaviours import BEHAVIOURS, Behaviour
from golden.command.console import OUT, writing
from golden.study.cells.compare import apart
from golden.study.cells.floats import REFERENCES
from golden.study.cells.integers import spike_steps

OPERAND_BITS = (18, 16)


def row(kind: str, given: Behaviour) -> dict[str, str]:
    """Run one."""
    currents = given.currents()[:, None]
    (wanted,) = REFERENCES[type(given.cell)](given.cell, given.dt, currents)
    found = {
        "cell": kind,
        "behaviour": given.name,
        "dt_ms": f"{given.dt:g}",
        "duration_ms": f"{given.duration:g}",
        "spikes_float64": str(len(wanted)),
    }
    for bits in OPERAND_BITS:
        (spikes,) = spike_steps(given.cell, given.dt, currents, bits)
        found[f"spikes_{bits}"] = str(len(spikes))
        found[f"apart_{bits}_ms"] = f"{apart(spikes * given.dt, wanted * given.dt):.2f}"
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run all and write the table."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("docs/results/cells/behaviours.csv"))
    out = parser.parse_args(arguments).out
    rows = [row(kind, b) for kind, named in BEHAVIOURS.items() for b in named.values()]
    with writing(out), out.open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    for kind in BEHAVIOURS:
        mine = [r for r in rows if r["cell"] == kind]
        for bits in OPERAND_BITS:
            equal = sum(r["spikes_float64"] == r[f"spikes_{bits}"] for r in mine)
            OUT.print(f"{kind}, factors of {bits} bits: {equal} of {len(mine)} have as many spikes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
