"""What comes in, compiled: random words, sources of spikes, currents, gap junctions."""

# numba's decorators are made at run time, where types cannot follow.
# pyright: reportAttributeAccessIssue=false, reportCallIssue=false, reportIndexIssue=false

import numpy as np
from numba import uint32

from golden.network.engine.net import (
    D_CHANGES,
    D_END,
    D_INDEX,
    D_LEVELS,
    D_NOISE,
    D_SIZE,
    D_SUM,
    G_AHEAD,
    G_BEHIND,
    G_OFFSET,
    G_POST,
    G_PRE,
    G_SHIFT,
    G_SUM,
)
from golden.network.source import NOISE_MEAN, NOISE_POINT, POISSON
from golden.numbers.compiled import compiled
from golden.numbers.hash import DROPPED, ROUNDS


@compiled
def set_keys(keys, seed, step):
    """Write the keys of a step (`golden.numbers.hash.round_keys`)."""
    low = uint32(0xFFFF)
    key = uint32(seed) & low
    a, b, c = uint32(seed >> 16) & low, uint32(step) & low, uint32(step >> 16) & low
    for i in range(DROPPED + ROUNDS):
        if i >= DROPPED:
            keys[i - DROPPED] = key
        x = uint32((((a >> uint32(7)) | (a << uint32(9))) & low) + key & low) ^ uint32(i)
        key = uint32((((key << uint32(2)) | (key >> uint32(14))) & low) ^ x)
        a, b, c = b, c, x


@compiled
def word(keys, purpose, index):
    """Return a random word (`golden.numbers.hash.words`)."""
    low = uint32(0xFFFF)
    x = uint32(purpose << 8) | (uint32(index) >> uint32(16))
    y = uint32(index) & low
    for i in range(ROUNDS):
        x = uint32(((((x >> uint32(7)) | (x << uint32(9))) & low) + y & low) ^ keys[i])
        y = uint32((((y << uint32(2)) | (y >> uint32(14))) & low) ^ x)
    return uint32((x << uint32(16)) | y)


@compiled
def chance(keys, first, thresholds, place, size, fired):
    """List who spikes by chance."""
    n = 0
    for i in range(size):
        if np.int64(word(keys, POISSON, first + i)) < thresholds[place + i]:
            fired[n] = i
            n += 1
    return n


@compiled
def metronome(step, periods, place, size, fired):
    """List whose period is over; phases stand behind periods."""
    n = 0
    for i in range(size):
        since = step - periods[place + size + i]
        if since >= 0 and since % periods[place + i] == 0:
            fired[n] = i
            n += 1
    return n


@compiled
def train(net, group, row, step):
    """List who spikes by a list."""
    n, at = 0, net.cursor[group]
    while net.train_steps[at] == step:
        net.fired[n] = net.train_neurons[at]
        n += 1
        at += 1
    net.cursor[group] = at
    return n


@compiled
def drive(net, step, now):
    """Add the currents of a step."""
    for d in range(len(net.drives)):
        row = net.drives[d]
        into, size = now + row[D_SUM], row[D_SIZE]
        if row[D_NOISE] >= 0:
            for i in range(size):
                x = np.int64(word(net.keys, row[D_NOISE], row[D_INDEX] + i))
                total = (x & 255) + (x >> 8 & 255) + (x >> 16 & 255) + (x >> 24)
                scaled = (total - NOISE_MEAN) * np.int64(net.levels[row[D_LEVELS] + i])
                net.sums[into + i] += np.int32((scaled + (1 << (NOISE_POINT - 1))) >> NOISE_POINT)
            continue
        at = net.drive_cursor[d]
        while at < row[D_END] and net.changes[at] <= step:
            at += 1
        net.drive_cursor[d] = at
        if at > row[D_CHANGES]:
            level = row[D_LEVELS] + (at - 1 - row[D_CHANGES]) * size
            for i in range(size):
                net.sums[into + i] += net.levels[level + i]


@compiled
def join(net, now):
    """Add what flows through gap junctions."""
    for k in range(len(net.gaps)):
        row = net.gaps[k]
        flow = row[G_AHEAD] * net.words[row[G_PRE]] - row[G_BEHIND] * net.words[row[G_POST]]
        flow += row[G_OFFSET] + (np.int64(1) << (row[G_SHIFT] - 1))
        net.sums[now + row[G_SUM]] += np.int32(flow >> row[G_SHIFT])
