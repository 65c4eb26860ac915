"""Reads expressions: a text becomes a sympy expression and its dimension, and nothing is evaluated.

Python's own grammar reads the text, and a walk over its tree takes numbers, names that are known,
``+ - * / **`` and the functions of `FUNCTIONS`; whatever else stands there is refused.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import sympy

from golden.cells.equations.units import NONE, UNITS, Dimension, said, times

LONGEST = 4000
"""Characters of an expression."""
LARGEST_POWER = 16
LARGEST = 10**60
"""Of a number, and one over the smallest."""
DEEPEST = 60
"""Levels of brackets and operators."""

FUNCTIONS = {
    "exp": sympy.exp,
    "log": sympy.log,
    "sqrt": sympy.sqrt,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "sinh": sympy.sinh,
    "cosh": sympy.cosh,
    "tanh": sympy.tanh,
    "abs": sympy.Abs,
}
"""Of one argument without a unit; ``sqrt`` and ``abs`` take any."""

Expr: TypeAlias = Any
"""A sympy expression, of which its types say too little."""
Condition: TypeAlias = tuple[Any, ...]
"""``("ge", e)``: e >= 0; ``("gt", e)``: e > 0; and ``("and", a, b)``, ``("or", a, b)``, ``("not",
a)``."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """An expression in base units; its dimension is None if it is 0, which may have any."""

    expression: Expr
    dimension: Dimension | None

    def must_be(self, dimension: Dimension, what: str) -> Expr:
        """Return the expression.

        Raises
        ------
        ValueError
            If it has another dimension.
        """
        if self.dimension is not None and self.dimension != dimension:
            raise ValueError(f"{what} must be in {said(dimension)}, not {said(self.dimension)}")
        return self.expression


def symbol(name: str) -> sympy.Symbol:
    """Return the symbol of a variable, an input or a parameter."""
    return sympy.Symbol(name, real=True)


KNOWN_UNITS = {
    name: Quantity(sympy.Rational(size.numerator, size.denominator), dimension)
    for name, (size, dimension) in UNITS.items()
}


def expression(text: str, names: Mapping[str, Quantity], what: str) -> Quantity:
    """Read an expression of known names.

    Raises
    ------
    ValueError
        If it cannot be read, has an unknown name, or adds what has different dimensions.
    """
    return _Reading(names, what).quantity(_tree(text, what), 0)


def condition(text: str, names: Mapping[str, Quantity], what: str) -> Condition:
    """Read comparisons, joined by ``and``, ``or`` and ``not``.

    Raises
    ------
    ValueError
        As `expression`, or if it is no comparison.
    """
    return _Reading(names, what).condition(_tree(text, what), 0)


def _tree(text: str, what: str) -> ast.expr:
    if len(text) > LONGEST:
        raise ValueError(f"{what} must have at most {LONGEST} characters, not {len(text)}")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ValueError(f"{what} must be an expression, not {_short(text)}") from None


def _short(text: str) -> str:
    text = " ".join(text.split())
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


class _Reading:
    """One expression on its way from Python's tree."""

    def __init__(self, names: Mapping[str, Quantity], what: str):
        self.names, self.what = names, what
        self.operators: dict[type, Callable[[Quantity, Quantity], Quantity]] = {
            ast.Add: lambda a, b: self._sum(a, b, 1),
            ast.Sub: lambda a, b: self._sum(a, b, -1),
            ast.Mult: lambda a, b: _product(a, b, 1),
            ast.Div: self._ratio,
            ast.Pow: self._power,
        }

    def _refused(self, node: ast.AST) -> ValueError:
        text = _short(ast.unparse(node))
        return ValueError(
            f"{self.what} must be made of numbers, names, + - * / ** and functions, not {text}"
        )

    def quantity(self, node: ast.expr, depth: int) -> Quantity:
        if depth > DEEPEST:
            raise ValueError(f"{self.what} must be nested {DEEPEST} deep or less, not deeper")
        match node:
            case ast.Constant(value=bool()):
                raise self._refused(node)
            case ast.Constant(value=int() | float()):
                return self._number(node.value)
            case ast.Name(id=name):
                return self._name(name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                one = self.quantity(operand, depth + 1)
                return Quantity(-one.expression, one.dimension)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.quantity(operand, depth + 1)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in self.operators:
                a, b = self.quantity(left, depth + 1), self.quantity(right, depth + 1)
                return self._bounded(self.operators[type(op)](a, b))
            case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]):
                return self._function(name, self.quantity(argument, depth + 1))
        raise self._refused(node)

    def _bounded(self, found: Quantity) -> Quantity:
        value = found.expression
        if value.is_Rational and value and not 1 / LARGEST <= abs(value) <= LARGEST:
            raise ValueError(f"a number in {self.what} must be 1e-60 to 1e60, not beyond")
        if value.has(sympy.zoo, sympy.nan, sympy.oo, sympy.I):
            raise ValueError(f"{self.what} must be a real number everywhere, not {value}")
        return found

    def _number(self, value: Any) -> Quantity:
        if value != value or abs(value) > LARGEST or 0 < abs(value) < 1 / LARGEST:
            raise ValueError(f"a number in {self.what} must be 1e-60 to 1e60, not beyond")
        return Quantity(sympy.Rational(repr(value)), NONE if value else None)

    def _name(self, name: str) -> Quantity:
        if name in self.names:
            return self.names[name]
        if name in KNOWN_UNITS:
            return KNOWN_UNITS[name]
        if not self.names:
            raise ValueError(f"{self.what} must be made of units such as ms, mV or nS, not {name}")
        known = ", ".join(self.names)
        raise ValueError(f"a name in {self.what} must be one of {known}, or a unit, not {name}")

    def _sum(self, a: Quantity, b: Quantity, sign: int) -> Quantity:
        one, other = a.dimension, b.dimension
        if one is not None and other is not None and one != other:
            raise ValueError(
                f"a sum in {self.what} must be of one unit, not {said(one)} and {said(other)}"
            )
        return Quantity(a.expression + sign * b.expression, a.dimension or b.dimension)

    def _ratio(self, a: Quantity, b: Quantity) -> Quantity:
        if b.expression == 0:
            raise ValueError(f"a divisor in {self.what} must not be 0")
        return _product(a, b, -1)

    def _power(self, a: Quantity, b: Quantity) -> Quantity:
        power = b.expression
        plain = power.is_Rational and b.dimension in {None, NONE}
        if not plain or abs(power) > LARGEST_POWER or power.q > LARGEST_POWER:
            raise ValueError(
                f"a power in {self.what} must be a number of {-LARGEST_POWER} to "
                f"{LARGEST_POWER}, not {_short(str(power))}"
            )
        if a.expression == 0 and power <= 0:
            raise ValueError(f"a divisor in {self.what} must not be 0")
        own = None if a.dimension is None else times(NONE, a.dimension, Fraction(power.p, power.q))
        return Quantity(a.expression**power, own)

    def _function(self, name: str, argument: Quantity) -> Quantity:
        if name not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            raise ValueError(f"a function in {self.what} must be one of {known}, not {name}")
        dimension = argument.dimension
        if name == "sqrt" and dimension is not None:
            dimension = times(NONE, dimension, Fraction(1, 2))
        elif name != "abs" and name != "sqrt":
            argument.must_be(NONE, f"what {name} is of in {self.what}")
            dimension = NONE
        return self._bounded(Quantity(FUNCTIONS[name](argument.expression), dimension))

    def condition(self, node: ast.expr, depth: int) -> Condition:
        match node:
            case ast.BoolOp(op=op, values=[first, *others]):
                found = self.condition(first, depth + 1)
                for other in others:
                    joint = "and" if isinstance(op, ast.And) else "or"
                    found = (joint, found, self.condition(other, depth + 1))
                return found
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return ("not", self.condition(operand, depth + 1))
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                a, b = self.quantity(left, depth + 1), self.quantity(right, depth + 1)
                match op:
                    case ast.GtE() | ast.Gt():
                        more = self._sum(a, b, -1).expression
                    case ast.LtE() | ast.Lt():
                        more = self._sum(b, a, -1).expression
                    case _:
                        raise self._no_comparison(node)
                return ("ge" if isinstance(op, (ast.GtE, ast.LtE)) else "gt", more)
        raise self._no_comparison(node)

    def _no_comparison(self, node: ast.AST) -> ValueError:
        text = _short(ast.unparse(node))
        return ValueError(f"{self.what} must be a comparison such as v >= 30, not {text}")


def _product(a: Quantity, b: Quantity, power: int) -> Quantity:
    dimension = None
    if a.dimension is not None and b.dimension is not None:
        dimension = times(a.dimension, b.dimension, Fraction(power))
    return Quantity(a.expression * b.expression**power, dimension)
