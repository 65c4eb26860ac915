"""NumpyBrain in thirty seconds: 500 driven cells make 1,000 others fire.

The example at the head of npbrain 0.2.8: two groups of leaky cells with noise, a fifth of all pairs
connected, every spike lifting its targets by 0.2, and a constant current of 15 into the first.
"""

from golden.builder import Network, fixed_probability
from golden.cells import LIF

DURATION = 100


def network(seed: int = 1, current: float = 15.0, jump: float = 0.2) -> Network:
    """Make it."""
    net = Network(dt="1/8 ms", seed=seed)
    deviation = 20**-0.5  # npbrain's noise of 1 spreads v by 1 / sqrt(2 tau)
    first = net.population(
        500, LIF(tau=10, rest=0, reset=0, threshold=10, noise=0.5 * deviation), "lif1"
    )
    second = net.population(
        1000, LIF(tau=10, rest=0, reset=0, threshold=10, noise=1.1 * deviation), "lif2"
    )
    net.connect(first, second, fixed_probability(0.2), weight=jump)
    net.current(first, current, receptor="current")
    return net
