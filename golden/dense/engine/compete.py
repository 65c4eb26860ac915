"""Stages 3 to 6 compiled: `membrane`, `wta` and `homeostasis` of `golden.dense`."""

import numpy as np

from golden.dense.engine.memory import ELECTIONS
from golden.dense.params import REWARDS
from golden.dense.timing.costs import election
from golden.dense.wta import NOBODY
from golden.numbers.compiled import compiled

NONE, CLASS, ERROR = range(len(REWARDS))
EVERYBODY, WRONG, RIGHT = -1, 0, 1
"""Camps of an election."""

election_cycles = compiled(election)


@compiled
def set_thresholds(threshold, theta, shift, bar):
    """Fill ``threshold``; :func:`golden.dense.homeostasis.threshold`."""
    for j in range(threshold.size):
        threshold[j] = bar + (theta[j] >> shift)


@compiled
def leak(p, v):
    """:func:`golden.dense.membrane.leak`; the refractory stand at ``v_reset`` and are put back."""
    for j in range(v.size):
        u = np.int64(v[j])
        if p.leak_shift:
            u -= u >> p.leak_shift
        if u > p.v_reset:
            u -= p.leak_sub
        v[j] = min(max(u, p.v_min), p.v_max)


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
def elect(const, scratch, beaten, camp, voting):
    """:func:`golden.dense.wta.elect` over the candidates of a camp whose margins exceed ``beaten``.

    Word by word, as the hardware searches them (:mod:`golden.dense.timing.election`), so that its
    cycles are known, too.
    """
    p, costs = const.p, const.costs
    margin, candidates, right = scratch.margin, scratch.candidates, scratch.right
    winner, best = NOBODY, beaten
    n_searched, last = 0, False
    for word in range(p.n_words):
        first = word * p.n_lanes
        beyond = min(first + p.n_lanes, margin.size)
        if not _hit(scratch, first, beyond, best, voting):
            continue
        n_searched += 1
        last = word == p.n_words - 1
        for j in range(first, beyond):
            if margin[j] > best and candidates[j] and (camp < 0 or right[j] == camp):
                winner, best = j, np.int64(margin[j])
    scratch.clock[ELECTIONS] += election_cycles(costs, n_searched, last) + costs.verdict
    return winner


@compiled
def _hit(scratch, first, beyond, best, voting):
    margin, refrac_left, barred = scratch.margin, scratch.refrac_left, scratch.barred
    for j in range(first, beyond):
        if margin[j] > best and refrac_left[j] == 0 and (voting or not barred[j]):
            return True
    return False


@compiled
def set_candidates(scratch, gated):
    """Mark who may win in this step."""
    barred, candidates, right = scratch.barred, scratch.candidates, scratch.right
    refrac_left = scratch.refrac_left
    for j in range(refrac_left.size):
        candidates[j] = refrac_left[j] == 0 and not barred[j] and (right[j] or not gated)


@compiled
def settle(p, scratch, winner):
    """:func:`golden.dense.wta.settle`; return whether anybody is refractory now."""
    v, refrac_left, barred = scratch.v, scratch.refrac_left, scratch.barred
    any_refractory = winner != NOBODY and p.refrac > 0
    for j in range(v.size):
        frozen = refrac_left[j] > 0
        if frozen:
            refrac_left[j] -= 1
            any_refractory |= refrac_left[j] > 0
        if winner != NOBODY and not frozen and p.v_inhibit:
            v[j] = min(max(np.int64(v[j]) - p.v_inhibit, p.v_min), p.v_max)
    if winner == NOBODY:
        return any_refractory
    v[winner] = p.v_reset
    refrac_left[winner] = p.refrac
    if p.bar_losers:
        for j in range(v.size):
            barred[j] = j != winner
    return any_refractory
