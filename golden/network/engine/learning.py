"""Learning, compiled: late, and yet exact.

A post spike is put into its neuron's list, and replayed, in its turn, when the next spike arrives
at a synapse. All synapses are flushed, and the lists emptied, when one of them is full, when the
keys of its first step would be lost, and before anybody looks. Neither an arrival nor another
neuron's post lies between what happens and when it is done, so nothing can tell that it was done
late.
"""

# numba's decorators are made at run time, where types cannot follow.
# pyright: reportAttributeAccessIssue=false, reportCallIssue=false, reportIndexIssue=false

import numpy as np

from golden.network.engine.events import KEYS, POSTS
from golden.network.engine.inward import set_keys
from golden.network.engine.net import (
    L_ARRIVE,
    L_CARRY,
    L_EPOCH,
    L_FLUSH,
    L_FULL,
    L_HIGH,
    L_LOW,
    L_NORM,
    L_ON,
    L_PERIOD,
    L_POST,
    L_POSTS,
    L_QUEUE,
    L_QUEUED,
    L_REWARD,
    L_RULE,
    L_RUN_DELAY,
    L_RUN_START,
    L_RUNS,
    L_SOURCE,
    L_SOURCE_FIRST,
    L_SPIKE,
    L_SUMS,
    L_SYNAPSES,
    L_TARGET,
    L_TARGET_FIRST,
    L_TARGETS,
    L_TOTAL,
    L_WEIGHT,
    LEARN_COLUMNS,
)
from golden.network.engine.pointers import act, i32, i64, u32
from golden.network.rules.words import NORM_FACTOR, NORM_POINT
from golden.numbers.compiled import compiled, entry
from golden.numbers.hash import ROUNDS


@compiled
def keep_keys(net, step):
    """Keep the keys of a step for what is replayed later."""
    keys, ring, at = u32(net.keys), u32(net.key_ring), (step & (KEYS - 1)) * ROUNDS
    for i in range(ROUNDS):
        ring[at + i] = keys[i]


@compiled
def flush(net, row, step):
    """Replay the posts of all synapses of some rows before a step; empty the lists."""
    act(row[L_FLUSH], row[L_RULE], 0, row[L_RUNS], step, 0, net.key_ring)
    posts = i64(row[L_POSTS])
    for neuron in range(row[L_TARGETS]):
        posts[neuron] = 0
    row[L_FULL] = 0


@compiled
def arrive(net, step, now):
    """Let spikes arrive at synapses that learn; flush what cannot wait any longer."""
    slot = step & net.mask
    for k in range(net.learn_count):
        row = i64(net.learns + 8 * LEARN_COLUMNS * k)
        queued, runs = i64(row[L_QUEUED]), row[L_RUNS]
        # Twice while keys last: those of this step have already taken the place of the oldest.
        if row[L_ON] and (row[L_FULL] or step % (KEYS // 2) == 0):
            flush(net, row, step)
        if queued[slot]:
            what = row[L_ARRIVE] if row[L_ON] else row[L_CARRY]
            queue, sums = row[L_QUEUE] + 4 * slot * runs, net.sums + 4 * (now + row[L_SUMS])
            act(what, row[L_RULE], queue, queued[slot], step, sums, net.key_ring)
            queued[slot] = 0
        if row[L_ON] and row[L_PERIOD] and (step + 1) % row[L_PERIOD] == 0:
            flush(net, row, step)
            act(row[L_EPOCH], row[L_RULE], 0, runs, step, 0, net.key_ring)
            if row[L_NORM]:
                normalise(row)


@compiled
def normalise(row):
    """Scale the weights of every target to their norm."""
    total, weight, post = i64(row[L_TOTAL]), i32(row[L_WEIGHT]), i32(row[L_POST])
    for target in range(row[L_TARGETS]):
        total[target] = 0
    for k in range(row[L_SYNAPSES]):
        total[post[k]] += abs(weight[k])
    for target in range(row[L_TARGETS]):
        some = max(total[target], 1)
        factor = ((row[L_NORM] << NORM_POINT) + some // 2) // some
        total[target] = min(factor, NORM_FACTOR)
    half = 1 << NORM_POINT >> 1
    for k in range(row[L_SYNAPSES]):
        scaled = (weight[k] * total[post[k]] + half) >> NORM_POINT
        weight[k] = np.int32(min(max(scaled, row[L_LOW]), row[L_HIGH]))


@compiled
def spiked(net, group, begin, end, step):
    """Note the spikes of a group: as posts, and as arrivals to come."""
    who = i32(net.who)
    for k in range(net.learn_count):
        row = i64(net.learns + 8 * LEARN_COLUMNS * k)
        if row[L_TARGET] == group and row[L_ON]:
            first = row[L_TARGET_FIRST]
            some = act(row[L_SPIKE], row[L_RULE], net.who + 4 * begin, end - begin, step, first, 0)
            row[L_FULL] |= some == POSTS
        if row[L_SOURCE] == group:
            start, delays = i64(row[L_RUN_START]), i32(row[L_RUN_DELAY])
            queue, queued = i32(row[L_QUEUE]), i64(row[L_QUEUED])
            for i in range(begin, end):
                neuron = who[i] - row[L_SOURCE_FIRST]
                for run in range(start[neuron], start[neuron + 1]):
                    slot = (step + delays[run]) & net.mask
                    queue[slot * row[L_RUNS] + queued[slot]] = np.int32(run)
                    queued[slot] += 1


@entry
def reward(net, seed, step, k):
    """Do before a step what a reward does to all synapses of one rule, which have been flushed."""
    if net.draws:
        set_keys(net, seed, step)
        keep_keys(net, step)
    row = i64(net.learns + 8 * LEARN_COLUMNS * k)
    act(row[L_REWARD], row[L_RULE], 0, row[L_RUNS], step, 0, net.key_ring)


@entry
def flush_all(net, step):
    """Replay the posts of all synapses before a step."""
    for k in range(net.learn_count):
        row = i64(net.learns + 8 * LEARN_COLUMNS * k)
        if row[L_ON]:
            flush(net, row, step)
