"""Small random networks for gates that learn: all synapses that do learn by one rule."""

from dataclasses import replace

import numpy as np

from golden.builder import (
    Network,
    Poisson,
    SpikeTrain,
    fixed_fan_out,
    fixed_probability,
    uniform,
    whole,
)
from golden.cells.schedule import Fabric
from golden.network.rules import Rule
from sim.battery.learners import BY_REWARD, CELLS, DELAYS, RULES, rule


def one_rule(seed: int, fabric: Fabric | None = None) -> Network:
    """Return a network of up to 40 neurons, most of whose synapses learn, as one rule says.

    Groups that learn have one kind of cells; built for a fabric, they share a pipeline.
    """
    random = np.random.default_rng([seed, 1])
    net = Network(dt=1, seed=int(random.integers(1 << 32)))
    cell, weight = CELLS[random.integers(len(CELLS))]
    chosen = rule_for_gates(weight, seed)
    sources = [net.input(int(random.integers(1, 13)), Poisson(random.choice([5, 40, 200])), "rain")]
    if random.random() < 0.5:
        steps, neurons = np.nonzero(random.random((200, 4)) < 0.1)
        sources.append(net.input(4, SpikeTrain(steps, neurons), "told"))
    groups = [
        net.population(
            int(random.integers(1, 13)),
            cell,
            f"cells{number}",
            winners=2 if random.random() < 0.2 else None,
        )
        for number in range(random.integers(1, 3))
    ]
    for source in (*sources, *groups):
        for target in groups:
            for _ in range(random.integers(1, 3)):
                many = min(3, len(target) - 1)
                pairs = fixed_probability(random.uniform(0.2, 1), self_too=True)
                net.connect(
                    source,
                    target,
                    fixed_fan_out(many, True) if many and random.random() < 0.2 else pairs,
                    weight=uniform(0, weight),
                    delay=whole(1, int(random.choice(DELAYS))),
                    receptor="current",
                    zeros=1.0,
                    rule=chosen if random.random() < 0.75 else None,
                )
    for target in groups:
        if random.random() < 0.7:
            net.noise(target, weight, "current")
    net.build(fabric)
    return net


def rule_for_gates(high: float, number: int) -> Rule:
    """Return one of the rules of `sim.battery.learners` as far as gates can do it."""
    made = next(
        found
        for k in range(RULES)
        if not isinstance(found := rule(high, (number * 7 + k) % RULES), BY_REWARD)
    )
    return replace(made, norm=0.0)
