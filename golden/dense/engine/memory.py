"""What the compiled engine works on: the parameters, the state and scratch space as flat arrays.

Weights are held as int16 and membranes as int32, because the engine's speed is that of its memory
traffic. That is exact: a weight has at most 16 bits and ``v`` at most 24 (`golden.dense.limits`),
and the tests compare every bit with the int64 step model.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.dense import limits
from golden.dense.core import State
from golden.dense.params import Params
from golden.dense.timing.costs import costs
from golden.numbers import lfsr

OFFSET, LFSR, PRESENTED = range(3)


CONSTANTS = (
    "height",
    "width",
    "n_axons",
    "n_neurons",
    "n_words",
    "n_steps",
    "receptive_field",
    "rf_shift",
    "rf_stride",
    "rf_rows",
    "rf_columns",
    "rf_top",
    "rf_left",
    "encoder",
    "encoder_seed",
    "phase_bits",
    "phase_start",
    "period_num",
    "period_offset",
    "v_min",
    "v_max",
    "v_reset",
    "leak_shift",
    "leak_sub",
    "v_th",
    "activity_gain",
    "activity_shift",
    "refrac",
    "v_inhibit",
    "bar_losers",
    "force_spike",
    "stop_after",
    "theta_max",
    "theta_plus",
    "offset_max",
    "offset_plus",
    "offset_shift",
    "theta_decay_shift",
    "theta_decay_period",
    "presented_max",
    "w_abs",
    "w_top",
    "w_min",
    "w_max",
    "dw_shift",
    "a_minus",
    "soft_bounds",
    "reward",
    "reward_margin",
    "drop_chance",
    "vote_spikes",
    "ballot",
    "n_classes",
    "pass_cycles",
    "leak_cycles",
    "election_cycles",
    "second_election",
    "sweep_cycles",
    "vote_parts",
)
"""Fields of the record of parameters, all int64; `golden.dense.params.Params` has their meaning,
`golden.dense.engine.clock` for the last."""


class Tables(NamedTuple):
    """Plasticity tables."""

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

    axons: NDArray[np.int64]
    """(4, n_axons): active axons, encoder phases, events of one step, where those are in the
    list of active axons."""
    potentials: NDArray[np.int32]
    """(3, n_neurons): v, threshold, margin."""
    refrac_left: NDArray[np.int64]
    flags: NDArray[np.bool_]
    """(3, n_neurons): barred, candidates, right."""
    won: NDArray[np.bool_]
    """(n_steps,): somebody won in this step."""
    clock: NDArray[np.int64]
    """See `golden.dense.engine.clock`."""


def constants(p: Params) -> np.void:
    """Make the record of parameters."""
    special = {
        "receptive_field": limits.RECEPTIVE_FIELDS.index(p.receptive_field),
        "encoder": limits.ENCODERS.index(p.encoder),
        "reward": limits.REWARDS.index(p.reward),
        "encoder_seed": lfsr.seeded(p.encoder_seed),
        "phase_bits": p.phase.width,
        "v_min": p.v.min,
        "v_max": p.v.max,
        "theta_max": p.theta.max,
        "offset_max": p.offset.max,
        "presented_max": p.presented.max,
        "w_abs": max(abs(p.w_min), abs(p.w_max)),
        "w_top": p.w.max,
    }
    special |= _cycles(p)
    values = tuple(special[name] if name in special else getattr(p, name) for name in CONSTANTS)
    return np.array([values], dtype=[(name, np.int64) for name in CONSTANTS])[0]


def _cycles(p: Params) -> dict[str, int]:
    """Return what phases of the hardware take."""
    cost = costs(p)
    return {
        "pass_cycles": cost.one_pass,
        "leak_cycles": cost.leak,
        "election_cycles": cost.compete + cost.verdict,
        "second_election": int(p.reward == "error"),
        "sweep_cycles": cost.sweep,
        "vote_parts": -(-p.vote_bits // p.weight_bits),
    }


def tables(p: Params) -> Tables:
    """Make the plasticity tables."""
    return Tables(np.array(p.a_plus, dtype=np.int64), np.array(p.a_late, dtype=np.int64))


def memory(state: State) -> Memory:
    """Copy a state into the engine's memory."""
    scalars = np.array([state.offset, state.lfsr, state.presented], dtype=np.int64)
    return Memory(state.w.astype(np.int16), state.theta.copy(), state.last.copy(), scalars)


def state(m: Memory) -> State:
    """Copy the engine's memory into a state."""
    offset, register, presented = (int(x) for x in m.scalars)
    w = m.w.astype(np.int64)
    return State(w, m.theta.copy(), offset, m.last.copy(), register, presented)


def scratch(p: Params) -> Scratch:
    """Make scratch space for one thread."""
    return Scratch(
        np.zeros((4, p.n_axons), dtype=np.int64),
        np.zeros((3, p.n_neurons), dtype=np.int32),
        np.zeros(p.n_neurons, dtype=np.int64),
        np.zeros((3, p.n_neurons), dtype=np.bool_),
        np.zeros(p.n_steps, dtype=np.bool_),
        np.zeros(2, dtype=np.int64),
    )


def windows(p: Params) -> NDArray[np.int64] | None:
    """Make room for the open windows of deferred depression, oldest first, if there is any."""
    return np.zeros((p.n_steps + 1, 2), dtype=np.int64) if p.ltd_window else None
