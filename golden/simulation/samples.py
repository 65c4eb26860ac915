"""Potentials of a large network: recorded while it runs, as its begin takes long to run again."""

from golden.builder.monitors.monitor import StateMonitor
from golden.builder.network import Network

LARGE = 2_000_000
"""Synapses."""
MOST_STEPS, MOST_MS = 2400, 500
"""How much of the run's begin the report shows."""
EACH, MOST_POPULATIONS = 2, 6


def shown_steps(net: Network) -> int:
    """Return of how many steps the report shows potentials, if the run has as many."""
    return min(MOST_STEPS, round(MOST_MS / net.dt))


def sample(net: Network) -> None:
    """Let a large network that records no state variable record some potentials."""
    blueprint = net.build().blueprint
    if blueprint.synapses < LARGE or any(isinstance(m, StateMonitor) for m in net.monitors):
        return
    steps = shown_steps(net)
    cells = [group for group in blueprint.groups if group.program]
    for group in cells[:MOST_POPULATIONS]:
        if group.program:
            some = net.populations[group.name][: min(EACH, group.size)]
            net.record(some, group.program.potential, limit=steps * len(some))
