"""Runs a program three ways: golden, the compiled kernel, and the kernel's text as Python."""

from typing import Any

import numpy as np

from golden.cells.program import Program
from golden.network.blueprint import Blueprint, Group
from golden.network.engine.engine import Engine
from golden.network.engine.kernel import LANES, Layout, source
from golden.network.source import Drive, Train
from golden.network.state import NetworkState
from golden.network.stepping import StepModel
from golden.numbers.formats import Array
from golden.numbers.hash import round_keys

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


def _wrapped(bits: int) -> Any:
    half = 1 << (bits - 1)
    return lambda x: (int(x) + half & (2 * half - 1)) - half


def _laid(program: Program, neurons: int) -> Array:
    """Return the words of all blocks before the first step."""
    layout, blocks = Layout.of(program), -(-neurons // LANES)
    given = {f"state {s.name}": s.start for s in program.states}
    given |= {f"constant {c.name}": c.values for c in program.constants if c.values.ndim}
    words = np.zeros((blocks, len(layout.rows), LANES), np.int64)
    for name, values in given.items():
        row = np.zeros(blocks * LANES, np.int64)
        row[:neurons] = values
        words[:, layout.rows[name]] = row.reshape(blocks, LANES)
    return words.ravel()


def plain(program: Program, neurons: int, arrivals: dict[str, Array], steps: int) -> Any:
    """Return the same of the kernel's text, run by Python on integers that wrap as numba's do."""
    text = source(program).split("\n", 1)[1]
    space: dict[str, Any] = {"i32": _wrapped(32), "i64": _wrapped(64)}
    space["u32"] = lambda x: int(x) & 0xFFFFFFFF
    exec(text, space)
    layout, blocks = Layout.of(program), -(-neurons // LANES)
    flat, counts = _laid(program, neurons).tolist(), [0] * len(program.counters())
    shared = [int(c.values) for c in program.constants if not c.values.ndim]
    seen, spikes = [], []
    for step in range(steps):
        sums = np.zeros((len(program.receptors), blocks * LANES), np.int64)
        for order, receptor in enumerate(program.receptors):
            if receptor.name in arrivals:
                sums[order, :neurons] = arrivals[receptor.name][step]
        fired = [0] * (blocks * LANES)
        n = space["kernel"](
            flat,
            sums.ravel().tolist(),
            blocks * LANES,
            neurons,
            shared,
            layout.table_words().tolist(),
            round_keys(SEED, step),
            FIRST,
            fired,
            counts,
        )
        now = np.array(flat).reshape(blocks, len(layout.rows), LANES)
        seen.append({
            s.name: now[:, layout.rows[f"state {s.name}"]].ravel()[:neurons].tolist()
            for s in program.states
        })
        spikes.append([i for i in fired[:n] if i < neurons])
    saturated = dict.fromkeys(program.counters(), 0)
    for name, cases in zip(program.counters(), counts, strict=True):
        saturated[name] += cases
    return seen, spikes, saturated
