"""Stage 7, plasticity: one sweep over the axons changes the weights of one neuron.

The spike-timing rule is a table over spike age, so a flat table is the rectangular rule of Querlioz
et al. (IEEE Trans. Nanotechnol. 2013) and an exponential one the classic rule of Song et al. (Nat.
Neurosci. 2000). Every change is rounded stochastically, which is what lets weights of a few bits
learn slowly.

A table as long as a presentation asks "has this axon spiked?". With more steps than entries it asks
"lately?": an axon whose last spike is older than the table is depressed like one that was silent.
So whoever raises ``n_steps`` above a recipe's lengthens ``a_plus`` too, or changes the rule.
"""

import numpy as np
from numpy.typing import NDArray

from golden.dense.events import NEVER
from golden.dense.params import Params
from golden.numbers import lfsr

REWARD, PUNISH = 1, -1


def pairing(p: Params, last: NDArray[np.int64], step: int, direction: int) -> NDArray[np.int64]:
    """Return the signed gain of every axon when a neuron spikes in ``step``.

    With ``age = step + 1 - last``: an axon that has spiked with ``age < ltp_window`` is potentiated
    by ``a_plus[age]``, any other is depressed by ``a_minus``. `PUNISH` reverses both.

    Parameters
    ----------
    last : (n_axons,) int64
        From :func:`golden.dense.events.stamp`, this step's spikes included.
    direction : int
        `REWARD` or `PUNISH`.

    Returns
    -------
    (n_axons,) int64
        Positive potentiates, negative depresses; units of ``2**-dw_shift``.
    """
    age = step + 1 - last
    recent = (last != NEVER) & (age < p.ltp_window)
    table = np.array((*p.a_plus, 0), dtype=np.int64)
    potentiation = table[np.minimum(age, p.ltp_window)]
    return direction * np.where(recent, potentiation, -p.a_minus)


def lateness(p: Params, last: NDArray[np.int64], spiked: int) -> NDArray[np.int64]:
    """Return the signed gain of every axon when the window after a spike closes.

    Axons whose last spike came ``d >= 1`` steps after the lesson in step ``spiked`` are depressed
    by ``a_late[d - 1]``; the others are left alone, but draw their random words all the same. Only
    an axon's last spike counts. `golden.dense.core` says when a window closes: never before its
    spikes have happened, so this never looks into the future.
    """
    late = last - 1 - spiked
    table = np.array((0, *p.a_late), dtype=np.int64)
    return -table[np.clip(late, 0, p.ltd_window)] * (late <= p.ltd_window)


def sweep(
    p: Params, column: NDArray[np.int64], gain: NDArray[np.int64], register: int
) -> tuple[NDArray[np.int64], int]:
    """Change the weights of one neuron, axon by axon, one random word each.

    In execution order, for every axon::

        r  = upper dw_shift bits of the next random word     drawn also if gain = 0
        room = w_max - w  if gain > 0 else  w - w_min        negative: w is outside
        x  = room                                            (1 with hard bounds)
        dw = (x * abs(gain) + r) >> dw_shift
        w' = w  if room < 0  else  min(w + dw, w_max)  if gain > 0  else  max(w - dw, w_min)

    A weight outside its bounds, which the host has written or left outside a bound that it moved,
    is left alone by what would lead it further out; what leads home moves it by ``dw``, from where
    it is. So potentiation never makes a weight smaller, and depression never larger.

    Parameters
    ----------
    column : (n_axons,) int64
        Weights of the neuron, format ``w``.
    gain : (n_axons,) int64
        From `pairing` or `lateness`.
    register : int
        State of the shared random register.

    Returns
    -------
    tuple of (n_axons,) int64 and int
        New weights, in [``w_min``, ``w_max``] if the old ones are, and the register ``n_axons``
        draws later.
    """
    noise = np.empty(p.n_axons, dtype=np.int64)
    for axon in range(p.n_axons):
        noise[axon], register = lfsr.draw(register, p.dw_shift)
    up = gain > 0
    room = np.where(up, p.w_max - column, column - p.w_min)
    dw = ((room if p.soft_bounds else 1) * np.abs(gain) + noise) >> p.dw_shift
    new = np.where(up, np.minimum(column + dw, p.w_max), np.maximum(column - dw, p.w_min))
    return np.where(room < 0, column, new), register
