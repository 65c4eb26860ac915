"""STDP windows of any rule, measured: pairs of neurons are made to spike, and weights are read.

Every distance has a pair of neurons of its own, all in one network: an arrival in step `START`, a
post so many steps after it, or before; and, if a pairing has several pairs, the same again. The
formula is `golden.study.learning.formulas`, in float64.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.builder import Network, SpikeTrain, one_to_one
from golden.cells import McCullochPitts
from golden.cells.schedule import Fabric
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
from golden.network.rules.decays import fraction
from golden.pictures.chart import Picture
from golden.pictures.windows import windows
from golden.study.learning.formulas import FloatSynapse

Floats, Ints = NDArray[np.float64], NDArray[np.int64]
REACH, START, STEPS = 60, 100, 300
"""Steps: the largest distance, the first arrival, and the end."""
AFTER = START + REACH + 5
"""A step when a single pair is over."""
FACTORS = 4
"""Of a product, at most."""
COLUMNS = ("rule", "pairs", "weights", "largest_change", "largest_difference", "stated_rounding")


@dataclass(frozen=True, slots=True)
class Pairing:
    """How a window is measured."""

    rule: Rule
    pairs: int = 1
    apart: int = 35
    """Steps from one pair to the next."""
    rewards: tuple[tuple[int, float], ...] = ()
    """Of all synapses: step, and how much."""

    def trains(self, distance: int) -> tuple[list[int], list[int]]:
        """Return the steps of arrivals and of posts."""
        pre = [START + k * self.apart for k in range(self.pairs)]
        return pre, [step + distance for step in pre]


@dataclass(frozen=True, slots=True)
class Window:
    """What was measured at every distance, in steps, and what the formula says."""

    distance: Ints
    change: Floats
    formula: Floats
    stated: float
    """What rounding may do at most."""

    @property
    def difference(self) -> float:
        """The largest between the two."""
        return float(np.abs(self.change - self.formula).max())


def window(pairing: Pairing, dt: float = 1.0, fabric: Fabric | None = None) -> Window:
    """Measure a rule, with weights that begin in the middle, as built for a family of parts.

    Rounding may move a weight, and what is kept beside it, by half of the last place at every
    event; and, each by what its own place is worth, up to `FACTORS` factors of a product: traces
    that are added up, or read from tables.
    """
    rule, distance = pairing.rule, np.arange(-REACH, REACH + 1)
    begin = (rule.w_min + rule.w_max) / 2
    net, synapses = _network(pairing, distance, begin, dt)
    rows = next(r for r in net.build(fabric).blueprint.rows if r.learning)
    assert rows.learning is not None
    net.run(steps=STEPS)
    exact = np.array([_exact(pairing, int(d), begin, dt) for d in distance]) - begin
    bits = rows.learning.operand_bits
    places = [trace.format(bits)[0] for trace in rows.learning.traces]
    trace = 2.0 ** -min(places, default=fraction(bits)) + 2.0 ** -fraction(bits)
    events = 2 * pairing.pairs + len(pairing.rewards) + (rule.every > 0)
    half = sum(float(word.scale.quantity(1)) for word in rows.learning.words) / 2
    stated = events * half + FACTORS * trace * float(np.abs(exact).max())
    return Window(distance, synapses.weights - begin, exact, stated)


def _network(pairing: Pairing, distance: Ints, weight: float, dt: float) -> tuple[Network, Any]:
    """Return a network of a pair for each distance, and its synapses."""
    n, most = len(distance), max(map(abs, (pairing.rule.w_min, pairing.rule.w_max)))
    trains = [pairing.trains(int(d)) for d in distance]
    who = np.repeat(np.arange(n), pairing.pairs)
    pre, post = (np.array([train[side] for train in trains]).ravel() for side in range(2))
    net = Network(dt=dt)
    told, drive = (
        net.input(n, SpikeTrain((steps - 1) * dt, who), name)
        for steps, name in ((pre, "told"), (post, "drive"))
    )
    # No synapse that learns can make a cell spike; its drive can, in the step after it.
    cells = net.population(n, McCullochPitts(threshold=2 * most), "cells")
    net.connect(drive, cells, one_to_one(), weight=4 * most)
    synapses = net.connect(told, cells, one_to_one(), weight=weight, rule=pairing.rule)
    for step, amount in pairing.rewards:
        net.reward(amount, at=step * dt)
    return net, synapses


def _exact(pairing: Pairing, distance: int, weight: float, dt: float) -> float:
    synapse = FloatSynapse(pairing.rule, dt, weight)
    synapse.learn(*pairing.trains(distance), STEPS, pairing.rewards)
    return synapse.w


PAIR: dict[str, Any] = {"a_plus": 0.1, "a_minus": 0.12, "tau_plus": 17, "tau_minus": 34, "bits": 18}
BY_R = (-0.12, ("x0", "y1")), (0.1, ("y0", "x1"))
NEURAPSE_A = (
    *((0.4, ("y0", "x1", "w")), (-0.4, ("y0", "x2", "w"))),
    *((-0.4, ("x0", "y1", "w")), (0.4, ("x0", "y2", "w"))),
)
"""Its PLASTIC_SYNAPSE_A: the difference of two exponentials, in proportion to the weight."""
LIBRARY: dict[str, Pairing] = {
    "PairSTDP": Pairing(PairSTDP(**PAIR)),
    "PairSTDP, nearest": Pairing(PairSTDP(pairs="nearest", **PAIR), 3),
    "PairSTDP, all of 3": Pairing(PairSTDP(**PAIR), 3),
    "PairSTDP, multiplicative": Pairing(PairSTDP(dependence="multiplicative", **PAIR)),
    "PairSTDP, proportional": Pairing(PairSTDP(dependence="proportional", **PAIR)),
    "TripletSTDP": Pairing(
        TripletSTDP(bits=18, a2_plus=0.02, a2_minus=0.05, a3_plus=0.05, a3_minus=0.02), 3
    ),
    "InhibitorySTDP": Pairing(InhibitorySTDP(eta=0.1, bits=18)),
    "Hebbian": Pairing(Hebbian(nu_pre=0.05, nu_post=0.1, bits=18)),
    "DerivativeSTDP": Pairing(
        DerivativeSTDP(w_max=1, a_plus=0.1, a_minus=0.12, every=STEPS, bits=18)
    ),
    "MSTDP": Pairing(MSTDP(**PAIR), rewards=((1, 1.5),)),
    "MSTDPET": Pairing(MSTDPET(**PAIR), rewards=((AFTER, 1.0),)),
    "ModulatedSTDP": Pairing(ModulatedSTDP(**PAIR), rewards=((START - 50, 1.0),)),
    "SumOfProducts, by reward": Pairing(
        SumOfProducts(tag_rule=BY_R, w_rule=((1, ("r0", "tag")),), tau_tag=200, bits=18),
        rewards=((AFTER, 1.0),),
    ),
    "SumOfProducts, Neurapse's A": Pairing(
        SumOfProducts(w_rule=NEURAPSE_A, tau_x1=20, tau_x2=10, tau_y1=20, tau_y2=10, bits=18)
    ),
    "MSE": Pairing(MSE(rate=0.4, tau_pre=60, tau_post=60, bits=18), rewards=((AFTER, 1.0),)),
    "Ternary": Pairing(Ternary(rate=0.9, tau_pre=60, tau_post=60, bits=18), 1, 35, ((AFTER, 1),)),
}
"""Rules, with gains that are seen."""


@cache
def measured(name: str, fabric: Fabric | None = None) -> Window:
    """Return the window of a rule of the library."""
    return window(LIBRARY[name], fabric=fabric)


def rows(fabric: Fabric | None = None) -> Iterator[dict[str, Any]]:
    """Yield a row for every rule of the library, as built for a family of parts."""
    for name, pairing in LIBRARY.items():
        seen = measured(name, fabric)
        yield {
            "rule": name,
            "pairs": pairing.pairs,
            "weights": len(seen.distance),
            "largest_change": f"{np.abs(seen.formula).max():.6f}",
            "largest_difference": f"{seen.difference:.6f}",
            "stated_rounding": f"{seen.stated:.6f}",
        }


def drawn(fabric: Fabric | None = None) -> Picture:
    """Return the picture of all windows of the library, as built for a family of parts."""
    each = {name: measured(name, fabric) for name in LIBRARY}
    return windows([(name, w.distance, w.change, w.formula) for name, w in each.items()])
