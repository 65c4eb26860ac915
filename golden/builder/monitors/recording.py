"""Makes monitors: which one a variable needs."""

from collections.abc import Sequence

import numpy as np

from golden.builder.given import blamed, whole
from golden.builder.inputs import Input
from golden.builder.monitors.monitor import Monitor, SpikeMonitor, StateMonitor
from golden.builder.monitors.rate import RateMonitor
from golden.builder.monitors.weights import WeightMonitor
from golden.builder.population import Part
from golden.builder.projection import Projection, SynapseSelection
from golden.cells.cell import Cell
from golden.cells.program import Scale
from golden.network.taps import Tap


def scale(part: Part, variable: str, dt: float, operand_bits: int) -> Scale:
    """Return what the integers of a state variable mean, of cells with factors of so many bits."""
    assert isinstance(part.population.what, Cell)
    return part.population.what.program(dt, operand_bits).state(variable).scale


def rescale(monitors: Sequence[Monitor], dt: float, operand_bits: int) -> None:
    """Tell monitors what words mean of cells with factors of so many bits."""
    for monitor in monitors:
        if isinstance(monitor, StateMonitor):
            monitor.scale = scale(monitor.part, monitor.tap.variable, dt, operand_bits)


def monitored(
    parts: tuple[Part, ...],
    firsts: list[int],
    variable: str,
    every: int,
    dt: float,
    limit: int,
    operand_bits: int,
) -> Monitor:
    """Return a monitor.

    Parameters
    ----------
    firsts : list of int
        Number of each part's first neuron in the network.
    variable, every, limit
        See `golden.builder.network.Network.record`.
    operand_bits : int
        Of the factors of its cells' programs.

    Raises
    ------
    ValueError
        If there is no such variable, or several populations for one.
    """
    whole(every, "every", 1)
    whole(limit, "limit", 0)
    if variable == "spikes" and every != 1:
        raise ValueError(f"every must be 1 for spikes, each of which is recorded, not {every}")
    if variable == "spikes":
        return SpikeMonitor(parts, firsts, dt, limit)
    if variable == "rate":
        return RateMonitor(parts, firsts, every, dt, limit)
    if len(parts) != 1:
        raise ValueError(f"{variable} must be recorded of one population, not {len(parts)}")
    (part,) = parts
    if isinstance(part.population.what, Input):
        raise ValueError(f"{part.population.name} must have state variables, not be an input")
    with blamed(part.population.name):
        meaning = scale(part, variable, dt, operand_bits)
    neurons = np.arange(part.first, part.first + part.size)
    return StateMonitor(
        part, Tap(part.population.number, variable, neurons, every), meaning, dt, limit
    )


def weighed(
    what: Projection | SynapseSelection, variable: str, every: int, dt: float, limit: int
) -> WeightMonitor:
    """Return a monitor of synapses that learn; "spikes", which nobody asks of them, is "w".

    Raises
    ------
    ValueError
        If they do not learn, or there is no such variable.
    """
    whole(every, "every", 1)
    whole(limit, "limit", 0)
    chosen = what if isinstance(what, SynapseSelection) else what[:]
    return WeightMonitor(chosen, "w" if variable == "spikes" else variable, every, dt, limit)
