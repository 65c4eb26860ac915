"""A netlist as a library of compiled C++, by Verilator, with models of its cells."""

import os
from pathlib import Path

from golden.command.processes import finished
from sim.targets import verilator
from sim.targets.library import compile_driver, kept, sources
from sim.targets.target import SimulatorError

TOP = "core"
EFFORT = "-O1"
SIMULATOR = "gates.h"
"""What drivers include."""
OPTIONS = (
    *("--cc", "--top-module", TOP, "--prefix", "Vcore", "--Mdir", ".", "-O3", "--build"),
    # What is unknown differs from cell to cell, so that nothing can depend on it unnoticed.
    *("--x-assign", "unique", "--x-initial", "unique"),
    # Models leave ports open, and netlists have no line that a person wrote.
    *("-Wno-fatal", "-Wno-lint", "-CFLAGS", "-fPIC"),
)


def library(
    verilog: str, models: Path, driver: str, header: str = "", effort: str = EFFORT
) -> Path:
    """Compile a netlist with its driver; return the library.

    Parameters
    ----------
    verilog : str
        A module `TOP`.
    models : Path
        Verilog file with models of its cells; it includes others of its folder.
    driver : str
        A file of this folder.
    header : str
        C++ that comes before it.

    Raises
    ------
    SimulatorError
        If Verilator or the compiler fails; the text is what it said.
    """

    def make(folder: Path) -> None:
        (folder / f"{TOP}.v").write_text(verilog)
        (folder / "design.h").write_text(header)
        _verilate(folder, models, effort)
        root = verilator.root() / "include"
        archives = ("Vcore__ALL.a", "libverilated.a", "-pthread")
        words = ("-include", "design.h", f"-I{root}", f"-I{root / 'vltstd'}", *archives)
        compile_driver(driver, SIMULATOR, folder, effort, *words)

    texts = [path.read_text() for path in sorted(models.parent.glob("*sim.v*"))]
    parts = (verilog, *texts, header, *sources(driver, SIMULATOR), *OPTIONS, effort)
    return kept(parts, make)


def _verilate(folder: Path, models: Path, effort: str) -> None:
    fast = f"OPT_FAST={effort} OPT_SLOW=-O0 OPT_GLOBAL={effort}"
    files = (f"-I{models.parent}", f"{TOP}.v", str(models))
    done = finished(
        ["verilator", *OPTIONS, "-MAKEFLAGS", fast, *files],
        cwd=folder,
        env=os.environ | verilator.environment(),
    )
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if "error" in line.lower()]
        text = " ".join("; ".join(lines or ["it has said nothing"])[:2000].split())
        raise SimulatorError(f"verilator must compile the netlist, not fail: {text}")
