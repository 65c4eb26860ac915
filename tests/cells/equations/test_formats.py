"""Formats, tables and the report: what is kept, and what is refused because it would be lost."""

import math
import re

import mpmath
import numpy as np
import pytest
import sympy

from golden.cells import Equations
from golden.cells.equations import elementary
from golden.cells.equations.constants import curve
from golden.cells.equations.formats import fitted
from golden.cells.equations.lookup import tabulated
from golden.cells.equations.parse import symbol
from tests.cells.equations.runs import network

X = symbol("x")

# By hand


@pytest.mark.parametrize(
    ("low", "high", "width", "point"),
    [
        (-1, 1, 8, 6),
        (-1, 0.9, 8, 7),
        (-128, 127, 8, 0),
        (-128, 128, 8, -1),
        (0, 0.1, 18, 20),
        (-3e5, 1e5, 10, -10),
    ],
)
def test_a_format_is_the_finest_that_holds_the_range(low, high, width, point):
    form = fitted(low, high, width, "given")
    assert (form.width, form.point) == (width, point)
    assert -(1 << (width - 1)) <= form.ends[0] < form.ends[1] < 1 << (width - 1)


def test_a_variable_that_moves_slowly_at_its_start_has_more_bits():
    text = "v' = -v/(2*ms); u' = -u/(64*ms)"
    formats = Equations(text, ranges={"v": (-1, 1), "u": (-1, 1)}).scheme(1.0).formats
    assert (formats["v"].width, formats["u"].width) == (19, 24)
    wide = Equations(text, ranges={"v": (-1, 1), "u": (-1, 1)}, bits={"v": 12}, dry_run=0)
    assert wide.scheme(1.0).formats["v"].width == 12


def test_a_dry_run_finds_ranges_that_are_not_given():
    """V goes to I = 4 at most and -2 at least; an eighth of 6 more on both sides, in steps of 1."""
    cell = Equations("v' = (I - v)/(5*ms)", inputs={"I": "1"}, ranges={"I": (-2, 4)})
    form = cell.scheme(1.0).formats["v"]
    assert (form.low, form.high, form.source) == (-3, 5, "dry run")
    assert cell.report(1.0).formats["I"].source == "given"


def test_a_gate_needs_no_dry_run():
    text = "v' = -v**3/ms; m' = (1/(1 + exp(-v)) - m)/ms"
    form = Equations(text, ranges={"v": (-8, 8)}, dry_run=0).scheme(1.0).formats["m"]
    assert (form.low, form.high, form.source) == (0, 1, "target")


def test_a_gate_that_is_reset_may_leave_its_target():
    cell = Equations(
        "v' = -v**3/ms; m' = (1/(1 + exp(-v)) - m)/ms",
        threshold="m > 0.25",
        reset="m = 3",
        ranges={"v": (-8, 8)},
    )
    form = cell.scheme(1.0).formats["m"]
    assert (form.high > 3, form.source) == (True, "dry run")


@pytest.mark.parametrize("function", ["exp", "log", "sin", "cos", "sinh", "cosh", "tanh"])
def test_elementary_functions_are_right(function):
    places = [0.1, 0.5, 1.0, 1.5, 3.0, 7.7, 19.0]
    places = places if function == "log" else [-x for x in places] + places
    got = getattr(elementary, function)(np.array(places))
    real = [float(getattr(mpmath, function)(x)) for x in places]
    np.testing.assert_allclose(got, real, rtol=1e-13, atol=1e-13)


def test_a_table_takes_the_limit_where_it_is_0_by_0():
    value = curve(X / (1 - sympy.exp(-X)), X)
    assert float(value(sympy.Rational(0))) == pytest.approx(1, abs=1e-9)
    assert float(value(sympy.Rational(1))) == pytest.approx(1 / (1 - math.exp(-1)), rel=1e-15)


def test_the_error_of_a_table_is_its_worst():
    """x**2 over 0 to 8 in steps of 1: a line is off by at most 1/8 of 64."""
    found = tabulated("f", curve(X**2, X), (0, 8 << 10), 10, 8, 16)
    assert (len(found.entries), found.shift) == (9, 10)
    assert found.error == pytest.approx(0.25 / 128, rel=0.01)


# Refusals


def refused(error: str, dt: float = 1.0, **given) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(error)}$"):
        Equations(**given).program(dt)


def test_refusals_when_it_is_built():
    refused(
        "range of v must be given: in a dry run it does not stay finite",
        text="v' = (v**2 + 1)/ms",
    )
    refused(
        "start of v must be within its range -1 to 1, not 3",
        text="v' = -v/ms",
        ranges={"v": (-1, 1)},
        start={"v": 3},
    )
    refused(
        "log(v) must be a finite number over its whole range, not at -2",
        text="v' = log(v)/ms",
        ranges={"v": (-2, 2)},
    )
    refused(
        "1/v must be a finite number over its whole range, not at 0",
        text="v' = 1/v/ms",
        ranges={"v": (-2, 2)},
    )
    refused(
        "dt*exp(-k) must be a finite number, not what it is for dt = 1, k = -1e+06",
        text="v' = v**2*exp(-k)/ms",
        parameters={"k": -1e6},
        ranges={"v": (-2, 2)},
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": 5}, "text must be a text, not 5"),
        ({"threshold": None}, "threshold must be a text, not None"),
        ({"reset": ["v = 0"]}, "reset must be a text, not ['v = 0']"),
        ({"parameters": [1]}, "parameters must be a dict, not [1]"),
        ({"ranges": (0, 1)}, "ranges must be a dict, not (0, 1)"),
        ({"receptors": "g"}, "receptors must be a list of texts, not 'g'"),
    ],
)
def test_refusals_of_what_is_of_another_kind(given, said):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        Equations(**{"text": "dv/dt = -v / (10*ms) : mV", **given})
    assert str(caught.value) == said


def test_refusals_of_what_is_too_large():
    refused(
        "exp(exp(exp(exp(v)))) must be a finite number over its whole range, not at 0.46875",
        text="v' = exp(exp(exp(exp(v))))/ms",
        ranges={"v": (-2, 2)},
    )
    refused(
        "dt*v**16 must stay below 6.87195e+10, not reach 2.41785e+24",
        text="v' = -v/(10*ms) + v**16/ms",
        ranges={"v": (-32, 31)},
    )
    refused(
        "parameters of a cell must have one length, not a 2, b 3",
        text="v' = -a*b*v/ms",
        parameters={"a": [1, 2], "b": [1, 2, 3]},
        ranges={"v": (-2, 2)},
    )


LOST = {
    "text": "v' = (1e-9 - v)/(10*ms) + small*v**2/ms + 1e-20*v**3/ms",
    "ranges": {"v": (-8, 8)},
    "parameters": {"small": 1e-12},
}


def test_a_number_that_would_become_0_is_refused_unless_it_is_allowed():
    names = ["1e-10*dt", "dt*small*v**2", "1e-20*dt*v**3"]
    point = Equations(**LOST).scheme(1.0).formats["v"].point + 8
    half = f"less than half of {2.0**-point:g}, with dt = 1"
    refused(
        f"{names[1]} must not be lost: it is always {half}, small = 1e-12; "
        f"allow_zero=['{names[1]}'] lets it be 0",
        **LOST,
        allow_zero=names[2:],
    )
    refused(
        f"{names[2]} must not be lost: it is always {half}; allow_zero=['{names[2]}'] lets it be 0",
        **LOST,
    )
    refused(
        f"{names[0]} must not round to 0: 1e-10 is {half}; allow_zero=['{names[0]}'] lets it be 0",
        **LOST,
        allow_zero=names[1:],
    )
    assert set(Equations(**LOST, allow_zero=names).report(1.0).zeros) == set(names)


def test_of_many_neurons_the_number_that_would_become_0_is_named_and_others_stay():
    cell = {
        "text": "v' = (g - v)/(10*ms)",
        "method": "Euler",
        "ranges": {"v": (-8, 8)},
        "parameters": {"g": [1.0, 1e-9, 2.0]},
    }
    point = Equations(**cell).scheme(1.0).formats["v"].point + 8
    refused(
        f"dt*g/10 must not round to 0: 1e-10 is less than half of {2.0**-point:g}, with dt = 1, "
        "g = 1e-09; allow_zero=['dt*g/10'] lets it be 0",
        **cell,
    )
    assert Equations(**cell, allow_zero=["dt*g/10"]).report(1.0).zeros == ("dt*g/10",)


def test_the_report_says_it_all():
    cell = Equations(
        "v' = (I - v*exp(v/(10*mV)))/(10*ms) : mV; w' = -w/(3*ms)",
        inputs={"I": "mV"},
        ranges={"v": (-20, 30), "w": (-1, 1), "I": (-64, 63)},
        table_entries=16,
    )
    assert str(cell.report(0.5)).splitlines() == [
        "a step of 0.5 ms",
        "v: Euler, s22, point 16, one bit 1.53e-05 mV, range -20 to 30 mV (given)",
        "w: exact, s20, point 18, one bit 3.81e-06, range -1 to 1 (given)",
        "I: input, s18, point 11, one bit 0.000488 mV, range -64 to 63 mV (given)",
        "constant dt/10: error 3.8e-06",
        "constant -decay(w, w): error 2.6e-06",
        "table exp(v/10): 14 entries, error 0.013 of its largest",
        "became zero: nothing",
        "can saturate: I, v, w",
    ]


def test_what_leaves_its_range_is_saturated_and_counted():
    cell = Equations("v' = I/ms : mV", inputs={"I": "mV"}, ranges={"v": (-5, 5), "I": (0, 3)})
    net = network(cell, 1, {"I": 2})
    v = net.record(net.populations["cells"], "v")
    with pytest.warns(RuntimeWarning, match="v of cells did 3 times, first ever in step 2"):
        net.run(steps=5, overflow="warn")
    assert v.values[:, 0].tolist() == [2, 4, 5, 5, 5]
    assert net.state.saturated == [{"I": 0, "v": 3}]
