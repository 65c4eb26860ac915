"""What the compiled engine works on: the parameters, the state and scratch space as flat arrays.

Weights are held as int16 and membranes as int32, because the engine's speed is that of its memory
traffic. That is exact: a weight has at most 16 bits and ``v`` at most 24 (`golden.dense.params`),
and the tests compare every bit with the int64 step model.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.dense.core import State
from golden.dense.declaration import declarations
from golden.dense.params import Params
from golden.dense.timing.costs import QUEUE, Costs, costs

OFFSET, LFSR, PRESENTED = range(3)
"""Places in `Memory.scalars`."""
FIRST, GATE, ELECTIONS, WAITS, RING = range(5)
"""Places in `Scratch.clock`; from the last on there are `QUEUE` more."""
DERIVED = ("n_axons", "n_words", "rf_rows", "rf_columns", "rf_top", "rf_left", "phase_start")
"""Counts that follow from the parameters."""


class Const(NamedTuple):
    """What does not change while images are presented."""

    p: np.void
    """See `constants`."""
    costs: Costs
    a_plus: NDArray[np.int64]
    a_late: NDArray[np.int64]


class Memory(NamedTuple):
    """The learned state; changed in place."""

    w: NDArray[np.int16]
    theta: NDArray[np.int64]
    last: NDArray[np.int64]
    scalars: NDArray[np.int64]
    """Offset, LFSR, presented: see `OFFSET`, `LFSR`, `PRESENTED`."""


class Scratch(NamedTuple):
    """What lives for one presentation."""

    active: NDArray[np.int64]
    """Axons whose pixel is not 0, (n_axons,), as many as there are."""
    phases: NDArray[np.int64]
    """Of the encoder, (n_axons,)."""
    axons: NDArray[np.int64]
    """Events of one step, (n_axons,)."""
    entries: NDArray[np.int64]
    """Where those are in ``active``, (n_axons,)."""
    v: NDArray[np.int32]
    threshold: NDArray[np.int32]
    margin: NDArray[np.int32]
    """``v - threshold``."""
    refrac_left: NDArray[np.int64]
    barred: NDArray[np.bool_]
    candidates: NDArray[np.bool_]
    right: NDArray[np.bool_]
    """Neurons of the image's class; these seven are (n_neurons,)."""
    won: NDArray[np.bool_]
    """(n_steps,): somebody won in this step."""
    clock: NDArray[np.int64]
    """Cycles: of the encoder's next entry if nothing waits, the first that shows the step, how many
    the step's elections take and its sweeps wait for writes, and a ring of those in which the last
    events were taken; see `FIRST`, `GATE`, `ELECTIONS`, `WAITS`, `RING`."""
    windows: NDArray[np.int64] | None
    """(n_steps + 1, 2): neuron and step of the open windows of deferred depression, oldest first.
    None without deferred depression: numba then leaves out all code for it."""


class Series(NamedTuple):
    """Images, and what happens to them."""

    images: NDArray[np.uint8]
    """(n, n_axons)."""
    labels: NDArray[np.int64]
    """(n,), if there is a reward that needs them."""
    classes: NDArray[np.int64]
    """Of the neurons, (n_neurons,), likewise."""
    learn: bool
    spikes: NDArray[np.int64]
    """(n, vote_spikes): first neurons in order."""
    counts: NDArray[np.int64]
    """(n, N_COUNTS): see `golden.dense.engine.clock`."""


def const(p: Params) -> Const:
    """Make all that does not change."""
    tables = (np.array(table, dtype=np.int64) for table in (p.a_plus, p.a_late))
    return Const(constants(p), costs(p), *tables)


def constants(p: Params) -> np.void:
    """Make the record of the parameters, their names as of `Params`, all int64.

    Values are as in a register: `golden.dense.declaration.Declaration.code`; of tables that is the
    length. `DERIVED` and some limits follow.
    """
    plain = {name: each.code(getattr(p, name)) for name, each in declarations(type(p)).items()}
    limits = {
        "phase_bits": p.phase.width,
        "v_min": p.v.min,
        "v_max": p.v.max,
        "theta_max": p.theta.max,
        "offset_max": p.offset.max,
        "presented_max": p.presented.max,
        # Of any weight: a host may write one outside w_min and w_max.
        "w_abs": -p.w.min,
        "w_top": p.w.max,
    }
    values = plain | {name: getattr(p, name) for name in DERIVED} | limits
    kind = [(name, np.int64) for name in values]
    return np.array([tuple(values.values())], dtype=kind)[0]


def memory(state: State) -> Memory:
    """Copy a state into the engine's memory."""
    scalars = np.array([state.offset, state.lfsr, state.presented], dtype=np.int64)
    return Memory(state.w.astype(np.int16), state.theta.copy(), state.last.copy(), scalars)


def state(memory: Memory) -> State:
    """Copy the engine's memory into a state."""
    offset, register, presented = (int(x) for x in memory.scalars)
    w = memory.w.astype(np.int64)
    return State(w, memory.theta.copy(), offset, memory.last.copy(), register, presented)


def scratch(p: Params) -> Scratch:
    """Make scratch space for one thread."""
    n, m = p.n_axons, p.n_neurons
    return Scratch(
        active=np.zeros(n, dtype=np.int64),
        phases=np.zeros(n, dtype=np.int64),
        axons=np.zeros(n, dtype=np.int64),
        entries=np.zeros(n, dtype=np.int64),
        v=np.zeros(m, dtype=np.int32),
        threshold=np.zeros(m, dtype=np.int32),
        margin=np.zeros(m, dtype=np.int32),
        refrac_left=np.zeros(m, dtype=np.int64),
        barred=np.zeros(m, dtype=np.bool_),
        candidates=np.zeros(m, dtype=np.bool_),
        right=np.zeros(m, dtype=np.bool_),
        won=np.zeros(p.n_steps, dtype=np.bool_),
        clock=np.zeros(RING + QUEUE, dtype=np.int64),
        windows=np.zeros((p.n_steps + 1, 2), dtype=np.int64) if p.ltd_window else None,
    )
