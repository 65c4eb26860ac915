"""A small network in a file, and running it."""

import json

from golden import simulate

SMALL = '''"""Twenty cells in a ring.

More about it.
"""

from golden.builder import Network, one_to_one
from golden.cells import Izhikevich

DURATION = "20 ms"


def network(seed=1, current=10.0, n=20, name="ring", loud=False):
    net = Network(dt="1/2 ms", seed=seed)
    ring = net.population(n, Izhikevich(), name)
    net.connect(ring, ring, one_to_one(), weight=20 if loud else 5, delay=2)
    net.current(ring, current)
    return net
'''


def simulated(path, out, *words):
    assert simulate.main([str(path), "--out", str(out), *words]) == 0
    return json.loads((out / "metrics.json").read_text())
