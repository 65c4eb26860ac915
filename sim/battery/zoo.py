"""Small random networks with everything in them, for comparing engines."""

import numpy as np

from golden.builder import (
    Bernoulli,
    Network,
    Periodic,
    Poisson,
    ShortTerm,
    SpikeTrain,
    fixed_fan_out,
    fixed_probability,
    uniform,
    whole,
)
from golden.builder.population import Population
from golden.cells import IF_cond_exp, IF_curr_exp, Izhikevich
from golden.cells.cell import Cell
from sim.battery.tiny import Adder, Holder, Seeping

CELLS: list[tuple[Cell, float]] = [
    (Adder(bits=8), 20),
    (Adder(threshold=300, bits=12), 90),
    (Holder(bits=10), 100),
    (Seeping(), 6),
    (Seeping(rate=0.5, noise=4, bits=7), 5),
    (Izhikevich(v=-60), 8),
    (Izhikevich(a=0.1, d=2, substeps=2), 8),
    (IF_curr_exp(), 2),
    (IF_cond_exp(), 0.05),
]
"""Cells, and weights that matter to them. Each is one program, which is compiled once."""
DELAYS = (1, 2, 3, 5, 16, 63, 255)


def complete() -> Network:
    """Return a small network with something of everything."""
    net = Network(dt="1/2 ms", seed=3)
    exc = net.population(9, Izhikevich(c=np.linspace(-65, -50, 9)), "exc", winners=4)
    inh = net.population(2, IF_cond_exp(), "inh")
    net.input(3, Poisson(400), "rain")
    net.input(2, Periodic([3, 5]), "clock")
    net.input(2, SpikeTrain([1, 4, 9], [0, 1, 0]), "train")
    inputs = net.populations
    net.connect(inputs["rain"], exc, weight=9, delay=uniform(1, 9))
    net.connect(inputs["clock"], inh, weight=0.01, delay=2, plasticity=ShortTerm(0.4, 90, 20))
    net.connect(inputs["train"], exc, weight=4, delay=1)
    net.gap(exc[:3], exc[3:6], conductance=0.1)
    net.current(exc, 5, start=2, stop=30)
    net.noise(exc, 3)
    return net


def network(seed: int, plastic: bool = True, electrical: bool = True) -> Network:
    """Return a network of 1 to 64 neurons, all of it drawn from the seed.

    One that is not plastic has no short-term plasticity, one that is not electrical no gap
    junctions.
    """
    random = np.random.default_rng(seed)
    net = Network(dt=1, seed=int(random.integers(1 << 32)))
    left = int(random.integers(1, 65))
    cells: list[tuple[Population, Cell, float]] = []
    while left and len(cells) < 4:
        size = int(random.integers(1, left + 1))
        left -= size
        cell, weight = CELLS[random.integers(len(CELLS))]
        winners = int(random.integers(1, 5)) if random.random() < 0.4 else None
        cells.append((net.population(size, cell, f"cells{len(cells)}", winners), cell, weight))
        if left and random.random() < 0.6:
            size = int(random.integers(1, left + 1))
            left -= size
            net.input(size, _source(size, random), f"input{len(cells)}")
    _connect(net, cells, random, plastic)
    _drive(net, cells, random, electrical)
    return net


def _source(size: int, random: np.random.Generator):
    match random.integers(4):
        case 0:
            return Poisson(random.uniform(0, 400, size))
        case 1:
            return Bernoulli(random.uniform(0, 1))
        case 2:
            return Periodic(random.integers(1, 20, size), random.integers(0, 9, size))
        case _:
            steps, neurons = np.nonzero(random.random((60, size)) < 0.1)
            return SpikeTrain(steps, neurons)


def _receptor(cell: Cell, random: np.random.Generator) -> str:
    receptors = cell.program(1.0).receptors
    return receptors[random.integers(len(receptors))].name


def _connect(net: Network, cells: list, random: np.random.Generator, plastic: bool) -> None:
    """Connect everybody with cells: half of the pairs, some twice, some plastic, some in part."""
    for source in net.populations.values():
        for target, cell, weight in cells:
            for _ in range(random.integers(3)):
                part = source[: int(random.integers(1, len(source) + 1))]
                own = len(part) != len(target)
                many = min(len(target) - 1, int(random.integers(1, 9)))
                by_chance = fixed_probability(random.uniform(0.1, 1), self_too=True)
                tiring = ShortTerm(
                    random.uniform(0.05, 1), random.choice([0, 5, 90]), random.choice([0, 9, 200])
                )
                net.connect(
                    part,
                    target,
                    fixed_fan_out(many, own) if many and random.random() < 0.3 else by_chance,
                    weight=uniform(-weight, 3 * weight) if random.random() < 0.8 else weight,
                    delay=whole(1, int(random.choice(DELAYS))),
                    receptor=_receptor(cell, random),
                    plasticity=tiring if random.random() < 0.4 and plastic else None,
                    zeros=1.0,
                )


def _drive(net: Network, cells: list, random: np.random.Generator, electrical: bool) -> None:
    """Let currents and noise flow into cells, and join them by gap junctions."""
    for target, cell, weight in cells:
        if random.random() < 0.5:
            level = weight * random.integers(-1, 3, len(target))
            start = int(random.integers(0, 20))
            net.current(target, level, start, start + 15 if random.random() < 0.5 else None)
        if random.random() < 0.5:
            net.noise(target, 2 * weight, _receptor(cell, random))
        for other, _, _ in cells:
            if random.random() < 0.3 and electrical:
                strength = 0.2 * min(1, weight / 10)
                net.gap(target, other, fixed_probability(0.3), uniform(strength / 10, strength))
