"""A component of a flat netlist alone, with its mutants: much smaller than the whole to solvers.

A mutant that does the same in a component, whatever that gets from outside, does so in the whole.
Memories lie outside: what they are told must be the same in every cycle, what they say is anything.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.mutation.netlist import Mutant, Netlist, run_yosys
from sim.targets.library import TOP

FLATTENED = "$flatten"
"""What begins the name of a cell of a component."""
CUT = f"""\
read_rtlil flat.il
memory_collect
submod -name part c:{{cells}}*
delete {TOP}
rename part {TOP}
script chosen.ys
opt_clean
splitnets -driver
opt_clean
write_rtlil mutants.il
"""
OF_MEMORY = re.compile(r"  cell \$mem\S+ (?P<name>\S+)$", re.MULTILINE)


def around(netlist: Netlist, mutant: Mutant) -> Iterator[str]:
    """Yield the components that a mutant is in, innermost first: how names of their cells begin.

    Ports of memories are in none.
    """
    name = mutant.cell
    if name.startswith(FLATTENED) and name not in OF_MEMORY.findall(netlist.flat):
        while (end := name.rfind(".")) >= 0:
            yield name[: end + 1]
            name = name[:end]


def level(part: str) -> int:
    """Return how many components a component is within, itself included."""
    return part.count(".")


def alone(netlist: Netlist, part: str, numbers: Iterable[int]) -> str:
    """Return the RTLIL of a component with some of its mutants.

    Parameters
    ----------
    part : str
        As of `around`.

    Raises
    ------
    sim.targets.target.SimulatorError
        If yosys fails; the text is what it said.
    """
    chosen = set(numbers)
    commands = [mutant.command() for mutant in netlist.mutants if mutant.number in chosen]
    with TemporaryDirectory(prefix="goldspike-") as temporary:
        folder = Path(temporary)
        (folder / "flat.il").write_text(netlist.flat)
        (folder / "chosen.ys").write_text("".join(commands))
        run_yosys(folder, CUT.format(cells=part.replace("\\", "?")))
        return (folder / "mutants.il").read_text()
