"""Izhikevich's neuron from its equations, against float64 and the cell of the library."""

import numpy as np

from golden.cells import Equations, Izhikevich
from tests.cells.equations.runs import floats, integers, same_in_both_engines

TEXT = "v' = (0.04*v**2 + 5*v + 140 - u + I)/ms; u' = a*(b*v - u)/ms"


def izhikevich(**parameters) -> Equations:
    return Equations(
        TEXT,
        threshold="v >= 30",
        reset="v = c; u += d",
        inputs={"I": "1"},
        parameters={"a": 0.02, "b": 0.2, "c": -65, "d": 8, **parameters},
        ranges={"v": (-100, 200), "u": (-50, 50), "I": (-50, 50)},
        start={"v": -65, "u": -13},
    )


def test_spikes_are_those_of_float64():
    """Bar: equal counts, mean difference of times below 1 ms; seen: 0.02 ms at most."""
    for amount in (5, 10, 20):
        there, _ = integers(izhikevich(), 0.125, 8000, {"I": amount})
        told, _ = floats(izhikevich(), 0.125, 8000, {"I": amount})
        assert len(there) == len(told) > 5
        assert np.mean(np.abs(there - told)) * 0.125 < 1


def test_rate_is_that_of_the_library_cell():
    """Bar: a spike in 20; the library lets u follow the new v, equations the old one."""
    own, _ = integers(izhikevich(), 0.125, 8000, {"I": 10})
    library, _ = integers(Izhikevich(), 0.125, 8000, {"current": 10})
    assert abs(len(own) - len(library)) <= len(library) / 20


def test_engine_has_goldens_state():
    cell = izhikevich(a=np.linspace(0.02, 0.1, 5), d=np.linspace(2, 8, 5))
    same_in_both_engines(cell, 0.5, 200, {"I": 12}, 5)
