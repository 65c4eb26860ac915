"""The teacher: who learns when a neuron spikes, and in which direction.

========== ============================================================ =========================
reward     who may win while learning                                   who learns from a spike
========== ============================================================ =========================
none       everybody                                                    the winner is rewarded
class      neurons of the image's class                                 the winner is rewarded
error      everybody                                                    see `lessons`
========== ============================================================ =========================

"error" is reward-modulated STDP on mistakes only: the answer is the first spike; the *rival* is the
neuron of the other camp that is closest to its threshold, which is the one that would have spiked
next had there been no inhibition. A camp is the neurons of the image's class, or all the others.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.dense import wta
from golden.dense.params import Params
from golden.dense.stdp import PUNISH, REWARD


class Lesson(NamedTuple):
    """One neuron's part in a learning step."""

    neuron: int
    direction: int
    """`golden.dense.stdp.REWARD` or `golden.dense.stdp.PUNISH`."""


def in_turns(p: Params) -> NDArray[np.int64]:
    """Return classes assigned to the neurons in turn, (n_neurons,)."""
    return np.arange(p.n_neurons, dtype=np.int64) % p.n_classes


def candidates(p: Params, right: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return who may win a learning presentation; ``right`` marks neurons of the image's class."""
    return right if p.reward == "class" else np.ones_like(right)


def lessons(
    p: Params,
    margin: NDArray[np.int64],
    candidates: NDArray[np.bool_],
    right: NDArray[np.bool_],
    winner: int,
) -> tuple[Lesson, ...]:
    """Return who learns from ``winner``'s spike, in the order of learning.

    With ``reward = "error"``: the rival is elected, threshold waived, among the candidates of the
    other camp, by the margins from before the winner is reset and the losers are inhibited. There
    is none if all of that camp are barred or refractory, or nobody belongs to it.

    ============ ======================================= ===================================
    winner       rival                                   lessons
    ============ ======================================= ===================================
    right        behind by ``reward_margin`` or more     none
    right        closer                                  reward the winner, punish the rival
    right        there is none                           none
    wrong        however far                             reward the rival, punish the winner
    wrong        there is none                           punish the winner
    ============ ======================================= ===================================

    The rival learns and does not spike: it is not reset, and its ``theta`` does not rise.

    Parameters
    ----------
    margin : (n_neurons,) int64
        ``v - threshold`` in which the winner was elected.
    candidates : (n_neurons,) bool
        Who could have won.
    right : (n_neurons,) bool
        Neurons of the image's class.
    """
    if winner == wta.NOBODY:
        return ()
    if p.reward != "error":
        return (Lesson(winner, REWARD),)
    rival = wta.elect(margin, candidates & (right != right[winner]), force=True)
    if right[winner]:
        if rival == wta.NOBODY or margin[winner] - margin[rival] >= p.reward_margin:
            return ()
        return (Lesson(winner, REWARD), Lesson(rival, PUNISH))
    if rival == wta.NOBODY:
        return (Lesson(winner, PUNISH),)
    return (Lesson(rival, REWARD), Lesson(winner, PUNISH))
