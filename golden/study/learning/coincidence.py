"""NEST's spike trains for tests of STDP, with coincident spikes, and its stdp_synapse in float64.

Times are in steps of 0.1 ms, as there: a step of ours stands for one, with time constants ten times
as long, so that no time is rounded. Where an arrival and a post coincide, neither counts for the
other there. Here the arrival comes first, and the post finds it: `Nest` takes that off again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.builder import Network, SpikeTrain
from golden.cells import McCullochPitts
from golden.cells.schedule import Fabric
from golden.network.rules import PairSTDP
from golden.network.rules.decays import fraction
from golden.network.rules.synapse import Synapse

Ints = NDArray[np.int64]
PRE = "1 5 6 7 9 11 12 13 14.5 16.1 21 25 26 27 29 31 32 33 34.5 36.1"
POST = "2 3 4 8 9 10 12 12.2 14.1 15.4 22 23 24 28 29 30 32 33.2 35.1 36.4"
"""ms; from NEST's testsuite."""
A_MS = 10
"""Steps."""
LAMBDA, ALPHA, W_MAX, BEGIN = 0.01, 0.85, 1.0, 0.5
TAU_PLUS, TAU_MINUS = 16.8 * A_MS, 33.7 * A_MS
RANDOM_STEPS, RATE = 50_000, 0.002
"""Of random trains: 5 s, and spikes in a step, 20 Hz."""


@dataclass(frozen=True, kw_only=True)
class Nest(PairSTDP):
    """PairSTDP in which a post does not count for an arrival of its own step."""

    def on_post(self, s: Synapse) -> None:
        """Potentiate by the arrivals of the steps before."""
        before = s.pre(self.tau_plus) - s.happens("pre")
        s.w += s.amount("a_plus", self.a_plus) * before


def trains() -> Iterator[tuple[str, Ints, Ints]]:
    """Yield NEST's trains, and random ones with many coincidences: name, arrivals, posts."""
    pre, post = (np.rint(np.array(x.split(), float) * A_MS).astype(np.int64) for x in (PRE, POST))
    yield "NEST's trains", pre, post
    random = np.random.default_rng(1)
    pre, post = (np.flatnonzero(random.random(RANDOM_STEPS) < RATE) + 2 for _ in range(2))
    together = random.choice(pre, len(pre) // 4, replace=False)
    yield "random, a quarter coincident", pre, np.union1d(post, together)


def integers(
    pre: Ints, post: Ints, fabric: Fabric | None = None
) -> tuple[Ints, NDArray[np.float64], float]:
    """Return the steps of arrivals, the weight after each, and what rounding may do at most."""
    rule = Nest(
        w_max=W_MAX,
        bits=18,
        a_plus=LAMBDA * W_MAX,
        a_minus=ALPHA * LAMBDA * W_MAX,
        tau_plus=TAU_PLUS,
        tau_minus=TAU_MINUS,
    )
    net = Network(dt=1)
    told, drive = net.input(1, SpikeTrain(pre - 1), "told"), net.input(1, SpikeTrain(post - 1))
    cell = net.population(1, McCullochPitts(threshold=2 * W_MAX), "cell")
    net.connect(drive, cell, weight=4 * W_MAX)
    synapse = net.connect(told, cell, weight=BEGIN, rule=rule)
    steps = max(pre[-1], post[-1]) + 1
    seen = net.record(synapse, "w", limit=steps)
    rows = next(r for r in net.build(fabric).blueprint.rows if r.learning)
    assert rows.learning is not None
    net.run(steps=int(steps))
    place, bits = float(rows.learning.weight.scale.quantity(1)), rows.learning.operand_bits
    point = min(t.format(bits)[0] for t in rows.learning.traces)
    each = place / 2 + LAMBDA * W_MAX * (2.0**-point + 2.0 ** -fraction(bits))
    return pre, seen.values[pre, 0], (len(pre) + len(post)) * each


def floats(pre: Sequence[int], post: Sequence[int]) -> list[float]:
    """Return the weight after every arrival, by NEST's equations with mu = 0.

    An arrival first makes up for the posts since the last one, up to its own step: each raises the
    weight by lambda w_max K+, of the arrivals before it; then it lowers the weight by alpha lambda
    w_max K-, of the posts before its own step; then K+ rises by 1.
    """
    w, k_plus, last, found = BEGIN, 0.0, -1, []
    for t in pre:
        for spike in (p for p in post if last < p <= t):
            w = min(w + LAMBDA * W_MAX * k_plus * exp(-(spike - last) / TAU_PLUS), W_MAX)
        k_minus = sum(exp(-(t - p) / TAU_MINUS) for p in post if p < t)
        w = max(w - ALPHA * LAMBDA * W_MAX * k_minus, 0.0)
        k_plus, last = k_plus * exp(-(t - last) / TAU_PLUS) + 1, t
        found.append(w)
    return found


def rows(fabric: Fabric | None = None) -> Iterator[dict[str, Any]]:
    """Yield a row for each pair of trains."""
    for name, pre, post in trains():
        _, ours, stated = integers(pre, post, fabric)
        theirs = np.array(floats(pre.tolist(), post.tolist()))
        yield {
            "rule": f"NEST's stdp_synapse, {name}",
            "pairs": len(np.intersect1d(pre, post)),
            "weights": len(pre),
            "largest_change": f"{np.abs(theirs - BEGIN).max():.6f}",
            "largest_difference": f"{np.abs(ours - theirs).max():.6f}",
            "stated_rounding": f"{stated:.6f}",
        }
