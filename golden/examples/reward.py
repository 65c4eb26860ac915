"""Two smells, two actions: which action is right is learned from reward alone.

Every 100 ms one of two smells is shown, each a population of 30 axons; whichever of two actions
spikes more often is what is done. A teacher knows that the first smell asks for the first action,
and the second for the second, and says +1 or -1 when the 100 ms are over. Synapses remember for a
while which of them could have been the cause (Florian 2007, MSTDPET), and the reward moves these.
`results` says, block by block, how often it was right.
"""

import numpy as np

from golden.builder import Network, SpikeTrain, all_to_all, uniform
from golden.builder.monitors.rate import RateMonitor
from golden.cells import LIF
from golden.network.rules import MSTDPET

DURATION = 10_000
TRIAL = 100
"""ms."""
AXONS, CELLS, RATE = 30, 5, 40.0


def network(seed: int = 1, trials: int = 600, rewarded: bool = True) -> Network:
    """Make it, with smells for so many ``trials``; without reward nothing is learned."""
    net = Network(dt="1 ms", seed=seed)
    shown = smells(seed, trials)
    random = np.random.default_rng([seed, 1])
    spikes = random.random((trials * TRIAL, 2 * AXONS)) < RATE / 1000
    asleep = np.repeat(shown[:, None] != np.arange(2), AXONS, axis=1)
    spikes &= ~np.repeat(asleep, TRIAL, axis=0)
    smell = net.input(2 * AXONS, SpikeTrain(*np.nonzero(spikes)), "smell")
    cell = LIF(tau=20, rest=0, reset=0, threshold=15, refractory=2)
    actions = [net.population(CELLS, cell, name) for name in ("first", "second")]
    rule = MSTDPET(w_max=4, a_plus=0.01, a_minus=0.004, tau_e=50)
    for action, other in zip(actions, reversed(actions), strict=True):
        net.connect(smell, action, weight=uniform(0.8, 1.2), rule=rule)
        net.connect(action, other, all_to_all(), weight=-3)
        net.noise(action, 4)
    counts = [net.record(action, "rate", every=TRIAL) for action in actions]

    def teacher(net: Network) -> int | None:
        first, second = (int(count.counts[-1]) for count in counts)
        if first == second or not rewarded:
            return None
        right = (second > first) == shown[len(counts[0].counts) - 1]
        return 1 if right else -1

    net.reward(teacher, every=TRIAL)
    return net


def smells(seed: int, trials: int) -> np.ndarray:
    """Return which smell is shown in each trial: 0 or 1."""
    return np.random.default_rng(seed).integers(0, 2, trials)


def results(net: Network, block: int = 20) -> dict[str, list[float]]:
    """Return the share of right answers in each block of trials."""
    first, second = [m.counts for m in net.monitors if isinstance(m, RateMonitor)][:2]
    shown = smells(net.seed, len(first))
    right = (first != second) & ((second > first) == shown)
    whole = len(right) // block * block
    return {f"right in {block} trials": right[:whole].reshape(-1, block).mean(axis=1).tolist()}
