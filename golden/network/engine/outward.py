"""Where spikes go, compiled: into the sums of steps to come."""

# numba's decorators are made at run time, where types cannot follow.
# pyright: reportAttributeAccessIssue=false, reportCallIssue=false, reportIndexIssue=false

import numpy as np

from golden.network.engine.net import (
    FIRST,
    GROUP_COLUMNS,
    R_FACILITATION,
    R_FACILITATION_END,
    R_RECOVERY,
    R_RECOVERY_END,
    R_ROWS,
    R_STATE,
    R_USE,
    RELEASE_COLUMNS,
    RELEASES,
    RELEASES_END,
    SIZE,
)
from golden.network.engine.pointers import i16, i32, i64
from golden.network.release import FINE_BITS, ONE, POINT
from golden.numbers.compiled import compiled


@compiled
def deliver(net, neuron, now):
    """Send a spike on its way to all its targets."""
    sums, end = i32(net.sums), (net.mask + 1) * net.slot
    offset, weight, start = i32(net.offset), i32(net.weight), i64(net.row_start)
    for k in range(start[neuron], start[neuron + 1]):
        place = now + offset[k]
        if place >= end:
            place -= end
        sums[place] += weight[k]
    first, last = i64(net.run_start)[neuron], i64(net.run_start)[neuron + 1]
    for r in range(first, last):
        place = now + i32(net.run_offset)[r]
        if place >= end:
            place -= end
        into = i32(net.sums + 4 * place)
        weights = i16(net.run_weights + 2 * i64(net.run_weight)[r])
        for i in range(i32(net.run_length)[r]):
            into[i] += weights[i]


@compiled
def rounded(product):
    """Return a product's upper bits (`golden.network.release.rounded`)."""
    return (product + ONE // 2) >> POINT


@compiled
def left(decays, first, last, age):
    """Return what an exponential is after so many steps (`golden.network.release.Decay`)."""
    coarse = np.int64(decays[min(first + (age >> FINE_BITS), last)])
    return rounded(coarse * decays[last + 1 + (age & ((1 << FINE_BITS) - 1))])


@compiled
def release(net, row, neuron, step, now):
    """Send a spike on its way where plasticity is short-term; return its efficacy."""
    at = row[R_STATE] + neuron
    xs, us, lasts = i32(net.release_x), i32(net.release_u), i64(net.release_last)
    decays, end = i32(net.decays), (net.mask + 1) * net.slot
    x, u, age = np.int64(xs[at]), np.int64(us[at]), step - lasts[at]
    gone = ONE - (x - rounded(u * x))
    x = ONE - rounded(gone * left(decays, row[R_RECOVERY], row[R_RECOVERY_END], age))
    u = row[R_USE] + rounded(u * left(decays, row[R_FACILITATION], row[R_FACILITATION_END], age))
    xs[at], us[at], lasts[at] = np.int32(x), np.int32(u), step
    efficacy = rounded(u * x)
    sums, offset, weight = i32(net.sums), i32(net.offset), i32(net.weight)
    start, rows = i64(net.release_start), row[R_ROWS] + neuron
    for k in range(start[rows], start[rows + 1]):
        place = now + offset[k]
        if place >= end:
            place -= end
        sums[place] += np.int32(rounded(weight[k] * efficacy))
    return efficacy


@compiled
def emit(net, begin, count, step, now, at):
    """Send spikes to where plasticity is short-term; return where the next efficacy goes."""
    who, sent, number = i32(net.who), i32(net.sent), 0
    group = i64(net.groups)
    for k in range(begin, count):
        while who[k] >= group[FIRST] + group[SIZE]:
            number += 1
            group = i64(net.groups + 8 * GROUP_COLUMNS * number)
        for r in range(group[RELEASES], group[RELEASES_END]):
            row = i64(net.releases + 8 * RELEASE_COLUMNS * r)
            sent[at] = np.int32(release(net, row, who[k] - group[FIRST], step, now))
            at += 1
    return at
