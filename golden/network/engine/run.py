"""The loop over steps, compiled once for every network: tables say what is in it."""

# numba's decorators are made at run time, where types cannot follow.
# pyright: reportAttributeAccessIssue=false, reportCallIssue=false, reportIndexIssue=false

from typing import NamedTuple

import numpy as np
from llvmlite import ir
from numba import types, uint32
from numba.extending import intrinsic

from golden.network.source import (
    NOISE_MEAN,
    NOISE_POINT,
    POISSON,
)
from golden.numbers.compiled import compiled, entry
from golden.numbers.hash import DROPPED, ROUNDS

CELLS, CHANCE, TRAIN, METRONOME = range(4)
"""Kinds of a group."""
(
    KIND,
    FIRST,
    SIZE,
    BLOCKS,
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
) = range(14)
"""Columns of the table of groups: WORDS, SHARED, TABLES, COUNTS are addresses in bytes, SUMS a
place in a slot, APART from receptor to receptor, PLACE where a source's numbers begin, MARGIN where
margins are in `words`, SPAN the words of a block."""
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


D_SUM, D_INDEX, D_SIZE, D_CHANGES, D_END, D_LEVELS, D_NOISE = range(7)
"""Columns of the table of drives: place in a slot, number of its first neuron, neurons, first
and last change, first level, and the purpose of its noise or -1."""
T_EVERY, T_PLACES, T_COUNT = range(3)
"""Columns of the table of taps."""


@intrinsic
def call(
    typingctx, address, words, sums, apart, blocks, shared, tables, keys, first, fired, counts
):
    """Call a kernel by its address; all arguments are int64, pointers too."""
    signature = types.int64(*[types.int64] * 11)

    def generate(context, builder, signature, arguments):
        word = ir.IntType(64)
        kind = ir.FunctionType(word, [word] * 10)
        function = builder.inttoptr(arguments[0], kind.as_pointer())
        return builder.call(function, arguments[1:])

    return signature, generate


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
def compete(words, place, span, fired, n, most):
    """Keep the ``most`` of largest margin, ascending; of equal ones the lowest."""
    for kept in range(most):
        best = kept
        for k in range(kept + 1, n):
            a = words[place + fired[k] // LANES * span + fired[k] % LANES]
            b = words[place + fired[best] // LANES * span + fired[best] % LANES]
            if a > b or (a == b and fired[k] < fired[best]):
                best = k
        fired[kept], fired[best] = fired[best], fired[kept]
    for k in range(1, most):
        mine, at = fired[k], k
        while at and fired[at - 1] > mine:
            fired[at] = fired[at - 1]
            at -= 1
        fired[at] = mine
    return most


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
def deliver(net, neuron, now):
    """Send a spike on its way to all its targets."""
    end = len(net.sums)
    for k in range(net.row_start[neuron], net.row_start[neuron + 1]):
        place = now + net.offset[k]
        if place >= end:
            place -= end
        net.sums[place] += net.weight[k]
    for r in range(net.run_start[neuron], net.run_start[neuron + 1]):
        place = now + net.run_offset[r]
        if place >= end:
            place -= end
        weight = net.run_weight[r]
        for i in range(net.run_length[r]):
            net.sums[place + i] += net.run_weights[weight + i]


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
def spikes_of(net, group, row, step, now):
    """Run a group for one step; return how many are in ``fired``."""
    if row[KIND] == CHANCE:
        return chance(net.keys, row[FIRST], net.thresholds, row[PLACE], row[SIZE], net.fired)
    if row[KIND] == METRONOME:
        return metronome(step, net.thresholds, row[PLACE], row[SIZE], net.fired)
    if row[KIND] == TRAIN:
        return train(net, group, row, step)
    sums = net.groups[-1, WORDS] + 4 * (now + row[SUMS])
    n = call(
        net.kernels[group],
        row[WORDS],
        sums,
        row[APART],
        row[BLOCKS],
        row[SHARED],
        row[TABLES],
        net.groups[-1, SHARED],
        row[FIRST],
        net.groups[-1, TABLES],
        row[COUNTS],
    )
    while n and net.fired[n - 1] >= row[SIZE]:
        n -= 1
    if 0 <= row[WINNERS] < n:
        n = compete(net.words, row[MARGIN], row[SPAN], net.fired, n, row[WINNERS])
    return n


@compiled
def sample(net, step, samples, at):
    """Record the taps of a step; return where the next sample goes."""
    for k in range(len(net.taps)):
        if step % net.taps[k, T_EVERY] == 0:
            for i in range(net.taps[k, T_COUNT]):
                samples[at] = net.words[net.tap_places[net.taps[k, T_PLACES] + i]]
                at += 1
    return at


@entry
def run(net, seed, first, steps, when, who, samples, neurons):
    """Run up to ``steps`` steps; return (steps done, spikes recorded).

    It ends early, between two steps, when ``when`` and ``who`` might not hold the next one.
    """
    count, sampled, groups = 0, 0, len(net.groups) - 1
    for step in range(first, first + steps):
        if count + neurons > len(who):
            return step - first, count
        set_keys(net.keys, seed, step)
        now = (step & net.mask) * net.slot
        drive(net, step, now)
        begin = count
        for group in range(groups):
            row = net.groups[group]
            n = spikes_of(net, group, row, step, now)
            for k in range(n):
                when[count] = step
                who[count] = row[FIRST] + net.fired[k]
                count += 1
        for i in range(net.slot):
            net.sums[now + i] = 0
        for k in range(begin, count):
            deliver(net, who[k], now)
        sampled = sample(net, step, samples, sampled)
    return steps, count
