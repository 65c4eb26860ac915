"""A model in float64, with the same integrator and step: what integers are compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy.printing.numpy import NumPyPrinter

from golden.cells.equations import elementary
from golden.cells.equations.constants import Constants
from golden.cells.equations.dynamics import Dynamics
from golden.cells.equations.integrate import Update
from golden.cells.equations.parse import Condition, Expr, symbol

FUNCTIONS = {
    name: getattr(elementary, name) for name in ("exp", "log", "sin", "cos", "sinh", "cosh", "tanh")
}
Floats = NDArray[np.float64]
Array = NDArray[Any]


class _Printer(NumPyPrinter):
    """Writes powers as products: a library's ``pow`` is not the same on every machine."""

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        base, power = expr.as_base_exp()
        text = f"({self._print(base)})"
        if power.is_Integer:
            product = "*".join([text] * abs(int(power)))
            return f"({product})" if power > 0 else f"(1.0/({product}))"
        if power.is_Rational and power.q == 2:
            root = "*".join([f"sqrt({self._print(base)})"] * abs(int(power.p)))
            return f"({root})" if power > 0 else f"(1.0/({root}))"
        return f"exp(({self._print(power)})*log({self._print(base)}))"

    def _print_Function(self, expr: Any) -> str:
        name = type(expr).__name__
        arguments = ", ".join(self._print(x) for x in expr.args)
        return f"{'abs' if name == 'Abs' else name}({arguments})"

    _print_exp = _print_log = _print_sin = _print_cos = _print_Function
    _print_sinh = _print_cosh = _print_tanh = _print_Abs = _print_Function


def function(expression: Expr, symbols: list[sympy.Symbol]) -> Any:
    """Return an expression as a function of float64 arrays."""
    settings = {"fully_qualified_modules": False, "inline": True, "allow_unknown_functions": True}
    known = [{**FUNCTIONS, "sqrt": np.sqrt, "abs": np.abs}]
    return sympy.lambdify(symbols, expression, known, printer=_Printer(settings))


@dataclass(frozen=True, slots=True)
class FloatStep:
    """One step: from values of variables, inputs and the refractory count to the next."""

    dynamics: Dynamics
    updates: tuple[Update, ...]
    numbers: tuple[Floats, ...]
    refractory: int
    """Substeps."""
    substeps: int
    calls: dict[str, Any]

    @classmethod
    def of(
        cls,
        dynamics: Dynamics,
        updates: tuple[Update, ...],
        constants: Constants,
        refractory: int,
        substeps: int,
    ) -> "FloatStep":
        """Prepare it."""
        numbers = sorted(constants.values, key=str)
        symbols = [*(symbol(name) for name in dynamics.units), *numbers]
        calls = {f"grow {x.variable.name}": function(x.increment, symbols) for x in updates}
        for place, (name, expression) in enumerate(dynamics.reset):
            calls[f"reset {place} {name}"] = function(expression, symbols)
        for atom in _atoms(dynamics.threshold):
            calls[f"compare {atom[1]}"] = function(atom[1], symbols)
        values = tuple(constants.values[x] for x in numbers)
        return cls(dynamics, updates, values, refractory, substeps, calls)

    def step(self, values: Mapping[str, Floats], left: Array) -> tuple[dict, Array, Array]:
        """Return the next values, the next refractory count, and who spiked.

        Parameters
        ----------
        values : mapping from names to arrays of shape (neurons,)
            Variables, arrivals already added to receptors; and inputs.
        left : array of shape (neurons,)
            Substeps for which it stays refractory.
        """
        now, spiked = dict(values), np.zeros(left.shape, bool)
        for _ in range(self.substeps):
            now, left, fired = self._substep(now, left)
            spiked |= fired
        return now, left, spiked

    def _substep(self, old: dict[str, Floats], left: Array) -> tuple[dict, Array, Array]:
        now, busy = dict(old), left > 0
        for update in self.updates:
            name = update.variable.name
            grown = old[name] + self._call(f"grow {name}", old)
            now[name] = np.where(busy, old[name], grown) if update.variable.held else grown
        fired = self._holds(self.dynamics.threshold, now) & ~busy
        if not self.dynamics.reset:
            fired &= ~self._holds(self.dynamics.threshold, old)
        for place, (name, _) in enumerate(self.dynamics.reset):
            now[name] = np.where(fired, self._call(f"reset {place} {name}", now), now[name])
        left = np.where(fired, self.refractory, np.maximum(left - 1, 0))
        return now, left, fired

    def _call(self, name: str, values: Mapping[str, Floats]) -> Any:
        return self.calls[name](*(values[x] for x in self.dynamics.units), *self.numbers)

    def _holds(self, condition: Condition | None, values: Mapping[str, Floats]) -> Any:
        match condition:
            case None:
                return np.zeros_like(next(iter(values.values())), bool)
            case ("and", a, b):
                return self._holds(a, values) & self._holds(b, values)
            case ("or", a, b):
                return self._holds(a, values) | self._holds(b, values)
            case ("not", a):
                return ~self._holds(a, values)
            case (kind, expression):
                more = self._call(f"compare {expression}", values)
                return more >= 0 if kind == "ge" else more > 0
        raise AssertionError(condition)


def _atoms(condition: Condition | None) -> list[Condition]:
    if condition is None:
        return []
    if condition[0] in {"ge", "gt"}:
        return [condition]
    return [atom for part in condition[1:] for atom in _atoms(part)]
