"""Stages 3 to 6 compiled: `membrane`, `wta` and `homeostasis` of `golden.dense`."""

import numpy as np

from golden.dense.engine.compiled import compiled
from golden.dense.limits import REWARDS
from golden.dense.wta import NOBODY

NONE, CLASS, ERROR = range(len(REWARDS))


@compiled
def set_thresholds(threshold, theta, common):
    """Fill ``threshold``; :func:`golden.dense.homeostasis.threshold`."""
    for j in range(threshold.size):
        threshold[j] = common + theta[j]


@compiled
def leak(k, v):
    """:func:`golden.dense.membrane.leak`; the refractory stand at ``v_reset`` and are put back."""
    for j in range(v.size):
        u = np.int64(v[j])
        if k.leak_shift:
            u -= u >> k.leak_shift
        if u > k.v_reset:
            u -= k.leak_sub
        v[j] = min(max(u, k.v_min), k.v_max)


@compiled
def integrate(w, v, axons, n_events):
    """Add rows of weights, four at a time, where no ``v`` can reach a rail."""
    # One load and store of v for four rows: the loop's speed is that of its memory traffic.
    fours = n_events & ~3
    for i in range(0, fours, 4):
        a, b, c, d = w[axons[i]], w[axons[i + 1]], w[axons[i + 2]], w[axons[i + 3]]
        for j in range(v.size):
            v[j] += np.int32(a[j]) + np.int32(b[j]) + np.int32(c[j]) + np.int32(d[j])
    for i in range(fours, n_events):
        row = w[axons[i]]
        for j in range(v.size):
            v[j] += np.int32(row[j])


@compiled
def integrate_saturating(w, v, axons, n_events, v_min, v_max):
    """:func:`golden.dense.membrane.integrate` for every event, in order."""
    for i in range(n_events):
        row = w[axons[i]]
        for j in range(v.size):
            v[j] = min(max(np.int64(v[j]) + row[j], v_min), v_max)


@compiled
def hold_refractory(v, refrac_left, v_reset):
    """Put refractory neurons back to ``v_reset``, where they were all along."""
    for j in range(v.size):
        if refrac_left[j] > 0:
            v[j] = v_reset


@compiled
def set_margins(v, threshold, margin):
    """Fill ``margin`` with ``v - threshold`` and return the largest."""
    best = np.int32(-(2**31))
    for j in range(v.size):
        margin[j] = np.int32(v[j] - threshold[j])
        best = max(best, margin[j])
    return best


@compiled
def elect(margin, flags, force, camp):
    """:func:`golden.dense.wta.elect` over a camp's candidates: 0 wrong, 1 right, -1 everybody."""
    candidates, right = flags[1], flags[2]
    # The threshold as a first "best": whoever has a margin of 0 is ahead of -1.
    winner, best = NOBODY, -(2**62) if force else -1
    for j in range(margin.size):
        if margin[j] > best and candidates[j] and (camp < 0 or right[j] == camp):
            winner, best = j, np.int64(margin[j])
    return winner


@compiled
def set_candidates(flags, refrac_left, gated):
    """Mark who may win in this step."""
    barred, candidates, right = flags[0], flags[1], flags[2]
    for j in range(refrac_left.size):
        candidates[j] = refrac_left[j] == 0 and not barred[j] and (right[j] or not gated)


@compiled
def settle(k, v, refrac_left, barred, winner):
    """:func:`golden.dense.wta.settle`; return whether anybody is refractory now."""
    any_refractory = winner != NOBODY and k.refrac > 0
    for j in range(v.size):
        frozen = refrac_left[j] > 0
        if frozen:
            refrac_left[j] -= 1
            any_refractory |= refrac_left[j] > 0
        if winner != NOBODY and not frozen and k.v_inhibit:
            v[j] = min(max(np.int64(v[j]) - k.v_inhibit, k.v_min), k.v_max)
    if winner == NOBODY:
        return any_refractory
    v[winner] = k.v_reset
    refrac_left[winner] = k.refrac
    if k.bar_losers:
        for j in range(v.size):
            barred[j] = j != winner
    return any_refractory
