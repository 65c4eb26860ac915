"""A program: what a cell does in one step, as a list of integer operations.

No branch, no loop, only selection. One text of a cell (`golden.cells.cell`) is traced into it
(`golden.cells.trace`); golden runs it on int64 arrays (`golden.cells.evaluate`), the engine
compiles it, and gates are made from it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.cells.value import Value, bits

FAR = 2.0**62
"""An integer that no word holds, but int64."""
WORD_BITS = 32
"""Of the widest state, constant and sum of arrivals, so that an engine keeps them in int32."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What an integer means: ``n * 2**-point * unit + zero``, in the quantity's own unit.

    ``unit`` and ``zero`` are numbers, or arrays with one number a neuron.
    """

    point: int
    unit: Any = 1.0
    zero: Any = 0.0
    measure: str = ""
    """What quantities are in, "mV"; empty where it has no unit, or nobody knows."""

    def axis(self, name: str) -> str:
        """Return what stands beside an axis: "v, mV"."""
        return f"{name}, {self.measure}" if self.measure else name

    def integer(self, value: Any) -> NDArray[np.int64]:
        """Return the nearest integers; a half goes to the even one.

        What is beyond `FAR` becomes that, so that it is too large for every word.
        """
        scaled = (np.asarray(value, np.float64) - self.zero) / self.unit * 2.0**self.point
        return np.rint(np.clip(scaled, -FAR, FAR)).astype(np.int64)

    def quantity(self, integer: Any, neurons: Any = slice(None)) -> NDArray[np.float64]:
        """Return what integers stand for; ``neurons`` says whose, where the scale is each one's."""
        unit, zero = (
            np.asarray(x, np.float64)[neurons] if np.ndim(x) else x for x in (self.unit, self.zero)
        )
        return np.asarray(integer, np.float64) * 2.0**-self.point * unit + zero


@dataclass(frozen=True, slots=True)
class StateWord:
    """A word that a neuron keeps from step to step."""

    name: str
    width: int
    """Bits, two's complement."""
    scale: Scale
    start: NDArray[np.int64]
    """Where it starts: shape () or (neurons,)."""


@dataclass(frozen=True, slots=True)
class Receptor:
    """Where synapses and currents end: the sum of a step's arrivals, saturated once."""

    name: str
    width: int
    """Bits after saturation, two's complement."""
    scale: Scale
    """Of weights and of their sum."""


class Lost(ValueError):
    """A number that is not 0 would become 0; ``lost``, shape () or (neurons,), says whose."""

    def __init__(self, message: str, lost: NDArray[np.bool_]):
        super().__init__(message)
        self.lost = lost


@dataclass(frozen=True, slots=True)
class Constant:
    """A number of a group or of each neuron."""

    name: str
    values: NDArray[np.int64]
    """Shape () or (neurons,)."""
    point: int
    exact: NDArray[np.float64]
    """What was asked for."""

    @classmethod
    def nearest(cls, name: str, value: Any, point: int | None, size: int) -> "Constant":
        """Round to nearest; without a point the largest magnitude becomes one of ``size`` bits.

        Raises
        ------
        Lost
            If a number that is not 0 becomes 0.
        ValueError
            If one is not finite or does not fit `WORD_BITS`.
        """
        exact = np.asarray(value, np.float64)
        if not np.isfinite(exact).all():
            raise ValueError(f"{name} must be finite, not {exact[~np.isfinite(exact)].flat[0]}")
        if point is None:
            point = _normal_point(exact, size)
        integers = np.rint(np.clip(exact * 2.0**point, -FAR, FAR)).astype(np.int64)
        lost = (integers == 0) & (exact != 0)
        if lost.any():
            raise Lost(
                f"{name} must not round to 0: {exact[lost].flat[0]:g} is less than half of "
                f"{2.0**-point:g}",
                lost,
            )
        made = cls(name, integers, point, exact)
        if bits(*made.range) > WORD_BITS:
            raise ValueError(
                f"{name} must be below {2.0 ** (WORD_BITS - 1 - point):g}, not {exact.max():g}"
            )
        return made

    @property
    def range(self) -> tuple[int, int]:
        """What a program is proved for, if nobody wants more."""
        return mantissas(self.values)

    @property
    def error(self) -> float:
        """Largest relative error of those that are not 0."""
        real = self.values * 2.0**-self.point
        asked = np.broadcast_to(self.exact, real.shape)
        there = asked != 0
        return float(np.max(np.abs(real[there] / asked[there] - 1), initial=0.0))


class ConstantFormat(NamedTuple):
    """What a constant of a pipeline may be: integers from ``low`` to ``high``."""

    point: int
    low: int
    high: int

    def refuse(self, constant: "Constant") -> None:
        """Refuse a constant that cannot be one.

        Raises
        ------
        ValueError
            If its point is another one, or a number is outside.
        """
        name, point, integers = constant.name, constant.point, constant.values
        if point != self.point:
            raise ValueError(f"{name} must have its binary point at {self.point}, not at {point}")
        outside = (integers < self.low) | (integers > self.high)
        if outside.any():
            low, high, bad = (
                x * 2.0**-point for x in (self.low, self.high, integers[outside].flat[0])
            )
            raise ValueError(f"{name} must be within {low:g} to {high:g}, not {bad:g}")


def mantissas(integers: NDArray[np.int64]) -> tuple[int, int]:
    """Return the range of all numbers of the bits of the largest, and 0."""
    size = int(np.max(np.abs(integers), initial=0)).bit_length()
    return -(1 << size) if (integers < 0).any() else 0, (1 << size) - 1


def _normal_point(exact: NDArray[np.float64], size: int) -> int:
    """Return the point at which the largest magnitude is a mantissa of ``size`` bits."""
    largest = float(np.max(np.abs(exact), initial=0.0))
    if largest == 0:
        return size
    point = size - int(np.frexp(largest)[1])
    return point - int(np.rint(largest * 2.0**point) >= 2**size)


@dataclass(frozen=True, slots=True)
class Program:
    """What a cell does in one step.

    Operations are in an order in which they can be executed. A value whose operation is ``state``,
    ``arrival``, ``constant`` or ``random`` is taken from outside: its detail is the name, and of a
    random word (purpose, bits), or (None, bits) with its purpose as operand. ``saturate`` is
    ``clip`` to a word of a state or a receptor, whose cases are counted; its detail is ``(low,
    high, name)``.
    """

    values: tuple[Value, ...]
    states: tuple[StateWord, ...]
    receptors: tuple[Receptor, ...]
    constants: tuple[Constant, ...]
    written: Mapping[str, int]
    """Place of the new value of every state, in the order of the states, and of what else is given
    out, as by a rule's program, which has no states of its own."""
    spike: int
    """Place of the condition of a spike."""
    margin: int
    """Place of what decides between neurons of a group that competes: the largest one wins."""
    potential: str
    """The state that is drawn, and that gap junctions compare; empty if there is none."""
    operand_bits: int

    def counters(self) -> tuple[str, ...]:
        """Return the names of all that is counted when it saturates, in order."""
        return tuple(v.detail[2] for v in self.values if v.operation == "saturate")

    @property
    def formats(self) -> dict[str, ConstantFormat]:
        """What each of its constants may be, by name."""
        taken = {v.detail: v for v in self.values if v.operation == "constant"}
        return {
            c.name: ConstantFormat(c.point, taken[c.name].low, taken[c.name].high)
            for c in self.constants
        }

    def state(self, name: str) -> StateWord:
        """Return a state by name.

        Raises
        ------
        ValueError
            If the cell has none of that name.
        """
        return _named(self.states, "state variable", name)

    def receptor(self, name: str) -> Receptor:
        """Return a receptor by name.

        Raises
        ------
        ValueError
            If the cell has none of that name.
        """
        return _named(self.receptors, "receptor", name)

    def cost(self) -> dict[str, int]:
        """Return what it is made of: operations by kind, the widest value, bits of tables."""
        kinds = Counter(v.operation for v in self.values)
        tables = {v.detail: v.width for v in self.values if v.operation == "table"}
        return {
            **{kind: kinds[kind] for kind in sorted(kinds)},
            "widest": max(v.width for v in self.values),
            "table_bits": sum(len(t) * width for t, width in tables.items()),
            "state_bits": sum(s.width for s in self.states),
        }


def _named(words: tuple[Any, ...], what: str, name: str) -> Any:
    for word in words:
        if word.name == name:
            return word
    raise ValueError(f"{what} must be one of {', '.join(w.name for w in words)}, not {name}")
