"""One cell, twenty ways to fire: Izhikevich's published behaviours, one by name.

E. M. Izhikevich, Which model to use for cortical spiking neurons? (2004), figure 1. Take another
with --set name="resonator"; golden/cells/behaviours/izhikevich.py has their parameters.
"""

from golden.builder import Network, steps
from golden.cells.behaviours import behaviour

DURATION = 400


def network(seed: int = 1, name: str = "tonic bursting") -> Network:
    """Make one cell, and the current that shows what it does."""
    shown = behaviour("izhikevich", name)
    net = Network(dt=shown.dt, seed=seed)
    cell = net.population(1, shown.cell, "cell")
    current = shown.currents()
    net.current(cell, steps([k * shown.dt for k in range(len(current))], current))
    return net
