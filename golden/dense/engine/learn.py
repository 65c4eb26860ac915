"""Stages 6 and 7 compiled: `homeostasis`, `stdp` and the windows of `core` of `golden.dense`."""

import numpy as np

from golden.dense.engine.encode import WORD_BITS, step_lfsr
from golden.dense.engine.memory import LFSR, OFFSET, PRESENTED, WAITS
from golden.dense.events import NEVER
from golden.dense.stdp import REWARD
from golden.dense.timing.costs import SWEEP_LATENCY
from golden.numbers.compiled import compiled


@compiled
def changed(w, gain, noise, low, high, shift, soft):
    """Return one weight after its change; the loop body of :func:`golden.dense.stdp.sweep`."""
    room = high - w if gain > 0 else w - low
    if room < 0:
        return w
    dw = ((room if soft else 1) * abs(gain) + noise) >> shift
    return min(w + dw, high) if gain > 0 else max(w - dw, low)


@compiled
def pairing(const, last, t, direction):
    """Return the gain of an axon; :func:`golden.dense.stdp.pairing`."""
    age = t + 1 - last
    recent = last != NEVER and age < const.a_plus.size
    return direction * (const.a_plus[age] if recent else -const.p.a_minus)


@compiled
def lateness(const, last, spiked, _):
    """Return the gain of an axon; :func:`golden.dense.stdp.lateness`."""
    late = last - 1 - spiked
    return -const.a_late[late - 1] if 1 <= late <= const.a_late.size else 0


def sweeping(gain):
    """Return :func:`golden.dense.stdp.sweep` over a neuron's axons, with a gain compiled into it.

    numba inlines a function that it finds in a closure, but not one that it is given to call.
    Cycles in which a read waits for a write are counted, as `golden.dense.timing.sweep` says.
    """

    @compiled
    def sweep(const, memory, clock, neuron, t, direction):
        w, last, p = memory.w, memory.last, const.p
        # Numbers of their own: the compiler cannot know that writing ``w`` leaves ``p`` as it is.
        low, high, shift, soft = p.w_min, p.w_max, p.dw_shift, p.soft_bounds
        register = memory.scalars[LFSR]
        # Bit i of the writes is one in i cycles.
        writes, n_waits = 0, 0
        for axon in range(last.size):
            writes >>= 1
            while writes & 1:
                writes >>= 1
                n_waits += 1
            change = gain(const, last[axon], t, direction)
            register = step_lfsr(register)
            noise = register >> (WORD_BITS - shift)
            old = np.int64(w[axon, neuron])
            new = changed(old, change, noise, low, high, shift, soft)
            if new != old:
                w[axon, neuron] = new
                writes |= 1 << SWEEP_LATENCY
        memory.scalars[LFSR] = register
        if p.single_port:
            clock[WAITS] += n_waits

    return sweep


sweep_pairing, sweep_lateness = sweeping(pairing), sweeping(lateness)


@compiled
def open_window(windows, n_windows, neuron, direction, t):
    """Open a window after a reward; return how many are open."""
    if direction != REWARD:
        return n_windows
    windows[n_windows, 0] = neuron
    windows[n_windows, 1] = t
    return n_windows + 1


@compiled
def close_window(const, memory, clock, windows, i, n_windows):
    """Sweep and remove the ``i``-th open window; return how many stay open."""
    sweep_lateness(const, memory, clock, windows[i, 0], windows[i, 1], 0)
    for later in range(i + 1, n_windows):
        windows[later - 1, 0] = windows[later, 0]
        windows[later - 1, 1] = windows[later, 1]
    return n_windows - 1


@compiled
def close_ended(const, memory, clock, windows, n_windows, t):
    """Close the windows that end in step ``t``; return how many stay open."""
    i = 0
    while i < n_windows:
        if t - windows[i, 1] == const.a_late.size:
            n_windows = close_window(const, memory, clock, windows, i, n_windows)
        else:
            i += 1
    return n_windows


@compiled
def teach(const, memory, clock, windows, n_windows, neuron, direction, t):
    """One lesson, as in `golden.dense.core`; return (open windows, sweeps)."""
    n_sweeps = 1
    if windows is not None:
        i = 0
        while i < n_windows and windows[i, 0] != neuron:
            i += 1
        if i < n_windows:
            n_windows = close_window(const, memory, clock, windows, i, n_windows)
            n_sweeps += 1
    sweep_pairing(const, memory, clock, neuron, t, direction)
    if windows is not None:
        n_windows = open_window(windows, n_windows, neuron, direction, t)
    return n_windows, n_sweeps


@compiled
def rise(p, memory, winner):
    """:func:`golden.dense.homeostasis.rise`."""
    theta, scalars = memory.theta, memory.scalars
    theta[winner] = min(theta[winner] + p.theta_plus, p.theta_max)
    scalars[OFFSET] = min(scalars[OFFSET] + p.offset_plus, p.offset_max)


@compiled
def count_presentation(p, memory):
    """Count it, and :func:`golden.dense.homeostasis.decay`; return whether that was due."""
    theta, scalars = memory.theta, memory.scalars
    scalars[PRESENTED] = (scalars[PRESENTED] + 1) & p.presented_max
    due = p.theta_decay_shift != 0 and scalars[PRESENTED] % p.theta_decay_period == 0
    if due:
        for j in range(theta.size):
            theta[j] -= theta[j] >> p.theta_decay_shift
    return due


@compiled
def drop(p, memory, barred):
    """Bar neurons by chance for one presentation."""
    register = memory.scalars[LFSR]
    for j in range(barred.size):
        register = step_lfsr(register)
        barred[j] = register >> (WORD_BITS - 8) < p.drop_chance
    memory.scalars[LFSR] = register
