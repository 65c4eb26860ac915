"""Small random networks for gates that learn: by one rule, or by two."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import repeat

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
from golden.builder.population import Population
from golden.cells.schedule import Fabric
from golden.network.rules import Rule
from sim.battery.learners import BY_REWARD, CELLS, DELAYS, RULES, rule


def one_rule(seed: int, fabric: Fabric | None = None, late: bool = False) -> Network:
    """Return a network of up to 40 neurons, most of whose synapses learn, as one rule says, or two.

    Groups that learn have one kind of cells; built for a fabric, they share a pipeline. With
    ``late`` the rule looks at rewards or has a norm.
    """
    random = np.random.default_rng([seed, 1])
    net = Network(dt=1, seed=int(random.integers(1 << 32)))
    cell, weight = CELLS[random.integers(len(CELLS))]
    chosen, rules = _rules(weight, seed, late)
    sources = _sources(net, random)
    groups = [
        net.population(
            int(random.integers(1, 13)),
            cell,
            f"cells{number}",
            winners=2 if random.random() < 0.2 else None,
        )
        for number in range(random.integers(1, 3))
    ]
    taught: list[Population] = []
    for source in (*sources, *groups):
        for target in groups:
            for _ in range(random.integers(1, 3)):
                many = min(3, len(target) - 1)
                pairs = fixed_probability(random.uniform(0.2, 1), self_too=True)
                full = chosen.norm and target in taught
                net.connect(
                    source,
                    target,
                    fixed_fan_out(many, True) if many and random.random() < 0.2 else pairs,
                    weight=uniform(0, weight),
                    delay=whole(1, int(random.choice(DELAYS))),
                    receptor="current",
                    zeros=1.0,
                    rule=next(rules) if (learns := random.random() < 0.75 and not full) else None,
                )
                taught += [target] if learns else []
    for target in groups:
        if random.random() < 0.7:
            net.noise(target, weight, "current")
    if isinstance(chosen, BY_REWARD):
        _reward(net, taught, random)
    net.build(fabric)
    return net


def _sources(net: Network, random: np.random.Generator) -> list[Population]:
    found = [net.input(int(random.integers(1, 13)), Poisson(random.choice([5, 40, 200])), "rain")]
    if random.random() < 0.5:
        steps, neurons = np.nonzero(random.random((200, 4)) < 0.1)
        found.append(net.input(4, SpikeTrain(steps, neurons), "told"))
    return found


def _reward(net: Network, taught: list[Population], random: np.random.Generator) -> None:
    """Give rewards to everybody, and to some, of each neuron its own."""
    for to in (None, *taught[:2]):
        if taught:
            times = random.integers(0, 60, random.integers(1, 20))
            each = to is not None and random.random() < 0.7
            shape = (len(times), len(to)) if to is not None and each else len(times)
            net.reward(random.uniform(-2, 2, shape).round(3), at=times, to=to)


def late_rule(high: float, number: int) -> Rule:
    """Return one of the rules of `sim.battery.learners` that look at rewards or have a norm."""
    drawn = (rule(high, (number * 7 + k) % RULES) for k in range(RULES))
    return next(found for found in drawn if isinstance(found, BY_REWARD) or found.norm)


def _rules(high: float, seed: int, late: bool) -> tuple[Rule, Iterator[Rule]]:
    """Return a network's first rule, and what its connections learn by, one after the other."""
    if late:
        chosen = late_rule(high, seed)
        return chosen, repeat(chosen)
    return rule_for_gates(high, seed), rules_for_gates(high, seed)


def rules_for_gates(high: float, seed: int) -> Iterator[Rule]:
    """Yield one rule again and again; of every third network two, in any order."""
    chosen, other = rule_for_gates(high, seed), rule_for_gates(high, seed + 1)
    if chosen.every and other.every:
        # Epochs on a chip must all take as many steps.
        other = replace(other, every=chosen.every)
    random = np.random.default_rng([seed, 3])
    while True:
        yield other if seed % 3 == 0 and random.random() < 0.5 else chosen


def rule_for_gates(high: float, number: int) -> Rule:
    """Return one of the rules of `sim.battery.learners` as far as gates can do it."""
    made = next(
        found
        for k in range(RULES)
        if not isinstance(found := rule(high, (number * 7 + k) % RULES), BY_REWARD)
    )
    return replace(made, norm=0.0)
