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
    DRIVE_COLUMNS,
    G_AHEAD,
    G_BEHIND,
    G_OFFSET,
    G_POST,
    G_PRE,
    G_SHIFT,
    G_SUM,
    GAP_COLUMNS,
)
from golden.network.engine.pointers import i32, i64, u32
from golden.network.source import NOISE_MEAN, NOISE_POINT, POISSON
from golden.numbers.compiled import compiled
from golden.numbers.hash import DROPPED, ROUNDS

DRAWN = 64
"""Random words of sources that are drawn at once."""


@compiled
def set_keys(net, seed, step):
    """Write the keys of a step (`golden.numbers.hash.round_keys`)."""
    keys, low = u32(net.keys), uint32(0xFFFF)
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
def chance(net, first, place, size, fired):
    """List who spikes by chance: block by block, all words of one before any decision."""
    keys, thresholds, flags = u32(net.keys), i64(net.thresholds + 8 * place), i32(net.flags)
    n = 0
    for begin in range(0, size, DRAWN):
        some = np.int32(0)
        for i in range(DRAWN):
            drawn = np.int64(word(keys, POISSON, first + begin + i))
            flags[i] = np.int32(drawn < thresholds[begin + i])
            some |= flags[i]
        if some:
            for i in range(DRAWN):
                fired[n] = np.int32(begin + i)
                n += flags[i]
    return n


@compiled
def metronome(net, step, place, size, fired):
    """List whose period is over; phases stand behind periods."""
    periods, n = i64(net.thresholds + 8 * place), 0
    for i in range(size):
        since = step - periods[size + i]
        if since >= 0 and since % periods[i] == 0:
            fired[n] = np.int32(i)
            n += 1
    return n


@compiled
def train(net, group, step, fired):
    """List who spikes by a list."""
    steps, neurons, cursor = i64(net.train_steps), i32(net.train_neurons), i64(net.cursor)
    n, at = 0, cursor[group]
    while steps[at] == step:
        fired[n] = neurons[at]
        n += 1
        at += 1
    cursor[group] = at
    return n


@compiled
def noise(net, row, into):
    """Add a noise current to sums."""
    keys, levels = u32(net.keys), i32(net.levels + 4 * row[D_LEVELS])
    purpose, first = row[D_NOISE], row[D_INDEX]
    for i in range(row[D_SIZE]):
        x = np.int64(word(keys, purpose, first + i))
        total = (x & 255) + (x >> 8 & 255) + (x >> 16 & 255) + (x >> 24)
        scaled = (total - NOISE_MEAN) * np.int64(levels[i])
        into[i] += np.int32((scaled + (1 << (NOISE_POINT - 1))) >> NOISE_POINT)


@compiled
def drive(net, step, now):
    """Add the currents of a step."""
    cursor, changes = i64(net.drive_cursor), i64(net.changes)
    for d in range(net.drive_count):
        row = i64(net.drives + 8 * DRIVE_COLUMNS * d)
        into, size = i32(net.sums + 4 * (now + row[D_SUM])), row[D_SIZE]
        if row[D_NOISE] >= 0:
            noise(net, row, into)
            continue
        at = cursor[d]
        while at < row[D_END] and changes[at] <= step:
            at += 1
        cursor[d] = at
        if at > row[D_CHANGES]:
            levels = i32(net.levels + 4 * (row[D_LEVELS] + (at - 1 - row[D_CHANGES]) * size))
            for i in range(size):
                into[i] += levels[i]


@compiled
def join(net, now):
    """Add what flows through gap junctions."""
    words, sums = i32(net.words), i32(net.sums + 4 * now)
    for k in range(net.gap_count):
        row = i64(net.gaps + 8 * GAP_COLUMNS * k)
        flow = row[G_AHEAD] * words[row[G_PRE]] - row[G_BEHIND] * words[row[G_POST]]
        flow += row[G_OFFSET] + (np.int64(1) << (row[G_SHIFT] - 1))
        sums[row[G_SUM]] += np.int32(flow >> row[G_SHIFT])
