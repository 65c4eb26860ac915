"""A network as the compiled loop sees it: addresses of flat arrays, and what stands where."""

from typing import NamedTuple

CELLS, CHANCE, TRAIN, METRONOME = range(4)
"""Kinds of a group."""
(
    KIND,
    FIRST,
    SIZE,
    KERNEL,
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
    GROUP_COLUMNS,
) = range(19)
"""Columns of the table of groups: KERNEL, WORDS, SHARED, TABLES, COUNTS are addresses, SUMS a place
in a slot, APART from receptor to receptor, PLACE where a source's numbers begin, MARGIN the address
of the first margin, SPAN the words of a block, COUNTERS places in `counts`, RELEASES rows of the
table of releases."""
D_SUM, D_INDEX, D_SIZE, D_CHANGES, D_END, D_LEVELS, D_NOISE, DRIVE_COLUMNS = range(8)
"""Columns of the table of drives: place in a slot, number of its first neuron, neurons, first
and last change, first level, and the purpose of its noise or -1."""
T_EVERY, T_PLACES, T_COUNT, TAP_COLUMNS = range(4)
"""Columns of the table of taps."""
G_PRE, G_POST, G_SUM, G_AHEAD, G_BEHIND, G_OFFSET, G_SHIFT, GAP_COLUMNS = range(8)
"""Columns of the table of gap junctions: places of both potentials in `words`, place in a slot."""
(
    R_STATE,
    R_ROWS,
    R_USE,
    R_RECOVERY,
    R_RECOVERY_END,
    R_FACILITATION,
    R_FACILITATION_END,
    RELEASE_COLUMNS,
) = range(8)
"""Columns of the table of releases: where the neurons' states and rows begin; of both decays where
the coarse table begins and its last entry; the fine one follows."""
(
    L_RULE,
    L_ARRIVE,
    L_CARRY,
    L_FLUSH,
    L_SPIKE,
    L_EPOCH,
    L_REWARD,
    L_ON,
    L_SUMS,
    L_SOURCE,
    L_TARGET,
    L_TARGET_FIRST,
    L_SOURCE_FIRST,
    L_RUN_START,
    L_RUN_DELAY,
    L_RUNS,
    L_QUEUE,
    L_QUEUED,
    L_POSTS,
    L_FULL,
    L_PERIOD,
    L_NORM,
    L_POST,
    L_WEIGHT,
    L_SYNAPSES,
    L_LOW,
    L_HIGH,
    L_TOTAL,
    L_TARGETS,
    LEARN_COLUMNS,
) = range(30)
"""Columns of the table of rules: addresses of what its functions are given and of the functions;
whether it learns; where in a slot its sums begin; groups of both sides and their first neurons;
addresses of every source's first run and of delays; how many runs there are; addresses of the runs
that arrive in the steps to come, a slot of `L_RUNS` each, and of how many they are; address of how
many posts are in the list of each target, and whether one of the lists is full; how many steps an
epoch has; the norm of a target's weights, or 0; addresses of targets and weights, how many there
are, and their bounds; the address of a word for each target, and how many these are."""
LANES = 16
"""Neurons of a block: a vector of 512 bits."""


class Net(NamedTuple):
    """A network: each is an address where nothing else is said. All are int64."""

    draws: int
    """Whether anybody needs random words."""
    group_count: int
    groups: int
    words: int
    sums: int
    """What arrives in the steps to come, a slot each."""
    slot: int
    """Its words."""
    mask: int
    """Slots - 1; their number is a power of two."""
    row_start: int
    offset: int
    """Of every synapse: delay in slots, and the target's sum."""
    weight: int
    run_start: int
    """Runs: synapses of one delay to targets in a row."""
    run_offset: int
    run_length: int
    run_weight: int
    run_weights: int
    thresholds: int
    train_steps: int
    train_neurons: int
    cursor: int
    """Of every group: next entry of its train."""
    drive_count: int
    drives: int
    changes: int
    levels: int
    drive_cursor: int
    tap_count: int
    taps: int
    tap_places: int
    keys: int
    fired: int
    flags: int
    """Of a block."""
    counts: int
    firsts: int
    """Of every counter: the step in which it began to count, or -1."""
    gap_count: int
    gaps: int
    release_count: int
    releases: int
    decays: int
    release_start: int
    release_x: int
    release_u: int
    release_last: int
    learn_count: int
    learns: int
    key_ring: int
    """Keys of the last steps."""
    sent: int
    """Efficacies of this run, spike by spike, and of a spike release by release."""
    when: int
    """Steps of this run's spikes."""
    who: int
    """Their neurons."""
    room: int
    """Spikes that `when` and `who` have room for."""
