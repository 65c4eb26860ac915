"""`golden.examples.song2000` in float64, compiled: the same inputs, step and order of a step."""

# numba's decorators are made at run time, where types cannot follow.
# pyright: reportCallIssue=false

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.builder.network import Network
from golden.cells.integrators.lif import LIF
from golden.cells.receptors.conductances import Driven
from golden.network.rules import PairSTDP
from golden.numbers.compiled import compiled, entry
from golden.study.cells.leaky import Leaky

Floats, Ints = NDArray[np.float64], NDArray[np.int64]
EXC, INH = 0, 1
SPIKES = 50_000
"""The most spikes of the inputs in a second."""


def in_floats(net: Network, rule: PairSTDP, ms: int) -> tuple[dict[str, Ints], Floats]:
    """Return spikes of "exc", the cell, and of "inh" in each ms, and the weights that have learned.

    The network, which must be new, is run in integers for the spikes of its inputs: nothing that
    is learned changes these. They arrive in the next step.
    """
    each = round(1 / net.dt)
    weights = [p.weights.copy() for p in net.projections]
    limit = SPIKES * -(-ms // 1000)
    rain = [net.record(net.populations[name], limit=limit) for name in ("exc", "inh")]
    net.run(ms)
    for monitor in rain:
        assert not monitor.lost
    steps = np.arange(ms * each + 1)
    arrivals = [Rain(np.searchsorted(m.t + 1, steps), m.i) for m in rain]
    song = Song.of(net, rule)
    now = Learned.start(weights, song.rest)
    spikes = np.zeros(ms, np.int64)
    _run(song, now, arrivals[EXC], arrivals[INH], each, spikes)
    return {"exc": spikes, "inh": np.bincount(rain[INH].t // each, minlength=ms)}, now.weight


class Rain(NamedTuple):
    """Of one input's spikes."""

    first: Ints
    """Where those of each step begin."""
    synapse: Ints


class Song(NamedTuple):
    """What does not change."""

    lost: float
    """Share of v that a step loses."""
    rest: float
    reset: float
    threshold: float
    gain: Floats
    """What a conductance does to v in a step, of "exc" and "inh"."""
    kept: Floats
    """What is left of it."""
    reversal: Floats
    plus: float
    """Largest changes of a weight, and what a step leaves of their traces."""
    minus: float
    kept_plus: float
    kept_minus: float
    most: float

    @classmethod
    def of(cls, net: Network, rule: PairSTDP) -> "Song":
        """Return a network's cell, and the rule of what leads to it."""
        lif = net.populations["cell"].what
        assert isinstance(lif, LIF)
        if (rule.pairs, rule.dependence, lif.refractory) != ("all", "additive", 0):
            raise ValueError(f"a rule must be additive, of all pairs, not {rule}")
        floats = Leaky(lif, net.dt, 1)
        return cls(
            floats.lost,
            lif.rest,
            lif.reset,
            lif.threshold,
            np.array([gains[0] for _, gains, _ in floats.lasting]),
            np.array([left[0, 0] for _, _, left in floats.lasting]),
            np.array([float(r.reversal) for r in lif.receptors if isinstance(r, Driven)]),
            rule.a_plus,
            rule.a_minus,
            float(np.exp(-net.dt / rule.tau_plus)),
            float(np.exp(-net.dt / rule.tau_minus)),
            rule.w_max,
        )


class Learned(NamedTuple):
    """What does."""

    weight: Floats
    still: Floats
    """Weights that do not learn."""
    x: Floats
    """Traces of arrivals."""
    scalars: Floats
    """v, the two conductances, and the trace of spikes."""

    @classmethod
    def start(cls, weights: list[Floats], rest: float) -> "Learned":
        """Return what is there at first."""
        scalars = np.array([rest, 0.0, 0.0, 0.0])
        return cls(weights[EXC], weights[INH], np.zeros(len(weights[EXC])), scalars)


@compiled
def arrive(cell, now, exc, inh, t):
    """Let spikes of a step arrive: depress, then transmit."""
    g, y = now.scalars[1:3], now.scalars[3]
    for at in range(exc.first[t], exc.first[t + 1]):
        k = exc.synapse[at]
        now.weight[k] = max(now.weight[k] - cell.minus * y, 0.0)
        g[EXC] += now.weight[k]
        now.x[k] += 1
    for at in range(inh.first[t], inh.first[t + 1]):
        g[INH] += now.still[inh.synapse[at]]


@compiled
def step(cell, now):
    """Do a step of the cell; return whether it spikes."""
    v, g = now.scalars[0], now.scalars[1:3]
    moved = v - cell.lost * (v - cell.rest)
    for k in range(len(g)):
        moved += cell.gain[k] * g[k] * (cell.reversal[k] - v)
        g[k] *= cell.kept[k]
    spikes = moved >= cell.threshold
    now.scalars[0] = cell.reset if spikes else moved
    return spikes


@entry
def _run(cell, now, exc, inh, each, spikes):
    """Run it for as many ms as spikes are counted in."""
    for t in range(len(spikes) * each):
        for k in range(len(now.x)):
            now.x[k] *= cell.kept_plus
        now.scalars[3] *= cell.kept_minus
        arrive(cell, now, exc, inh, t)
        if step(cell, now):
            for k in range(len(now.x)):
                now.weight[k] = min(now.weight[k] + cell.plus * now.x[k], cell.most)
            now.scalars[3] += 1
            spikes[t // each] += 1
