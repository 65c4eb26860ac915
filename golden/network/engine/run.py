"""The loop over steps, compiled once for every network: tables say what is in it."""

# numba's decorators are made at run time, where types cannot follow.
# pyright: reportAttributeAccessIssue=false, reportCallIssue=false, reportIndexIssue=false

import numpy as np

from golden.network.engine.inward import chance, drive, join, metronome, set_keys, train
from golden.network.engine.learning import arrive, keep_keys, spiked
from golden.network.engine.net import (
    APART,
    CELLS,
    CHANCE,
    COUNTERS,
    COUNTERS_END,
    COUNTS,
    FIRST,
    GROUP_COLUMNS,
    KERNEL,
    KIND,
    LANES,
    MARGIN,
    METRONOME,
    PLACE,
    SHARED,
    SIZE,
    SPAN,
    SUMS,
    T_COUNT,
    T_EVERY,
    T_PLACES,
    TABLES,
    TAP_COLUMNS,
    WINNERS,
    WORDS,
)
from golden.network.engine.outward import deliver, emit
from golden.network.engine.pointers import call, i32, i64
from golden.numbers.compiled import compiled, entry


@compiled
def compete(row, fired, n, most):
    """Keep the ``most`` of largest margin, ascending; of equal ones the lowest."""
    margin, span = i32(row[MARGIN]), row[SPAN]
    for kept in range(most):
        best = kept
        for k in range(kept + 1, n):
            a = margin[fired[k] // LANES * span + fired[k] % LANES]
            b = margin[fired[best] // LANES * span + fired[best] % LANES]
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
def cells(net, row, step, now, fired):
    """Run the cells of a group for one step; return how many are in ``fired``."""
    n = call(
        row[KERNEL],
        row[WORDS],
        net.sums + 4 * (now + row[SUMS]),
        row[APART],
        row[SIZE],
        row[SHARED],
        row[TABLES],
        net.keys,
        row[FIRST],
        net.fired,
        row[COUNTS],
    )
    counts, firsts = i64(net.counts), i64(net.firsts)
    for counter in range(row[COUNTERS], row[COUNTERS_END]):
        if counts[counter] and firsts[counter] < 0:
            firsts[counter] = step
    if 0 <= row[WINNERS] < n:
        n = compete(row, fired, n, row[WINNERS])
    return n


@compiled
def spikes_of(net, group, row, step, now):
    """Run a group for one step; return how many are in ``fired``."""
    fired, kind = i32(net.fired), row[KIND]
    if kind == CELLS:
        return cells(net, row, step, now, fired)
    if kind == CHANCE:
        return chance(net, row[FIRST], row[PLACE], row[SIZE], fired)
    if kind == METRONOME:
        return metronome(net, step, row[PLACE], row[SIZE], fired)
    return train(net, group, step, fired)


@compiled
def sample(net, step, samples, at):
    """Record the taps of a step; return where the next sample goes."""
    words, places = i32(net.words), i64(net.tap_places)
    for k in range(net.tap_count):
        tap = i64(net.taps + 8 * TAP_COLUMNS * k)
        if step % tap[T_EVERY] == 0:
            for i in range(tap[T_PLACES], tap[T_PLACES] + tap[T_COUNT]):
                samples[at] = words[places[i]]
                at += 1
    return at


@entry
def run(net, seed, first, steps, samples, neurons):
    """Run up to ``steps`` steps; return (steps done, spikes recorded).

    It ends early, between two steps, when there might be no room for the next one's spikes.
    ``samples`` is the address of what taps read. Steps of spikes are counted from ``first``.
    """
    when, who, count, sampled, sent = i32(net.when), i32(net.who), 0, 0, 0
    for step in range(first, first + steps):
        if count + neurons > net.room:
            return step - first, count
        if net.draws:
            set_keys(net, seed, step)
        now = (step & net.mask) * net.slot
        if net.learn_count:
            keep_keys(net, step)
            arrive(net, step, now)
        drive(net, step, now)
        join(net, now)
        begin = count
        for group in range(net.group_count):
            row = i64(net.groups + 8 * GROUP_COLUMNS * group)
            fired, number, own = i32(net.fired), row[FIRST], count
            for k in range(spikes_of(net, group, row, step, now)):
                when[count], who[count] = np.int32(step - first), np.int32(number + fired[k])
                count += 1
            if net.learn_count and count > own:
                spiked(net, group, own, count, step)
        for k in range(begin, count):
            deliver(net, who[k], now)
        if net.release_count:
            sent = emit(net, begin, count, step, now, sent)
        sampled = sample(net, step, i32(samples), sampled)
    return steps, count
