"""What a user wrote, read and checked: variables, inputs, parameters, threshold and reset."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import sympy

from golden.cells.equations.lines import Line, changes, check_name, equations
from golden.cells.equations.parse import (
    FUNCTIONS,
    Condition,
    Expr,
    Quantity,
    condition,
    expression,
    symbol,
)
from golden.cells.equations.quantities import Measure, numbers, unit
from golden.cells.equations.units import NONE, TIME, UNITS, times

RESERVED = {"dt", "refractory", *UNITS, *FUNCTIONS}


@dataclass(frozen=True, slots=True)
class Equation:
    """A variable and its derivative, in base units."""

    name: str
    unit: Measure
    derivative: Expr
    held: bool
    """While the neuron is refractory."""

    @property
    def symbol(self) -> sympy.Symbol:
        """Its symbol in expressions."""
        return symbol(self.name)


@dataclass(frozen=True, slots=True)
class Dynamics:
    """Everything in base units: ms, mV, pA."""

    variables: tuple[Equation, ...]
    inputs: Mapping[str, Measure]
    """Arrivals that count for one step."""
    receptors: tuple[str, ...]
    """Variables that arrivals are added to."""
    parameters: Mapping[str, np.ndarray]
    """By name, in base units: shape () or (neurons,)."""
    threshold: Condition | None
    reset: tuple[tuple[str, Expr], ...]
    """In order: what a variable becomes, from those before."""
    units: Mapping[str, Measure] = field(default_factory=dict)
    """Of variables and inputs."""

    @property
    def moving(self) -> frozenset[sympy.Symbol]:
        """Symbols of what changes from step to step: variables and inputs."""
        return frozenset(symbol(name) for name in self.units)

    def variable(self, name: str) -> Equation:
        """Return a variable by name."""
        return next(x for x in self.variables if x.name == name)


def read(
    text: str,
    threshold: str,
    reset: str,
    inputs: Mapping[str, str],
    receptors: Sequence[str],
    parameters: Mapping[str, Any],
) -> Dynamics:
    """Read a model.

    Raises
    ------
    ValueError
        If something cannot be read, a name is not known, or units do not agree.
    """
    lines = equations(text)
    _check_names({
        "an equation": [x.name for x in lines],
        "an input": inputs,
        "a parameter": parameters,
    })
    values = {name: numbers(given, f"parameter {name}") for name, given in parameters.items()}
    units = {x.name: unit(x.unit, f"unit of {x.name}") for x in lines if x.derivative}
    units |= {name: unit(given, f"unit of {name}") for name, given in inputs.items()}
    known = {name: Quantity(symbol(name), own.dimension) for name, own in units.items()}
    known |= {name: Quantity(symbol(name), own) for name, (_, own) in values.items()}
    _define([x for x in lines if not x.derivative], known)
    variables = tuple(_equation(x, units[x.name], known) for x in lines if x.derivative)
    names = [x.name for x in variables]
    _check_receptors(receptors, names)
    known["dt"] = Quantity(symbol("dt"), TIME)
    return Dynamics(
        variables,
        {name: units[name] for name in inputs},
        tuple(receptors),
        {name: value for name, (value, _) in values.items()},
        condition(threshold, known, "threshold") if threshold.strip() else None,
        tuple(_changes(reset, units, names, known)),
        units,
    )


def _check_names(given: Mapping[str, Iterable[str]]) -> None:
    taken = set(RESERVED)
    for what, names in given.items():
        for name in names:
            check_name(name, what, taken)
            taken.add(name)


def _check_receptors(receptors: Sequence[str], names: list[str]) -> None:
    for name in receptors:
        if name not in names:
            raise ValueError(f"a receptor must be one of {', '.join(names)}, not {name}")


def _define(lines: list[Line], known: dict[str, Quantity]) -> None:
    """Put expressions in the place of their names, whatever their order."""
    waiting = list(lines)
    while waiting:
        names = {x.name for x in waiting}
        ready = [x for x in waiting if not names & _words(x.text)]
        if not ready:
            said = ", ".join(sorted(names))
            raise ValueError(f"expressions must not need each other in a circle, as {said} do")
        for line in ready:
            what = f"the expression {line.name}"
            found = expression(line.text, known, what)
            own = unit(line.unit, f"unit of {line.name}")
            found.must_be(own.dimension, what)
            known[line.name] = Quantity(found.expression, own.dimension)
        waiting = [x for x in waiting if x not in ready]


def _words(text: str) -> set[str]:
    return set("".join(c if c.isalnum() or c == "_" else " " for c in text).split())


def _equation(line: Line, own: Measure, known: Mapping[str, Quantity]) -> Equation:
    what = f"the equation of {line.name}"
    found = expression(line.text, known, what)
    derivative = found.must_be(times(own.dimension, TIME, Fraction(-1)), what)
    return Equation(line.name, own, derivative, line.held)


def _changes(
    reset: str, units: Mapping[str, Measure], names: list[str], known: Mapping[str, Quantity]
):
    for change in changes(reset):
        if change.name not in names:
            raise ValueError(f"a reset must change one of {', '.join(names)}, not {change.name}")
        what = f"the reset of {change.name}"
        found = expression(change.text, known, what)
        old, own = symbol(change.name), units[change.name].dimension
        if change.operator in {"*", "/"}:
            factor = found.must_be(NONE, what)
            yield change.name, old * factor if change.operator == "*" else old / factor
        else:
            term = found.must_be(own, what)
            yield change.name, {"": term, "+": old + term, "-": old - term}[change.operator]
