"""A network as flat arrays: what the compiled loop reads, and where in it what stands."""

from typing import NamedTuple

import numpy as np

CELLS, CHANCE, TRAIN, METRONOME = range(4)
"""Kinds of a group."""
(
    KIND,
    FIRST,
    SIZE,
    WORDS,
    SUMS,
    APART,
    SHARED,
    TABLES,
    COUNTS,
    PLACE,
    WINNERS,
    MARGIN,
    SPAN,
    COUNTERS,
    COUNTERS_END,
    RELEASES,
    RELEASES_END,
) = range(17)
"""Columns of the table of groups: WORDS, SHARED, TABLES, COUNTS are addresses in bytes, SUMS a
place in a slot, APART from receptor to receptor, PLACE where a source's numbers begin, MARGIN where
margins are in `words`, SPAN the words of a block, COUNTERS places in `counts`, RELEASES rows of the
table of releases."""
LANES = 64


class Tables(NamedTuple):
    """A network as flat arrays."""

    groups: np.ndarray
    kernels: np.ndarray
    words: np.ndarray
    sums: np.ndarray
    """Shape (slots * slot,): what arrives in the steps to come, a slot each."""
    slot: int
    mask: int
    """Slots - 1; their number is a power of two."""
    row_start: np.ndarray
    offset: np.ndarray
    """Of every synapse: delay in slots, and the target's sum."""
    weight: np.ndarray
    run_start: np.ndarray
    """Runs: synapses of one delay to targets in a row."""
    run_offset: np.ndarray
    run_length: np.ndarray
    run_weight: np.ndarray
    run_weights: np.ndarray
    thresholds: np.ndarray
    train_steps: np.ndarray
    train_neurons: np.ndarray
    cursor: np.ndarray
    """Of every group: next entry of its train."""
    drives: np.ndarray
    changes: np.ndarray
    levels: np.ndarray
    drive_cursor: np.ndarray
    taps: np.ndarray
    tap_places: np.ndarray
    keys: np.ndarray
    fired: np.ndarray
    counts: np.ndarray
    firsts: np.ndarray
    """Of every counter: the step in which it began to count, or -1."""
    gaps: np.ndarray
    releases: np.ndarray
    decays: np.ndarray
    release_start: np.ndarray
    release_x: np.ndarray
    release_u: np.ndarray
    release_last: np.ndarray
    sent: np.ndarray
    """Efficacies of this run, spike by spike, and of a spike release by release."""


D_SUM, D_INDEX, D_SIZE, D_CHANGES, D_END, D_LEVELS, D_NOISE = range(7)
"""Columns of the table of drives: place in a slot, number of its first neuron, neurons, first
and last change, first level, and the purpose of its noise or -1."""
T_EVERY, T_PLACES, T_COUNT = range(3)
"""Columns of the table of taps."""
G_PRE, G_POST, G_SUM, G_AHEAD, G_BEHIND, G_OFFSET, G_SHIFT = range(7)
"""Columns of the table of gap junctions: places of both potentials in `words`, place in a slot."""
R_STATE, R_ROWS, R_USE, R_RECOVERY, R_RECOVERY_END, R_FACILITATION, R_FACILITATION_END = range(7)
"""Columns of the table of releases: where the neurons' states and rows begin; of both decays where
the coarse table begins and its last entry; the fine one follows."""
