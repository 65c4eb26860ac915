"""Stage 6, homeostasis: the threshold rises for those who win, so that everybody gets a share.

A neuron's threshold is ``base + (theta >> theta_shift) - (offset >> offset_shift)``, in weight
steps. ``theta`` rises when its neuron wins and decays, if asked to; the offset, common to all,
rises with every win that is learned and never decays. So with ``theta_decay_shift`` and
``offset_plus`` both in use, thresholds drift down without end: where ``theta`` decays, leave
``offset_plus`` at 0.

``theta`` counts in ``2**-theta_shift`` of a weight step: where weights have few bits, or many
images share a rise, a win may raise its neuron by less than a step, and rises add up before they
are rounded. Only what is compared is floored; ``theta`` itself keeps its fraction.
"""

import numpy as np
from numpy.typing import NDArray

from golden.dense.params import Params


def initial(p: Params) -> NDArray[np.int64]:
    """Return ``theta`` of an untrained network: ``theta_init << theta_shift`` for every neuron."""
    return np.full(p.n_neurons, p.theta_init << p.theta_shift, dtype=np.int64)


def base_threshold(p: Params, peak: int) -> int:
    """Return the fixed part of the threshold for one presentation.

    ``min(v_th + ((peak * activity_gain) >> activity_shift), largest v)``, where ``peak`` is the
    largest number of events in any one step of the presentation: the per-image threshold of the
    network of Iakymchuk et al. (2015), off when ``activity_gain`` is 0.
    """
    return min(p.v_th + ((peak * p.activity_gain) >> p.activity_shift), p.v.max)


def threshold(p: Params, base: int, theta: NDArray[np.int64], offset: int) -> NDArray[np.int64]:
    """Return what ``v`` is compared with, (n_neurons,) in weight steps.

    ``base + (theta >> theta_shift) - (offset >> offset_shift)``. Both shifts floor: ``theta`` has
    ``theta_width + theta_shift`` bits and ``offset`` ``theta_width + offset_shift``, unsigned, so
    what is added and what is subtracted have the same range, 0 to ``2**theta_width - 1``. The
    result is not clipped: it may be negative, or above the largest ``v``. The common offset holds
    the mean threshold with one adder instead of a sweep over neurons.
    """
    return base + (theta >> p.theta_shift) - (offset >> p.offset_shift)


def rise(
    p: Params, theta: NDArray[np.int64], offset: int, winner: int
) -> tuple[NDArray[np.int64], int]:
    """Raise the winner's ``theta`` by ``theta_plus`` and the offset by ``offset_plus``, saturating.

    Called once a step in which there was a lesson, after its sweeps, and always for the neuron that
    won: also if the lesson was a punishment, or another neuron's.

    Parameters
    ----------
    theta : (n_neurons,) int64
        Format ``theta``, as ``theta_plus`` in units of 2**-theta_shift of a weight step.
    offset : int
        Format ``offset``, in units of 2**-offset_shift of a weight step.
    """
    theta = theta.copy()
    theta[winner] = p.theta.saturate(int(theta[winner]) + p.theta_plus)
    return theta, p.offset.saturate(offset + p.offset_plus)


def decay(p: Params, theta: NDArray[np.int64], presented: int) -> NDArray[np.int64]:
    """Let all ``theta`` decay, after every ``theta_decay_period``-th learning presentation.

    Due when ``presented`` is a multiple of ``theta_decay_period``, at the very end of the
    presentation, when all windows have closed.

    ``theta' = theta - (theta >> theta_decay_shift)``, off when the shift is 0. The shift floors:
    ``theta < 2**theta_decay_shift``, in its own unit, no longer decays. The multiplicative decay of
    Diehl & Cook (Front. Comput. Neurosci. 2015), once in a while instead of once a step.

    Parameters
    ----------
    presented : int
        Learning presentations so far, this one included.
    """
    if p.theta_decay_shift == 0 or presented % p.theta_decay_period:
        return theta
    return theta - (theta >> p.theta_decay_shift)
