"""Stages 6 and 7 compiled: `homeostasis`, `stdp` and the windows of `core` of `golden.dense`."""

import numpy as np

from golden.dense.engine.compiled import compiled
from golden.dense.engine.encode import WORD_BITS, step_lfsr
from golden.dense.engine.memory import LFSR, OFFSET, PRESENTED
from golden.dense.events import NEVER
from golden.dense.stdp import REWARD


@compiled
def changed(w, gain, noise, low, high, shift, soft):
    """Return one weight after its change; the loop body of :func:`golden.dense.stdp.sweep`."""
    room = high - w if gain > 0 else w - low
    if room < 0:
        return w
    dw = ((room if soft else 1) * abs(gain) + noise) >> shift
    return min(w + dw, high) if gain > 0 else max(w - dw, low)


@compiled
def sweep_pairing(k, tables, m, neuron, t, direction):
    """:func:`golden.dense.stdp.pairing` and its sweep."""
    w, last, a_plus = m.w, m.last, tables.a_plus
    low, high, shift, soft, a_minus = k.w_min, k.w_max, k.dw_shift, k.soft_bounds, k.a_minus
    register = m.scalars[LFSR]
    for axon in range(last.size):
        age = t + 1 - last[axon]
        recent = last[axon] != NEVER and age < a_plus.size
        gain = direction * (a_plus[age] if recent else -a_minus)
        register = step_lfsr(register)
        noise = register >> (WORD_BITS - shift)
        w[axon, neuron] = changed(np.int64(w[axon, neuron]), gain, noise, low, high, shift, soft)
    m.scalars[LFSR] = register


@compiled
def sweep_lateness(k, tables, m, neuron, spiked):
    """:func:`golden.dense.stdp.lateness` and its sweep."""
    w, last, a_late = m.w, m.last, tables.a_late
    low, high, shift, soft = k.w_min, k.w_max, k.dw_shift, k.soft_bounds
    register = m.scalars[LFSR]
    for axon in range(last.size):
        late = last[axon] - 1 - spiked
        gain = -a_late[late - 1] if 1 <= late <= a_late.size else 0
        register = step_lfsr(register)
        noise = register >> (WORD_BITS - shift)
        w[axon, neuron] = changed(np.int64(w[axon, neuron]), gain, noise, low, high, shift, soft)
    m.scalars[LFSR] = register


@compiled
def open_window(windows, n_windows, neuron, direction, t):
    """Open a window after a reward; return how many are open."""
    if direction != REWARD:
        return n_windows
    windows[n_windows, 0] = neuron
    windows[n_windows, 1] = t
    return n_windows + 1


@compiled
def close_window(k, tables, m, windows, i, n_windows):
    """Sweep and remove the ``i``-th open window; return how many stay open."""
    sweep_lateness(k, tables, m, windows[i, 0], windows[i, 1])
    for later in range(i + 1, n_windows):
        windows[later - 1, 0] = windows[later, 0]
        windows[later - 1, 1] = windows[later, 1]
    return n_windows - 1


@compiled
def close_ended(k, tables, m, windows, n_windows, t):
    """Close the windows that end in step ``t``; return how many stay open."""
    i = 0
    while i < n_windows:
        if t - windows[i, 1] == tables.a_late.size:
            n_windows = close_window(k, tables, m, windows, i, n_windows)
        else:
            i += 1
    return n_windows


@compiled
def teach(k, tables, m, windows, n_windows, neuron, direction, t):
    """One lesson, as in `golden.dense.core`; return (open windows, sweeps)."""
    n_sweeps = 1
    if windows is not None:
        i = 0
        while i < n_windows and windows[i, 0] != neuron:
            i += 1
        if i < n_windows:
            n_windows = close_window(k, tables, m, windows, i, n_windows)
            n_sweeps += 1
    sweep_pairing(k, tables, m, neuron, t, direction)
    if windows is not None:
        n_windows = open_window(windows, n_windows, neuron, direction, t)
    return n_windows, n_sweeps


@compiled
def rise(k, m, winner):
    """:func:`golden.dense.homeostasis.rise`."""
    m.theta[winner] = min(m.theta[winner] + k.theta_plus, k.theta_max)
    m.scalars[OFFSET] = min(m.scalars[OFFSET] + k.offset_plus, k.offset_max)


@compiled
def count_presentation(k, m):
    """Count it, and :func:`golden.dense.homeostasis.decay`; return whether that was due."""
    m.scalars[PRESENTED] = (m.scalars[PRESENTED] + 1) & k.presented_max
    due = k.theta_decay_shift != 0 and m.scalars[PRESENTED] % k.theta_decay_period == 0
    if due:
        for j in range(m.theta.size):
            m.theta[j] -= m.theta[j] >> k.theta_decay_shift
    return due


@compiled
def drop(k, m, barred):
    """Bar neurons by chance for one presentation."""
    register = m.scalars[LFSR]
    for j in range(barred.size):
        register = step_lfsr(register)
        barred[j] = register >> (WORD_BITS - 8) < k.drop_chance
    m.scalars[LFSR] = register
