"""Izhikevich's twenty behaviours.

E. M. Izhikevich, "Which model to use for cortical spiking neurons?", IEEE Trans. Neural Networks
15(5), 2004, figure 1, with the parameters of the program published with it.

Steps are the published ones, 1/4 and 1/2 ms; those of 0.2 and 0.1 ms are 1/8 ms here. They matter:
some behaviours exist at the published step only, as forward Euler makes them. Class 2 has 1/8 ms
instead of 1/4 ms: at that step a current of 0.0003 decides whether its last spike is in time.
"""

from math import inf
from typing import Any

from golden.cells.behaviours.behaviour import Behaviour, Current, Times, pulses, ramp
from golden.cells.izhikevich import Izhikevich

COARSE, USUAL, FINE = 1 / 2, 1 / 4, 1 / 8


def _of(
    name: str,
    abcd: tuple[float, float, float, float],
    v: float,
    dt: float,
    duration: float,
    current: Current,
    **others: Any,
) -> Behaviour:
    a, b, c, d = abcd
    return Behaviour(name, Izhikevich(a=a, b=b, c=c, d=d, v=v, **others), dt, duration, current)


def _two_ramps(t: Times) -> Times:
    """Rise slowly to 8 within 200 ms, then to 4 within 12.5 ms from 300 ms on."""
    slow = t / 25 * (t < 200)
    fast = (t - 300) / 12.5 * 4 * ((t >= 300) & (t < 312.5))
    return slow + fast


_doublets = pulses(*((at, at + 4, 0.65) for at in (40, 60, 280, 320)))
_pairs = pulses(*((at, at + 2, 9.0) for at in (100 / 11, 155 / 11, 70, 80)))
_kicks = pulses((37.5, 42.5, 1.24), (216, 221, 1.24), base=0.24)
_trap = pulses((10, 15, 1), (70, 75, -6), (80, 85, 1))
_inhibited = pulses((49.9, 250.1, 75), base=80)
_no_rest = {"linear": 4.1, "constant": 108.0}

IZHIKEVICH = (
    _of("tonic spiking", (0.02, 0.2, -65, 6), -70, USUAL, 1000, pulses((10, inf, 14))),
    _of("phasic spiking", (0.02, 0.25, -65, 6), -64, USUAL, 200, pulses((20, inf, 0.5))),
    _of("tonic bursting", (0.02, 0.2, -50, 2), -70, USUAL, 1000, pulses((22, inf, 15))),
    _of("phasic bursting", (0.02, 0.25, -55, 0.05), -64, FINE, 200, pulses((20, inf, 0.6))),
    _of("mixed mode", (0.02, 0.2, -55, 4), -70, USUAL, 1000, pulses((16, inf, 10))),
    _of("frequency adaptation", (0.01, 0.2, -65, 8), -70, USUAL, 1000, pulses((8.5, inf, 30))),
    _of("class 1", (0.02, -0.1, -55, 6), -60, USUAL, 300, ramp(30, 0.075), **_no_rest),
    _of("class 2", (0.2, 0.26, -65, 0), -64, FINE, 300, ramp(30, 0.015, base=-0.5)),
    _of("spike latency", (0.02, 0.2, -65, 6), -70, FINE, 100, pulses((10, 13, 7.04))),
    _of("subthreshold oscillation", (0.05, 0.26, -60, 0), -62, USUAL, 200, pulses((20, 25, 2))),
    _of("resonator", (0.1, 0.26, -60, -1), -62, USUAL, 400, _doublets),
    _of("integrator", (0.02, -0.1, -55, 6), -60, USUAL, 100, _pairs, **_no_rest),
    _of("rebound spike", (0.03, 0.25, -60, 4), -64, FINE, 200, pulses((20, 25, -15))),
    _of("rebound burst", (0.03, 0.25, -52, 0), -64, FINE, 200, pulses((20, 25, -15))),
    _of("threshold variability", (0.03, 0.25, -60, 4), -64, USUAL, 100, _trap),
    _of("bistability", (0.1, 0.26, -60, 0), -61, USUAL, 300, _kicks),
    _of("depolarising after-potential", (1, 0.2, -60, -21), -70, FINE, 50, pulses((9, 11, 20))),
    _of("accommodation", (0.02, 1, -55, 4), -65, COARSE, 400, _two_ramps, u=-16, rest=-65, leak=0),
    _of("inhibition-induced spiking", (-0.02, -1, -60, 8), -63.8, COARSE, 350, _inhibited),
    _of("inhibition-induced bursting", (-0.026, -1, -45, -2), -63.8, COARSE, 350, _inhibited),
)
