"""Stage 5, winner-take-all: at most one neuron spikes in a step, the others are inhibited."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.dense.params import Params

NOBODY = -1
"""``winner`` of a step without a spike."""
THRESHOLD, NOTHING = -1, -(2**62)
"""Margins to exceed: just below that of who reaches the threshold; the threshold is waived."""


class Flags(NamedTuple):
    """What the winner-take-all stage owns, both (n_neurons,)."""

    refrac_left: NDArray[np.int64]
    """Steps for which a neuron is still refractory."""
    barred: NDArray[np.bool_]
    """May not win again before the presentation ends (``bar_losers``, ``drop_chance``)."""


def start(p: Params) -> Flags:
    """Nobody is refractory or barred at the start of a presentation."""
    return Flags(np.zeros(p.n_neurons, dtype=np.int64), np.zeros(p.n_neurons, dtype=np.bool_))


def eligible(flags: Flags) -> NDArray[np.bool_]:
    """Return who may win: neither refractory nor barred, (n_neurons,) bool."""
    return (flags.refrac_left == 0) & ~flags.barred


def elect(margin: NDArray[np.int64], candidates: NDArray[np.bool_], force: bool = False) -> int:
    """Return the candidate with the largest margin, or `NOBODY`; ties go to the lowest index.

    Parameters
    ----------
    margin : (n_neurons,) int64
        ``v - threshold``; a candidate needs ``margin >= 0``.
    candidates : (n_neurons,) bool
        Who may win.
    force : bool
        Waive the threshold.
    """
    able = candidates & ((margin >= 0) | force)
    if not able.any():
        return NOBODY
    return int(np.argmax(np.where(able, margin, np.iinfo(np.int64).min)))


def ballot(
    margin: NDArray[np.int64], candidates: NDArray[np.bool_], winner: int, n_voters: int
) -> tuple[int, ...]:
    """Return up to ``n_voters`` further voters at the moment of ``winner``'s spike, best first.

    One election each, threshold waived, among the candidates not elected yet. A ballot answers as
    if the presentation had gone on until these neurons spiked, and costs no further events.
    """
    candidates, voters = candidates.copy(), []
    candidates[winner] = False
    for _ in range(n_voters):
        voter = elect(margin, candidates, force=True)
        if voter == NOBODY:
            break
        candidates[voter] = False
        voters.append(voter)
    return tuple(voters)


def settle(
    p: Params, v: NDArray[np.int64], flags: Flags, winner: int
) -> tuple[NDArray[np.int64], Flags]:
    """End a step: count refractory steps down, inhibit the losers, then reset the winner.

    In execution order::

        frozen      = refrac_left > 0                               before it is counted down
        refrac_left = max(0, refrac_left - 1)                       all neurons
        if somebody won:
            v[loser]            = saturate(v[loser] - v_inhibit)    losers that are not frozen
            barred[loser]       = true                              if bar_losers; frozen ones too
            v[winner]           = v_reset
            refrac_left[winner] = refrac

    So a winner at step t is frozen in steps t+1 to t+refrac, the inhibition at the end of step
    t+refrac included, and ``refrac = 0`` lets it spike again in the next step. The winner's own
    flag ``barred`` is false and stays so.
    """
    frozen = flags.refrac_left > 0
    refrac_left = np.maximum(flags.refrac_left - 1, 0)
    if winner == NOBODY:
        return v, Flags(refrac_left, flags.barred)
    v = np.where(frozen, v, p.v.saturate(v - p.v_inhibit))
    v[winner] = p.v_reset
    refrac_left[winner] = p.refrac
    barred = np.arange(p.n_neurons) != winner if p.bar_losers else flags.barred
    return v, Flags(refrac_left, barred)
