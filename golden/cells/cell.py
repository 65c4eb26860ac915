"""What a cell is: parameters with units, and one text that says what happens in a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from golden.cells.parameters import is_piece, settled
from golden.cells.program import ConstantFormat, Program
from golden.cells.trace import OPERAND_BITS, TooWide, Trace
from golden.cells.value import WIDEST


@dataclass(frozen=True)
class Cell:
    """A kind of neuron with its parameters.

    A cell is a frozen dataclass whose fields are its parameters: numbers, or arrays with one number
    a neuron. `step` is written with operators on `golden.cells.value.Value`.
    """

    def step(self, trace: Trace) -> None:
        """Say what happens in one step: read states and receptors, write states, spike."""
        raise NotImplementedError

    def program(
        self,
        dt: float,
        operand_bits: int = OPERAND_BITS,
        formats: Mapping[str, ConstantFormat] | None = None,
    ) -> Program:
        """Return what it does in a step of ``dt`` ms, in integers.

        Parameters
        ----------
        operand_bits, formats
            As of `golden.cells.trace.Trace`.

        Raises
        ------
        ValueError
            If a parameter is of another kind than its default, not finite, or cannot be kept in
            the format that the cell has for it, or if it is so small that nothing comes of it.
        """
        trace = Trace(dt, operand_bits, formats)
        try:
            settled(self).step(trace)
        except TooWide as error:
            raise ValueError(
                f"{type(self).__name__} must make numbers of {WIDEST} bits or fewer, "
                f"not {error.width}{self._given()}"
            ) from None
        made = trace.program()
        self._refuse_lost(made)
        return made

    def _refuse_lost(self, made: Program) -> None:
        """Refuse a program in which something that is not 0 is rounded and then always 0."""
        for value in made.values:
            if value.operation != "round" or value.low != 0 or value.high != 0:
                continue
            (whole,) = (made.values[i] for i in value.operands)
            if (whole.low, whole.high) != (0, 0):
                raise ValueError(
                    f"a change in {type(self).__name__} must not be lost: it is always less than "
                    f"half of {2.0**-value.point:g}{self._given()}"
                )

    def _given(self) -> str:
        """Return the numbers that differ from their defaults, for an error."""
        numbers = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if isinstance(getattr(self, field.name), int | float)
        }
        plain = {field.name: field.default for field in fields(self)}
        said = [f"{name} = {x:g}" for name, x in numbers.items() if x != plain[name]]
        return f", with {', '.join(said)}" if said else ""

    def lengths(self) -> dict[str, int]:
        """Return of all parameters that are arrays how long they are, by name."""
        return _lengths(self)

    def size(self) -> int | None:
        """Return how many neurons its parameters are for; None if for any number.

        Raises
        ------
        ValueError
            If two parameters are arrays of different lengths.
        """
        lengths = self.lengths()
        if len(set(lengths.values())) > 1:
            said = ", ".join(f"{name} {n}" for name, n in lengths.items())
            raise ValueError(f"parameters of a cell must have one length, not {said}")
        return next(iter(lengths.values()), None)


def _lengths(part: Any) -> dict[str, int]:
    """Return the lengths of all arrays among the parameters of a cell and of its receptors."""
    found = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if isinstance(value, list | tuple) and all(map(is_piece, value)):
            for piece in value:
                found |= {f"{field.name} {name}": n for name, n in _lengths(piece).items()}
        elif np.ndim(value) == 1:
            found[field.name] = len(value)
    return found
