"""Runs a program two ways: golden, and the compiled kernel."""

from typing import Any

import numpy as np

from golden.cells.program import Program
from golden.network.blueprint import Blueprint, Group
from golden.network.engine.engine import Engine
from golden.network.source import Drive, Train
from golden.network.state import NetworkState
from golden.network.stepping import StepModel
from golden.numbers.formats import Array

FIRST, SEED = 70_000, 5
"""Number of the first neuron, so that its upper bits take part in the hash."""


def blueprint(program: Program, neurons: int, arrivals: dict[str, Array]) -> Blueprint:
    """Return a network of silent neurons and one group; arrivals have shape (steps, neurons)."""
    drives = tuple(
        Drive(1, name, 0, np.arange(len(levels)), levels.astype(np.int32))
        for name, levels in arrivals.items()
    )
    nothing = Train(np.zeros(0, np.int64), np.zeros(0, np.int64))
    silent, cells = (
        Group("silent", 0, FIRST, None, nothing),
        Group("cells", FIRST, neurons, program),
    )
    return Blueprint(1.0, SEED, (silent, cells), (), drives)


def golden(program: Program, neurons: int, arrivals: dict[str, Array], steps: int) -> Any:
    """Return states after every step, spikes and saturated words, of the specification."""
    return _run(StepModel, program, neurons, arrivals, steps)


def engine(program: Program, neurons: int, arrivals: dict[str, Array], steps: int) -> Any:
    """Return the same of the compiled kernel."""
    return _run(Engine, program, neurons, arrivals, steps)


def _run(model: Any, program: Program, neurons: int, arrivals: Any, steps: int) -> Any:
    plan = blueprint(program, neurons, arrivals)
    running, words, spikes = model(plan, NetworkState.start(plan)), [], []
    for _ in range(steps):
        chunk = running.advance(1)
        words.append({k: x.tolist() for k, x in running.state().words[1].items()})
        spikes.append((chunk.spike_neurons - FIRST).tolist())
    return words, spikes, running.state().saturated[1]
