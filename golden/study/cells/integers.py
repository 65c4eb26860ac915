"""Runs single neurons in integers."""

import numpy as np
from numpy.typing import NDArray

from golden.cells.cell import Cell
from golden.network.blueprint import Blueprint, Group
from golden.network.engine.engine import Engine
from golden.network.source import Drive
from golden.network.state import NetworkState


def spike_steps(
    cell: Cell, dt: float, currents: NDArray[np.float64], operand_bits: int = 18
) -> list[NDArray[np.int64]]:
    """Return the steps in which each neuron spikes.

    Parameters
    ----------
    currents : array of shape (steps, neurons)
        What flows into each neuron's ``current``.

    Raises
    ------
    ArithmeticError
        If a state or a current was saturated.
    """
    steps, neurons = currents.shape
    program = cell.program(dt, operand_bits)
    levels = program.receptor("current").scale.integer(currents).astype(np.int32)
    group = Group("cells", 0, neurons, program)
    drive = Drive(0, "current", 0, np.arange(steps), levels)
    blueprint = Blueprint(dt, 1, (group,), (), (drive,))
    engine = Engine(blueprint, NetworkState.start(blueprint))
    chunk = engine.advance(steps)
    overflows = engine.state().overflows
    if overflows:
        raise ArithmeticError(f"nothing must be saturated, not {overflows} words")
    return [chunk.spike_steps[chunk.spike_neurons == i] for i in range(neurons)]
