"""Delays as a code: three cells fire 4 ms apart, and only the cell that hears them at once answers.

Neurapse's example_NNetwork_const: three leaky cells are fired one after the other by pulses of 1
ms; their delays to the first target are 1, 5 and 9 ms, to the second 8, 5 and 1 ms, so that there
all arrive together.
"""

from golden.builder import Network, from_pairs, pulse
from golden.cells import LIF, CurrentTwoExponentials, StepCurrent

DURATION = 100


def network(seed: int = 1, weight: float = 100.0) -> Network:
    """Make it; 3,000 pA over a leak of 30 nS is a weight of 100 mV."""
    net = Network(dt="1/8 ms", seed=seed)
    cell = LIF(
        tau=10,
        rest=-70,
        reset=-70,
        threshold=20,
        refractory=2,
        method="second order",
        receptors=(
            CurrentTwoExponentials("synapse", decay=15, rise=3.75, normal=False),
            StepCurrent("current"),
        ),
    )
    pre, post = net.population(3, cell, "pre"), net.population(2, cell, "post")
    for i, start in enumerate((0, 4, 8)):
        net.current(pre[i], pulse(50_000 / 30, start, start + 1), receptor="current")
    pairs = from_pairs([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1])
    net.connect(pre, post, pairs, weight=weight, delay=[1, 8, 5, 5, 9, 1])
    return net
