"""Mutants in compiled C++: the targets of the true design, and a number to choose by."""

import ctypes
from pathlib import Path

from amaranth.lib import wiring

from sim.targets.cxxrtl import Compiled
from sim.targets.serial import Serial

CORE_DRIVER, LINE_DRIVER = "mutated_core.cpp", "mutated_serial.cpp"


class MutatedCore(Compiled):
    """A core of which a mutant is awake, from its reset on.

    Parameters
    ----------
    core : wiring.Component
        The true one.
    compiled : Path
        The netlist of its taps, compiled with `CORE_DRIVER`.
    number : int
        Of the mutant; 0 is the true design.
    """

    def __init__(self, core: wiring.Component, compiled: Path, number: int):
        super().__init__(core, compiled)
        _choose(compiled, self._simulation, number)


class MutatedLine(Serial):
    """A line to a top level of which a mutant is awake, from its reset on; see `MutatedCore`."""

    def __init__(self, compiled: Path, divisor: int, number: int):
        super().__init__(compiled, divisor)
        _choose(compiled, self._line, number)


def _choose(compiled: Path, simulation: int | None, number: int) -> None:
    choose = ctypes.CDLL(str(compiled)).choose
    choose.restype, choose.argtypes = None, (ctypes.c_void_p, ctypes.c_uint64)
    choose(simulation, number)
