"""A component whose ports have a timetable, compiled: numbers go in one set after the other."""

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from amaranth.hdl import Module, Shape, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out
from numpy.typing import NDArray

from sim.targets.library import QUICK, library
from sim.targets.target import SimulatorError

DRIVER = "vectors.cpp"
PIECE = 32
"""Bits of a steady port that are set at a time."""
MOST = 64
"""Bits of any other port."""


@dataclass(frozen=True)
class Timetable:
    """When a component's ports have to do with the first set; with each other, `interval` later."""

    interval: int
    settling: int
    """Cycles for which steady ports stand before the first set's time 0."""
    reads: Mapping[str, int]
    writes: Mapping[str, int]
    steady: tuple[str, ...]
    """Ports that stand still."""


class Numbered(wiring.Component):
    """The same component with ports that have numbers, so that all simulators call them alike.

    Members
    -------
    start : In(1)
        The component's, if it has one.
    i0, i1, ... : In
        The ports of ``reads``.
    c0, c1, ... : In
        Pieces of the steady ports, from their lowest bits on.
    o0, o1, ... : Out
        The ports of ``writes``.
    alive : Out(1)
        High after the reset.
    """

    def __init__(self, inner: wiring.Component, times: Timetable):
        self.inner, self.times = inner, times
        self.pieces = [
            (name, low, min(low + PIECE, len(self._port(name))))
            for name in times.steady
            for low in range(0, len(self._port(name)), PIECE)
        ]
        super().__init__({
            "start": In(1),
            "alive": Out(1),
            **{f"i{k}": In(self.shape(name)) for k, name in enumerate(times.reads)},
            **{f"c{k}": In(high - low) for k, (_, low, high) in enumerate(self.pieces)},
            **{f"o{k}": Out(self.shape(name)) for k, name in enumerate(times.writes)},
        })

    def _port(self, name: str) -> Value:
        return Value.cast(getattr(self.inner, name))

    def shape(self, name: str) -> Shape:
        """Return the shape of one of the component's ports that have a time."""
        shape = Shape.cast(self._port(name).shape())
        assert shape.width <= MOST, f"{name} has {shape.width} bits"
        return shape

    def elaborate(self, platform) -> Module:
        m = Module()
        m.submodules.inner = self.inner
        alive = Signal()
        m.d.sync += alive.eq(1)
        m.d.comb += self.alive.eq(alive)
        if "start" in self.inner.signature.members:
            m.d.comb += self.inner.start.eq(self.start)
        for k, name in enumerate(self.times.reads):
            m.d.comb += self._port(name).eq(getattr(self, f"i{k}"))
        for k, (name, low, high) in enumerate(self.pieces):
            m.d.comb += self._port(name)[low:high].eq(getattr(self, f"c{k}"))
        for k, name in enumerate(self.times.writes):
            m.d.comb += getattr(self, f"o{k}").eq(self._port(name))
        return m

    def header(self) -> str:
        """Return C++ macros for the driver: what stands at which port in which cycle."""
        reads = " ".join(f"INPUT({k}, {at})" for k, at in enumerate(self.times.reads.values()))
        pieces = " ".join(f"PIECE({k})" for k in range(len(self.pieces)))
        writes = " ".join(
            f"OUTPUT({k}, {at}, {4 if len(self._port(name)) <= PIECE else 8})"
            for k, (name, at) in enumerate(self.times.writes.items())
        )
        return (
            f"#define INTERVAL {self.times.interval}\n#define INPUTS {reads}\n"
            f"#define STEADY {pieces}\n#define OUTPUTS {writes}\n"
        )


def compiled(numbered: Numbered, effort: str = QUICK) -> Path:
    """Return the component as yosys turns it into C++, compiled with `DRIVER`."""
    return library(numbered, DRIVER, effort, numbered.header())


def run(
    file: Path,
    numbered: Numbered,
    given: Mapping[str, NDArray[np.int64]],
    steady: Mapping[str, int],
    count: int,
) -> dict[str, NDArray[np.int64]]:
    """Send numbers through a compiled component; return what comes out, by port.

    Parameters
    ----------
    given : mapping from ports to arrays of shape (count,)
    steady : mapping from ports to integers

    Raises
    ------
    SimulatorError
        If the design has a combinational loop.
    """
    times = numbered.times
    last = max(*times.reads.values(), *times.writes.values())
    inputs = [_bits(given[name], numbered.shape(name)) for name in times.reads]
    outputs = {name: np.zeros(count, np.int64) for name in times.writes}
    pieces = [(steady[n] >> low) & ((1 << (high - low)) - 1) for n, low, high in numbered.pieces]
    call = ctypes.CDLL(str(file)).run
    call.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, *[ctypes.c_int64] * 3)
    cycles = (count - 1) * times.interval + last + 1
    standing = np.array([*pieces, 0], np.uint64)
    entries, exits = _addresses(inputs), _addresses([*outputs.values()])
    pointers = (array.ctypes.data for array in (standing, entries, exits))
    status = call(*pointers, count, times.settling, cycles)
    if status:
        raise SimulatorError("the component must have no combinational loop for cxxrtl")
    return {name: _extended(raw, numbered, name) for name, raw in outputs.items()}


def _bits(numbers: NDArray[np.int64], shape: Shape) -> NDArray[np.int64]:
    """Return numbers as a port has them: simulators want no bits above."""
    empty = MOST - shape.width
    return (np.ascontiguousarray(numbers, np.int64).view(np.uint64) << empty >> empty).view(
        np.int64
    )


def _addresses(arrays: list[NDArray[np.int64]]) -> NDArray[np.uint64]:
    return np.array([array.ctypes.data for array in arrays], np.uint64)


def _extended(raw: NDArray[np.int64], numbered: Numbered, name: str) -> NDArray[np.int64]:
    """Return numbers from the bits of a port."""
    shape = numbered.shape(name)
    empty = MOST - shape.width
    found = raw << empty
    return found >> empty if shape.signed else (found.view(np.uint64) >> empty).view(np.int64)
