"""Small random networks whose synapses learn, for comparing engines."""

import numpy as np

from golden.builder import Network, Poisson, fixed_probability, uniform, whole
from golden.network.rules import PairSTDP, Rule
from sim.battery.tiny import Adder, Seeping

CELLS = ((Adder(bits=12), 60.0), (Seeping(threshold=15), 9.0))
"""Cells, and weights that make them spike often."""
RULES = 24
DELAYS = (1, 2, 5, 20, 63, 100)


def learners(seed: int) -> Network:
    """Return a network of up to 40 neurons, nearly all of whose synapses learn."""
    random = np.random.default_rng(seed)
    net = Network(dt=1, seed=int(random.integers(1 << 32)))
    rain = net.input(int(random.integers(1, 13)), Poisson(random.choice([5, 40, 200])), "rain")
    groups = []
    for number in range(random.integers(1, 3)):
        cell, weight = CELLS[random.integers(len(CELLS))]
        groups.append((net.population(int(random.integers(1, 13)), cell, f"cells{number}"), weight))
    for source in (rain, *(group for group, _ in groups)):
        for target, weight in groups:
            for _ in range(random.integers(1, 3)):
                net.connect(
                    source,
                    target,
                    fixed_probability(random.uniform(0.2, 1), self_too=True),
                    weight=uniform(0, weight),
                    delay=whole(1, int(random.choice(DELAYS))),
                    receptor="current",
                    zeros=1.0,
                    rule=rule(weight, int(random.integers(RULES)))
                    if random.random() < 0.9
                    else None,
                )
    for target, weight in groups:
        if random.random() < 0.7:
            net.noise(target, weight, "current")
    return net


def rule(high: float, number: int) -> Rule:
    """Return one of `RULES` rules with weights up to ``high``: each is compiled once."""
    random = np.random.default_rng(number)
    bits, shares = int(random.integers(4, 19)), bool(random.random() < 0.5)
    sizes = random.uniform(0.05, 0.3, 2) * (1 if shares else high)
    return PairSTDP(
        w_min=0.0 if random.random() < 0.7 else -high / 3,
        w_max=high,
        bits=bits,
        rounding="random" if bits < 9 or random.random() < 0.3 else "nearest",
        a_plus=float(sizes[0]),
        a_minus=float(sizes[1]),
        tau_plus=float(random.uniform(1, 50)),
        tau_minus=float(random.choice([0.5, 20, 400])),
        pairs=str(random.choice(["all", "nearest"])),
        dependence="multiplicative" if shares else "additive",
    )
