"""Leaky cells whose synapses learn by nearest pairs, in float64: at once, and by ages alone."""

import numpy as np
from numpy.typing import NDArray

from golden.builder.network import Network
from golden.cells.integrators.integrator import Integrator
from golden.network.blueprint import Rows
from golden.network.rules import PairSTDP
from golden.numbers.hash import round_keys
from golden.study.cells.leaky import Leaky
from golden.study.cells.networks import Pending

Floats = NDArray[np.float64]
LONG_AGO = -(10**9)


class FloatPairs:
    """Synapses of some rows: an arrival subtracts a_minus w y and sends w, a post adds a_plus w x.

    x and y are what is left of the last arrival, and of the last post.
    """

    def __init__(self, rows: Rows, rule: PairSTDP, dt: float, change: float, targets: int):
        if rule.pairs != "nearest" or rule.dependence != "proportional":
            raise ValueError(f"a rule must be proportional, of nearest pairs, not {rule}")
        self.rows, self.rule, self.dt = rows, rule, dt
        assert rows.learning is not None
        self.weight = rows.learning.weight.scale.quantity(rows.learning.start[0]) * (1 + change)
        self.arrived = np.full(rows.synapses, LONG_AGO)
        self.spiked = np.full(targets, LONG_AGO)
        self.due: dict[int, list[NDArray[np.int64]]] = {}
        self.onto = [np.flatnonzero(rows.post == k) for k in range(targets)]

    def _left(self, step: int, last: NDArray[np.int64], tau: float) -> Floats:
        return np.exp(-(step - last) * self.dt / tau)

    def arrive(self, step: int, into: Floats) -> None:
        """Let what is due arrive, and add it to sums."""
        for synapses in self.due.pop(step, []):
            post = self.rows.post[synapses]
            y = self._left(step, self.spiked[post], self.rule.tau_minus)
            self._change(synapses, -self.rule.a_minus * y)
            self.arrived[synapses] = step
            np.add.at(into, post, self.weight[synapses])

    def spike(self, step: int, fired: NDArray[np.int64]) -> None:
        """Let targets spike."""
        for neuron in fired:
            synapses = self.onto[neuron]
            x = self._left(step, self.arrived[synapses], self.rule.tau_plus)
            self._change(synapses, self.rule.a_plus * x)
        self.spiked[fired] = step

    def _change(self, synapses: NDArray[np.int64], share: Floats) -> None:
        w = self.weight[synapses]
        self.weight[synapses] = np.clip(w + w * share, self.rule.w_min, self.rule.w_max)

    def send(self, step: int, fired: NDArray[np.int64]) -> None:
        """Send spikes on their way."""
        for neuron in fired[fired < len(self.rows.start) - 1]:
            row = np.arange(int(self.rows.start[neuron]), int(self.rows.start[neuron + 1]))
            delay = self.rows.delay[row].astype(np.int64)
            for d in np.unique(delay):
                self.due.setdefault(step + int(d), []).append(row[delay == d])


def in_floats(
    net: Network, rule: PairSTDP, steps: int, change: float = 0.0
) -> tuple[list[NDArray[np.int64]], Floats]:
    """Return how often every group spikes in each step, and the weights after them.

    Parameters
    ----------
    change : float
        All weights are first changed by this share.
    """
    blueprint = net.build().blueprint
    cells = {
        p.number: Leaky(p.what, net.dt, p.size)
        for p in net.populations.values()
        if isinstance(p.what, Integrator)
    }
    sizes = [group.size for group in blueprint.groups]
    learners = [
        FloatPairs(r, rule, net.dt, change, sizes[r.target]) for r in blueprint.rows if r.learning
    ]
    ring = Pending(blueprint, 1 + change)
    counts = [np.zeros(steps, np.int64) for _ in blueprint.groups]
    for step in range(steps):
        keys, sums = round_keys(blueprint.seed, step), ring.take(step)
        for pairs in learners:
            pairs.arrive(step, sums[pairs.rows.target][pairs.rows.receptor])
        for number, group in enumerate(blueprint.groups):
            if group.source is not None:
                fired = group.source.spikes(step, keys, group.index)
            else:
                fired = np.flatnonzero(cells[number].step(sums[number]))
            counts[number][step] = len(fired)
            ring.send(step, number, fired)
            for pairs in learners:
                if pairs.rows.target == number:
                    pairs.spike(step, fired)
                if pairs.rows.source == number:
                    pairs.send(step, fired)
    return counts, np.concatenate([pairs.weight for pairs in learners])
