"""The compiled presentation: :func:`golden.core.present`, and a loop over images."""

import numpy as np

from golden.engine.compete import (
    CLASS,
    ERROR,
    elect,
    hold_refractory,
    integrate,
    integrate_saturating,
    leak,
    set_candidates,
    set_margins,
    set_thresholds,
    settle,
)
from golden.engine.compiled import compiled, entry
from golden.engine.encode import encode, peak, start_encoder
from golden.engine.filter import filter_pixels
from golden.engine.learn import close_ended, close_window, count_presentation, drop, rise, teach
from golden.engine.memory import OFFSET
from golden.events import NEVER
from golden.stdp import PUNISH, REWARD
from golden.wta import NOBODY

EVENTS, STEPS, BUSY_STEPS, SPIKES, SWEEPS = range(5)
"""Columns of the counts of a presentation; a busy step has an event or a forced spike."""
N_COUNTS = 5


@compiled
def present(k, tables, m, s, image, learn, spikes, counts):
    """Present one image; fill ``spikes`` (first neurons in order) and ``counts``."""
    pixels, active, phases, axons = s.axons[0], s.axons[1], s.axons[2], s.axons[3]
    v, threshold, margin = s.potentials[0], s.potentials[1], s.potentials[2]
    refrac_left, barred = s.refrac_left, s.flags[0]
    filter_pixels(k, image, s.image, pixels)
    n_active = start_encoder(k, pixels, active, phases)
    base = k.v_th
    if k.activity_gain:
        most = peak(k, pixels, active, phases, axons, n_active)
        base = min(base + ((most * k.activity_gain) >> k.activity_shift), k.v_max)
        start_encoder(k, pixels, active, phases)
    v[:] = k.v_reset
    refrac_left[:] = 0
    barred[:] = False
    if learn:
        m.last[:] = NEVER
        if k.drop_chance:
            drop(k, m, barred)
    gated = learn and k.reward == CLASS
    set_candidates(s.flags, refrac_left, gated)
    set_thresholds(threshold, m.theta, base - (m.scalars[OFFSET] >> k.offset_shift))
    limit = k.stop_after if learn else k.vote_spikes
    register, n_windows, any_refractory = k.encoder_seed, 0, False
    # No abs(v) exceeds this bound. While it is below the rails, saturation cannot happen and the
    # order of additions does not matter.
    bound = abs(k.v_reset)
    counts[:] = 0
    for t in range(k.n_steps):
        n_events, register = encode(k, pixels, active, phases, axons, n_active, register, t)
        if learn:
            for i in range(n_events):
                m.last[axons[i]] = t + 1
        if k.leak_shift or k.leak_sub:
            leak(k, v)
        bound += n_events * k.w_abs + k.leak_sub
        if bound <= k.v_max:
            integrate(m.w, v, axons, n_events)
        else:
            integrate_saturating(m.w, v, axons, n_events, k.v_min, k.v_max)
        if any_refractory:
            hold_refractory(v, refrac_left, k.v_reset)
        force = k.force_spike != 0 and counts[SPIKES] == 0 and t == k.n_steps - 1
        winner = NOBODY
        if n_events or force:
            counts[BUSY_STEPS] += 1
            if set_margins(v, threshold, margin) >= 0 or force:
                winner = elect(margin, s.flags, force, -1)
        counts[EVENTS] += n_events
        counts[STEPS] += 1
        if winner != NOBODY:
            note_spikes(k, margin, s.flags, winner, not learn, spikes, counts)
            bound += k.v_inhibit
        if learn:
            if n_windows:
                still_open = close_ended(k, tables, m, s.windows, n_windows, t)
                counts[SWEEPS] += n_windows - still_open
                n_windows = still_open
            if winner != NOBODY:
                n_windows = learn_spike(k, tables, m, s, winner, n_windows, t, counts)
        if winner != NOBODY or any_refractory:
            any_refractory = settle(k, v, refrac_left, barred, winner)
            set_candidates(s.flags, refrac_left, gated)
            set_thresholds(threshold, m.theta, base - (m.scalars[OFFSET] >> k.offset_shift))
        if counts[SPIKES] and (counts[SPIKES] >= limit > 0 or (k.ballot and not learn)):
            break
    if learn:
        while n_windows:
            n_windows = close_window(k, tables, m, s.windows, 0, n_windows)
            counts[SWEEPS] += 1
        count_presentation(k, m)


@compiled
def note_spikes(k, margin, flags, winner, may_ballot, spikes, counts):
    """Note the winner and, in inference, the rest of :func:`golden.wta.ballot`."""
    neuron = winner
    for _ in range(k.vote_spikes if k.ballot and may_ballot else 1):
        if neuron == NOBODY:
            break
        if counts[SPIKES] < spikes.size:
            spikes[counts[SPIKES]] = neuron
        counts[SPIKES] += 1
        if k.ballot and may_ballot:
            flags[1, neuron] = False
            neuron = elect(margin, flags, True, -1)


@compiled
def learn_spike(k, tables, m, s, winner, n_windows, t, counts):
    """:func:`golden.reward.lessons` and what they change; return how many windows are open."""
    margin, right = s.potentials[2], s.flags[2]
    rewarded, punished = winner, NOBODY
    if k.reward == ERROR:
        rival = elect(margin, s.flags, True, 0 if right[winner] else 1)
        if not right[winner]:
            rewarded, punished = rival, winner
        elif rival == NOBODY or np.int64(margin[winner]) - margin[rival] >= k.reward_margin:
            return n_windows
        else:
            punished = rival
    if rewarded != NOBODY:
        n_windows, n_sweeps = teach(k, tables, m, s.windows, n_windows, rewarded, REWARD, t)
        counts[SWEEPS] += n_sweeps
    if punished != NOBODY:
        n_windows, n_sweeps = teach(k, tables, m, s.windows, n_windows, punished, PUNISH, t)
        counts[SWEEPS] += n_sweeps
    rise(k, m, winner)
    return n_windows


@entry
def present_all(k, tables, m, s, images, labels, classes, learn, spikes, counts):
    """Present images in order; ``spikes`` (n, cap) and ``counts`` (n, N_COUNTS) are filled."""
    right = s.flags[2]
    for i in range(images.shape[0]):
        if learn and k.reward:
            for j in range(right.size):
                right[j] = classes[j] == labels[i]
        present(k, tables, m, s, images[i], learn, spikes[i], counts[i])
