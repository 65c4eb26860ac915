"""Eight firing patterns of the adaptive exponential neuron, each a step of current from rest.

R. Naud, N. Marcille, C. Clopath, W. Gerstner, Biol. Cybern. 99, 2008, with the parameters of their
table 1 as Brian2's example of them has adapted them.

The irregular one is chaotic: its spikes are another program's only by chance.
"""

from golden.cells.adex import AdEx
from golden.cells.behaviours.behaviour import Behaviour, pulses

DT, DURATION = 1 / 8, 600
CHAOTIC = ("irregular",)


def _of(name: str, current: float, *values: float) -> Behaviour:
    """Make one of C, gL, EL, a, tau_w, b, Vr."""
    names = ("C", "gL", "EL", "a", "tau_w", "b", "Vr")
    cell = AdEx(**dict(zip(names, values, strict=True)), VT=-50.0, DT=2.0)
    return Behaviour(name, cell, DT, DURATION, pulses(base=current))


ADEX = (
    _of("tonic spiking", 500, 200, 10, -70, 2, 30, 0, -58),
    _of("adaptation", 500, 200, 12, -70, 2, 300, 60, -58),
    _of("initial burst", 400, 130, 18, -58, 4, 150, 120, -50),
    _of("regular bursting", 210, 200, 10, -58, 2, 120, 100, -46),
    _of("delayed accelerating", 300, 200, 12, -70, -10, 300, 0, -58),
    _of("delayed regular bursting", 110, 100, 10, -65, -10, 90, 30, -47),
    _of("transient spiking", 180, 100, 10, -65, 10, 90, 100, -47),
    _of("irregular", 160, 100, 12, -60, -11, 130, 30, -48),
)
