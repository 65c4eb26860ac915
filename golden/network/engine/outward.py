"""Where spikes go, compiled: into the sums of steps to come."""

# numba's decorators are made at run time, where types cannot follow.
# pyright: reportAttributeAccessIssue=false, reportCallIssue=false, reportIndexIssue=false

import numpy as np

from golden.network.engine.net import (
    FIRST,
    R_FACILITATION,
    R_FACILITATION_END,
    R_RECOVERY,
    R_RECOVERY_END,
    R_ROWS,
    R_STATE,
    R_USE,
    RELEASES,
    RELEASES_END,
    SIZE,
)
from golden.network.release import FINE_BITS, ONE, POINT
from golden.numbers.compiled import compiled


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
    at, end = row[R_STATE] + neuron, len(net.sums)
    x, u = np.int64(net.release_x[at]), np.int64(net.release_u[at])
    age = step - net.release_last[at]
    gone = ONE - (x - rounded(u * x))
    x = ONE - rounded(gone * left(net.decays, row[R_RECOVERY], row[R_RECOVERY_END], age))
    u = row[R_USE] + rounded(
        u * left(net.decays, row[R_FACILITATION], row[R_FACILITATION_END], age)
    )
    net.release_x[at], net.release_u[at], net.release_last[at] = x, u, step
    efficacy = rounded(u * x)
    rows = row[R_ROWS] + neuron
    for k in range(net.release_start[rows], net.release_start[rows + 1]):
        place = now + net.offset[k]
        if place >= end:
            place -= end
        net.sums[place] += np.int32(rounded(net.weight[k] * efficacy))
    return efficacy


@compiled
def emit(net, spikes, step, now, sent):
    """Send spikes to where plasticity is short-term; return where the next efficacy goes."""
    group = 0
    for k in range(len(spikes)):
        while spikes[k] >= net.groups[group, FIRST] + net.groups[group, SIZE]:
            group += 1
        for r in range(net.groups[group, RELEASES], net.groups[group, RELEASES_END]):
            neuron = spikes[k] - net.groups[group, FIRST]
            net.sent[sent] = release(net, net.releases[r], neuron, step, now)
            sent += 1
    return sent
