"""A weight's change in the engine, exhaustively against the step model."""

from dataclasses import replace
from itertools import combinations

import numba
import numpy as np
import pytest

from golden.dense import stdp
from golden.dense.engine.learn import changed
from golden.numbers import lfsr
from sim.battery.networks import TINY

BITS, SHIFT = 3, 1
GAINS = (-9, -4, -3, -2, -1, 0, 1, 2, 3, 4, 9)
BOUNDS = list(combinations(range(-4, 4), 2))


@numba.njit(error_model="numpy")
def all_changed(column, gain, noise, low, high, shift, soft):
    """Change every weight, compiled: Python cannot call what the engine's functions call."""
    new = np.empty_like(column)
    for i in range(column.size):
        new[i] = changed(column[i], gain[i], noise[i], low, high, shift, soft)
    return new


def every_case():
    """Return columns of every weight with every gain, and noise; in the order of the draws."""
    pools = [[(w, gain) for w in range(-4, 4) for gain in GAINS] for _ in range(1 << SHIFT)]
    register, noise, cases = 1, [], []
    while any(pools):
        drawn, register = lfsr.draw(register, SHIFT)
        noise.append(drawn)
        cases.append(pools[drawn].pop() if pools[drawn] else (0, 0))
    return np.array(cases).T, np.array(noise)


@pytest.mark.parametrize("soft", [False, True], ids=["hard", "soft"])
def test_every_change_is_golden_whatever_bounds_and_weight(soft):
    (column, gain), noise = every_case()
    plain = {"width": column.size, "weight_bits": BITS, "dw_shift": SHIFT, "soft_bounds": soft}
    for low, high in BOUNDS:
        bounds = {"w_min": low, "w_max": high, "w_init_low": low, "w_init_high": high}
        golden, _ = stdp.sweep(replace(TINY, **plain, **bounds), column, gain, 1)
        engine = all_changed(column, gain, noise, low, high, SHIFT, soft)
        assert engine.tolist() == golden.tolist(), (low, high)
