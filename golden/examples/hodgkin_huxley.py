"""Twelve squid axons, each with more current: silence, one spike, and then a train at once.

Hodgkin and Huxley (1952). Between 6 and 7 uA/cm2 firing begins, and not slowly: at about 50 Hz.
"""

import numpy as np

from golden.builder import Network
from golden.cells import HodgkinHuxley

DURATION = 200


def network(seed: int = 1, weakest: float = 2.0, strongest: float = 13.0) -> Network:
    """Make twelve cells with currents from ``weakest`` to ``strongest``."""
    net = Network(dt="1/32 ms", seed=seed)
    cells = net.population(12, HodgkinHuxley(), "axons")
    net.current(cells, np.linspace(weakest, strongest, 12))
    return net
