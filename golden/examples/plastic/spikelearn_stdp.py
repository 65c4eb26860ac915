"""Ten cells, twenty inputs, and every synapse learns by pairs: spikelearn's stdpnetwork.

Leaky cells with a time constant of 4 steps; traces that lose a half in every step and gain a half
at a spike. There a pair of one step counts both ways: the post finds its arrival, and the arrival
that post. Here an arrival comes before the posts of its step, so the third product makes up for it.
One thing is not the same: here an arrival transmits the weight that it has lowered, there the one
before.
"""

from math import log

import numpy as np

from golden.builder import Bernoulli, Network, from_matrix
from golden.cells import LIF, StepCurrent
from golden.network.rules import Rule, SumOfProducts

DURATION = 200
HALF = 1 / log(2)
"""ms in which a trace decays to 1/e, if it loses a half in a step."""


def network(seed: int = 1, a_plus: float = 0.1, a_minus: float = 0.1) -> Network:
    """Make it."""
    rule = SumOfProducts(
        w_rule=(
            (a_plus / 2, ("y0", "x1")),
            (-a_minus / 2, ("x0", "y1")),
            (-a_minus / 2, ("y0", "x0")),
        ),
        tau_x1=HALF,
        tau_y1=HALF,
        bits=18,
    )
    return layer(seed, rule)


def layer(seed: int, rule: Rule) -> Network:
    """Return ten cells that hear twenty inputs of rates of their own, by synapses with a rule."""
    random = np.random.default_rng(seed)
    net = Network(dt="1 ms", seed=seed)
    cell = LIF(tau=4, rest=0, reset=0, threshold=1, refractory=1, receptors=(StepCurrent("in"),))
    cells = net.population(10, cell, "l1")
    rain = net.input(20, Bernoulli(random.random(20)), "input1")
    net.connect(rain, cells, from_matrix(random.random((20, 10))), zeros=0.01, rule=rule)
    return net
