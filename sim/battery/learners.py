"""Small random networks whose synapses learn, for comparing engines."""

from dataclasses import replace

import numpy as np

from golden.builder import Network, Poisson, fixed_probability, uniform, whole
from golden.network.rules import (
    MSE,
    MSTDP,
    MSTDPET,
    DerivativeSTDP,
    Hebbian,
    InhibitorySTDP,
    ModulatedSTDP,
    PairSTDP,
    Rule,
    SumOfProducts,
    Ternary,
    TripletSTDP,
)
from golden.network.rules.products import CODES, NOW
from sim.battery.tiny import Adder, Seeping

CELLS = ((Adder(bits=12), 60.0), (Seeping(threshold=15), 9.0))
"""Cells, and weights that make them spike often."""
RULES = 72
BY_REWARD = (MSE, MSTDP, MSTDPET, ModulatedSTDP, SumOfProducts, Ternary)
DELAYS = (1, 2, 5, 20, 63, 100)


def learners(seed: int) -> Network:
    """Return a network of up to 40 neurons, nearly all of whose synapses learn."""
    random = np.random.default_rng(seed)
    net = Network(dt=1, seed=int(random.integers(1 << 32)))
    rain = net.input(int(random.integers(1, 13)), Poisson(random.choice([5, 40, 200])), "rain")
    groups, asked = [], []
    for number in range(random.integers(1, 3)):
        cell, weight = CELLS[random.integers(len(CELLS))]
        groups.append((net.population(int(random.integers(1, 13)), cell, f"cells{number}"), weight))
    for source in (rain, *(group for group, _ in groups)):
        for target, weight in groups:
            for _ in range(random.integers(1, 3)):
                learns = random.random() < 0.9
                chosen = rule(weight, int(random.integers(RULES))) if learns else None
                by_reward = isinstance(chosen, BY_REWARD)
                asked += [target] if by_reward else []
                net.connect(
                    source,
                    target,
                    fixed_probability(1 if by_reward else random.uniform(0.2, 1), self_too=True),
                    weight=uniform(0, weight),
                    delay=whole(1, int(random.choice(DELAYS))),
                    receptor="current",
                    zeros=1.0,
                    rule=chosen,
                )
    for target, weight in groups:
        if random.random() < 0.7:
            net.noise(target, weight, "current")
    for to in asked[: int(random.integers(3))]:
        times = random.integers(0, 200, random.integers(1, 30))
        each = random.random() < 0.5
        shape = (len(times), to.size) if each else len(times)
        net.reward(random.uniform(-2, 2, shape).round(3), at=times, to=to if each else None)
    return net


def rule(high: float, number: int) -> Rule:
    """Return one of `RULES` rules with weights up to ``high``: each is compiled once."""
    random = np.random.default_rng(number)
    bits, kind = int(random.integers(4, 19)), number % 12
    pairs = str(random.choice(["all", "nearest"]))
    sizes = (random.uniform(0.05, 0.3, 4) * high).tolist()
    taus = [float(random.uniform(1, 50)), float(random.choice([0.5, 20, 400]))]
    made = _of_kind(kind, pairs, sizes, taus, high, random)
    return replace(
        made,
        w_min=0.0 if random.random() < 0.7 else -high / 3,
        w_max=high,
        bits=bits,
        rounding="random" if bits < 9 or random.random() < 0.3 else "nearest",
        **_often(high, random),
    )


def _often(high: float, random: np.random.Generator) -> dict[str, float]:
    """Return of some rules that all weights of a target are scaled now and then."""
    if random.random() < 0.6:
        return {}
    return {"every": float(random.integers(1, 60)), "norm": float(random.uniform(0.5, 5) * high)}


def _of_kind(
    kind: int,
    pairs: str,
    sizes: list[float],
    taus: list[float],
    high: float,
    random: np.random.Generator,
) -> Rule:
    """Return a rule of one of twelve kinds."""
    plus, minus = sizes[:2]
    if kind == 0:
        return PairSTDP(
            pairs=pairs, a_plus=plus, a_minus=minus, tau_plus=taus[0], tau_minus=taus[1]
        )
    if kind == 1:
        return PairSTDP(
            pairs=pairs,
            dependence=str(random.choice(["multiplicative", "proportional"])),
            a_plus=plus / high,
            a_minus=minus / high,
            tau_plus=taus[0],
            tau_minus=taus[1],
        )
    if kind == 2:
        return TripletSTDP(
            pairs=pairs,
            tau_y=taus[1],
            a2_plus=plus,
            a2_minus=minus,
            a3_plus=sizes[2],
            a3_minus=sizes[3],
        )
    if kind == 3:
        return InhibitorySTDP(eta=plus, tau=taus[0], target=9)
    if kind == 4:
        return Hebbian(nu_pre=plus, nu_post=-minus, tau=taus[0])
    if kind > 5:
        return _by_reward(kind, sizes, taus, high, random)
    # A drift of less than half a last place of the weight is refused.
    slow = {"every": float(random.integers(1, 90)), "drift": high / 100}
    return DerivativeSTDP(a_plus=plus, a_minus=minus, tau_plus=taus[0], **slow)


def _by_reward(
    kind: int, sizes: list[float], taus: list[float], high: float, random: np.random.Generator
) -> Rule:
    """Return a rule that uses rewards, of one of six kinds."""
    plus, minus = sizes[:2]
    if kind == 6:
        return MSTDP(a_plus=plus, a_minus=minus, tau_plus=taus[0], tau_minus=taus[1])
    if kind == 7:
        return MSTDPET(
            a_plus=plus,
            a_minus=minus,
            tau_plus=taus[0],
            tau_e=taus[1],
            e_max=float(2 * high),
        )
    if kind == 8:
        return ModulatedSTDP(a_plus=plus, a_minus=minus, tau_plus=taus[0], tau_m=taus[1])
    if kind == 10:
        tag, w = (
            tuple(
                (float(size * sign), (str(event), *map(str, random.choice(CODES[:-1], 2))))
                for size, sign, event in zip(sizes[:3], (1, -1, 1), NOW, strict=True)
            )
            for _ in range(2)
        )
        return SumOfProducts(w_rule=w, tag_rule=tag, tag_max=float(high), tau_tag=taus[1])
    if kind == 11:
        return Ternary(rate=plus, tau_pre=taus[0], tau_post=taus[1])
    return MSE(rate=plus, tau_pre=taus[0], tau_post=taus[1])
