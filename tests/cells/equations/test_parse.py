"""Reading: by hand, then what is refused, then what is hostile."""

import re

import pytest
import sympy

from golden.cells import Equations
from golden.cells.equations.lines import statements
from golden.cells.equations.parse import Quantity, expression, symbol
from golden.cells.equations.quantities import numbers
from golden.cells.equations.units import NONE, VOLTAGE, said

KNOWN = {"v": Quantity(symbol("v"), VOLTAGE), "x": Quantity(symbol("x"), NONE)}


def read(text):
    return expression(text, KNOWN, "it")


# By hand


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("3", 3, "1"),
        ("-2*3 + 10/4", sympy.Rational(-7, 2), "1"),
        ("2**3 - 0.1", sympy.Rational(79, 10), "1"),
        ("2 mV".replace(" ", "*"), 2, "mV"),
        ("1*V", 1000, "mV"),
        ("20*Mohm * 0.5*nA", 10, "mV"),
        ("200*pF/(10*nS)", 20, "ms"),
        ("2*uF/cm**2 * 3*mV/ms", 6_000_000, "pA/cm**2"),
        ("5*Hz", sympy.Rational(1, 200), "1/ms"),
        ("-70*mvolt + volt", 930, "mV"),
        ("20*nsiemens*mvolt", 20, "pA"),
        ("second/(0.2*mfarad/usiemens)", sympy.Rational(1, 200), "1"),
        ("3*khertz*namp", 3000, "pA/ms"),
        ("1*uA/(1*mS)", 1, "mV"),
        ("sqrt(4*mV*mV)", 2, "mV"),
        ("abs(-3*mm)", sympy.Rational(3, 10), "cm"),
        ("exp(0)", 1, "1"),
    ],
)
def test_quantities_are_in_ms_mv_and_pa(text, value, unit):
    found = read(text)
    assert found.expression == value
    assert found.dimension is not None
    assert said(found.dimension) == unit


def test_a_number_per_unit_is_written_with_a_stroke_or_with_1():
    assert numbers("0.02/ms", "a") == numbers("0.02 1/ms", "a") == numbers((0.02, "1/ms"), "a")


def test_zero_has_any_unit():
    assert read("v - 0").dimension == VOLTAGE
    assert read("0 + v").dimension == VOLTAGE


def test_statements_end_at_lines_and_semicolons_but_not_in_brackets():
    assert statements("a = 1; b = (2 +  # one\n 3)\n\n c=4") == ["a = 1", "b = (2 + 3)", "c=4"]


@pytest.mark.parametrize(
    "text", ["dv/dt = -v/(5*ms) : mV (unless refractory)", "v' = -v/tau : mV; tau = 5*ms : ms"]
)
def test_both_ways_of_writing_a_derivative(text):
    (variable,) = Equations(text, ranges={"v": (-1, 1)}).dynamics.variables
    assert (variable.name, variable.unit.name) == ("v", "mV")
    assert variable.derivative == -symbol("v") / 5
    assert variable.held == ("unless" in text)


# Refusals

MADE = "it must be made of numbers, names, + - * / ** and functions, not"
BEYOND = "a number in it must be 1e-60 to 1e60, not beyond"
FUNCTIONS = "exp, log, sqrt, sin, cos, sinh, cosh, tanh, abs"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("3 +", "it must be an expression, not '3 +'"),
        ("", "it must be an expression, not ''"),
        ("v + w", "a name in it must be one of v, x, or a unit, not w"),
        ("v + 1", "a sum in it must be of one unit, not mV and 1"),
        ("v - 3*ms", "a sum in it must be of one unit, not mV and ms"),
        ("exp(v)", "what exp is of in it must be in 1, not mV"),
        ("x**x", "a power in it must be a number of -16 to 16, not 'x'"),
        ("x**17", "a power in it must be a number of -16 to 16, not '17'"),
        ("x/0", "a divisor in it must not be 0"),
        ("0**-1", "a divisor in it must not be 0"),
        ("sign(x)", f"a function in it must be one of {FUNCTIONS}, not sign"),
        ("log(0)", "it must be a real number everywhere, not zoo"),
        ("sqrt(-1)", "it must be a real number everywhere, not I"),
        ("x > 1", f"{MADE} 'x > 1'"),
        ("True", f"{MADE} 'True'"),
        ("'v'", f"{MADE} \"'v'\""),
        ("1j", f"{MADE} '1j'"),
        ("exp(x, x)", f"{MADE} 'exp(x, x)'"),
    ],
)
def test_refusals_of_expressions(text, error):
    with pytest.raises(ValueError, match=f"^{re.escape(error)}$"):
        read(text)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("__import__('os').system('true')", f"{MADE} \"__import__('os').system('true')\""),
        ("().__class__.__bases__", f"{MADE} '().__class__.__bases__'"),
        ("(lambda: 0)()", f"{MADE} '(lambda: 0)()'"),
        ("[x for x in (1,)]", f"{MADE} '[x for x in (1,)]'"),
        ("x.free_symbols", f"{MADE} 'x.free_symbols'"),
        ("exp.__globals__", f"{MADE} 'exp.__globals__'"),
        ("(x := 3)", f"{MADE} '(x := 3)'"),
        ("f'{x}'", f"{MADE} \"f'{{x}}'\""),
        ("eval('1')", f"{MADE} \"'1'\""),
        ("eval(x)", f"a function in it must be one of {FUNCTIONS}, not eval"),
        ("9**9**9**9", "a power in it must be a number of -16 to 16, not '387420489'"),
        ("1e999", BEYOND),
        ("1e-300", BEYOND),
        ("9" * 70, BEYOND),
        ("(((10**16)**16)**16)", BEYOND),
        ("x\0", "it must be an expression, not 'x\\x00'"),
        ("x +" * 2000, "it must have at most 4000 characters, not 6000"),
        ("(" * 1000 + "x" + ")" * 1000, f"it must be an expression, not '{'(' * 57}...'"),
        ("-" * 100 + "x", "it must be nested 60 deep or less, not deeper"),
        ("x\nimport os", "it must be an expression, not 'x import os'"),
    ],
)
def test_hostile_strings_are_refused_and_never_run(text, error):
    with pytest.raises(ValueError, match=f"^{re.escape(error)}$"):
        read(text)


FINE = {"text": "v' = -v/(10*ms) : mV", "ranges": {"v": (-80, 20)}}


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"text": ""}, "equations must have one such as v' = -v/(10*ms), not none"),
        ({"text": "v ="}, "equations must have one such as v' = -v/(10*ms), not none"),
        (
            {"text": "v' == 3"},
            "an equation must be like v' = -v/(10*ms) : mV, not \"v' == 3\"",
        ),
        (
            {"text": "v' = -v/tau; tau : second (constant)"},
            "tau must be named in inputs or parameters alone, not by 'tau : second (constant)'",
        ),
        (
            {"text": "v' = -v/ms; v' = v/ms"},
            "v must have one equation, not two",
        ),
        (
            {"text": "v' = -v/(10*ms) : mv"},
            "unit of v must be made of units such as ms, mV or nS, not mv",
        ),
        ({"text": "v' = -v/ms : 0"}, "unit of v must be a unit such as mV, not 0"),
        ({"text": "v' = -v/ms :"}, "the unit of v must stand after its colon, 1 if it has none"),
        (
            {"text": "v' = -v/ms : 1 (if lucky)"},
            "a flag of v must be (unless refractory), not (if lucky)",
        ),
        (
            {"text": "v' = x/ms; x = v : 1 (unless refractory)"},
            "x must be a variable with a derivative to be held unless refractory",
        ),
        (
            {"text": "v' = x/ms; x = y; y = x"},
            "expressions must not need each other in a circle, as x, y do",
        ),
        ({"text": "v' = x/ms; x = 3*mV"}, "the expression x must be in 1, not mV"),
        ({"text": "v' = -v : mV"}, "the equation of v must be in mV/ms, not mV"),
        (
            {"text": "v' = -v/tau : mV"},
            "a name in the equation of v must be one of v, or a unit, not tau",
        ),
        (
            {"text": "ms' = 1"},
            "name of an equation must be its own, not ms of a unit, function or other",
        ),
        (
            {"inputs": {"v": "mV"}},
            "name of an input must be its own, not v of a unit, function or other",
        ),
        (
            {"parameters": {"dt": 1}},
            "name of a parameter must be its own, not dt of a unit, function or other",
        ),
        (
            {"parameters": {"a b": 1}},
            "name of a parameter must be a letter with letters and digits, not 'a b'",
        ),
        (
            {"parameters": {"lambda": 1}},
            "name of a parameter must be a letter with letters and digits, not 'lambda'",
        ),
        ({"parameters": {"a": "x"}}, "parameter a must be a number with its unit, not 'x'"),
        (
            {"parameters": {"a": "2 mx"}},
            "unit of parameter a must be made of units such as ms, mV or nS, not mx",
        ),
        ({"parameters": {"a": float("nan")}}, "parameter a must be finite, not nan"),
        (
            {"parameters": {"a": [[1]]}},
            "parameter a must be a number or one a neuron, not of shape (1, 1)",
        ),
        (
            {"parameters": {"a": None, "b": {}}},
            "parameter a must be finite, not nan",
        ),
        (
            {"parameters": {"a": {}}},
            "parameter a must be a number or an array of them, not {}",
        ),
        ({"receptors": ["g"]}, "a receptor must be one of v, not g"),
        (
            {"inputs": {"I": "pA"}},
            "range of I must be given, not left out: only who connects to it knows how far it goes",
        ),
        (
            {"receptors": ["v"], "ranges": {}},
            "range of v must be given, not left out: only who connects to it knows how far it goes",
        ),
        ({"ranges": {"u": (0, 1)}}, "range must be of v, not of u"),
        ({"ranges": {"v": 3}}, "range of v must be two numbers such as (-100, 50), not 3"),
        ({"ranges": {"v": (3, -3)}}, "range of v must go up, not from 3 to -3"),
        ({"ranges": {"v": ("0 ms", "1 ms")}}, "range of v must be in mV, not ms"),
        ({"start": {"w": 1}}, "start must be of v, not of w"),
        ({"bits": {"v": 31}}, "width of v must be 2 to 30 bits, not 31"),
        ({"threshold": "v"}, "threshold must be a comparison such as v >= 30, not 'v'"),
        ({"threshold": "v > 3"}, "a sum in threshold must be of one unit, not mV and 1"),
        (
            {"threshold": "0*mV < v < 3*mV"},
            "threshold must be a comparison such as v >= 30, not '0 * mV < v < 3 * mV'",
        ),
        (
            {"threshold": "v == 3*mV"},
            "threshold must be a comparison such as v >= 30, not 'v == 3 * mV'",
        ),
        ({"reset": "v"}, "a reset must be like v = c or u += d, not 'v'"),
        ({"reset": "u = 3"}, "a reset must change one of v, not u"),
        ({"reset": "v = 3*ms"}, "the reset of v must be in mV, not ms"),
        ({"reset": "v *= 3*mV"}, "the reset of v must be in 1, not mV"),
        ({"method": "rk4"}, "method must be auto or Euler, not rk4"),
        ({"substeps": 0}, "substeps must be 1 to 64, not 0"),
        ({"table_entries": 2}, "table_entries must be 4 to 4096, not 2"),
        ({"refractory": "3 mV"}, "refractory must be in ms, not mV"),
        ({"refractory": -1}, "refractory must be 0 ms or more, not -1"),
    ],
)
def test_refusals_of_cells(given, error):
    with pytest.raises(ValueError, match=f"^{re.escape(error)}$"):
        Equations(**{**FINE, **given})
