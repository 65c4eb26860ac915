"""Eight cells, one step of current each, eight firing patterns of the adaptive exponential neuron.

R. Naud et al., Firing patterns in the adaptive exponential integrate-and-fire model (2008). In the
raster, from 0: tonic, adapting, initial burst, regular bursting, delayed accelerating, delayed
regular bursting, transient, irregular.
"""

from golden.builder import Network, steps
from golden.cells.behaviours import BEHAVIOURS

DURATION = 600


def network(seed: int = 1) -> Network:
    """Make a population of one for each pattern."""
    net = Network(dt="1/8 ms", seed=seed)
    for name, shown in BEHAVIOURS["adex"].items():
        cell = net.population(1, shown.cell, name.replace(" ", "-"))
        net.current(cell, steps([0], shown.currents()[:1]))
    return net
