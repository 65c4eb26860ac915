"""The compiled presentation, :func:`golden.dense.core.present`, of one image after another."""

import numpy as np

from golden.dense.engine.clock import (
    BUSY_STEPS,
    CYCLES,
    ENDSTEP,
    EVENTS,
    FINISH,
    RISE,
    SPIKES,
    STEPS,
    SWEEPS,
    TEACH,
    clock_elections,
    clock_events,
    clock_settle,
    clock_sweeps,
    start_clock,
    stop_clock,
)
from golden.dense.engine.compete import (
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
from golden.dense.engine.compiled import compiled, entry
from golden.dense.engine.encode import encode, peak, start_encoder
from golden.dense.engine.learn import (
    close_ended,
    close_window,
    count_presentation,
    drop,
    rise,
    teach,
)
from golden.dense.engine.memory import OFFSET
from golden.dense.events import NEVER
from golden.dense.stdp import PUNISH, REWARD
from golden.dense.wta import NOBODY


@compiled
def note_spikes(k, margin, flags, winner, may_ballot, spikes, counts):
    """Note the winner and, in inference, the rest of :func:`golden.dense.wta.ballot`."""
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
def learn_step(k, tables, m, s, windows, winner, n_windows, t, counts):
    """Close windows, then :func:`golden.dense.reward.lessons`; return how many windows are open."""
    margin, right = s.potentials[2], s.flags[2]
    if windows is not None:
        still_open = close_ended(k, tables, m, windows, n_windows, t)
        counts[SWEEPS] += n_windows - still_open
        n_windows = still_open
    if winner == NOBODY:
        return n_windows
    rewarded, punished = winner, NOBODY
    if k.reward == ERROR:
        rival = elect(margin, s.flags, True, 0 if right[winner] else 1)
        if not right[winner]:
            rewarded, punished = rival, winner
        elif rival == NOBODY or np.int64(margin[winner]) - margin[rival] >= k.reward_margin:
            return n_windows
        else:
            punished = rival
    for lesson in range(2):
        neuron, direction = (rewarded, REWARD) if lesson == 0 else (punished, PUNISH)
        if neuron != NOBODY:
            n_windows, n_sweeps = teach(k, tables, m, windows, n_windows, neuron, direction, t)
            counts[SWEEPS] += n_sweeps
    rise(k, m, winner)
    counts[CYCLES] += RISE
    return n_windows


@compiled
def finish(k, tables, m, windows, n_windows, counts):
    """End a learning presentation; return whether thresholds decayed."""
    if windows is not None:
        while n_windows:
            n_windows = close_window(k, tables, m, windows, 0, n_windows)
            counts[SWEEPS] += 1
            clock_sweeps(k, 1, FINISH, counts)
    return count_presentation(k, m)


@compiled
def begin(k, m, s, pixels, learn, counts):
    """Start a presentation; return the number of active axons and the base of the threshold."""
    v, refrac_left, barred = s.potentials[0], s.refrac_left, s.flags[0]
    active, phases, axons, entries = s.axons[0], s.axons[1], s.axons[2], s.axons[3]
    n_active = start_encoder(k, pixels, active, phases)
    base = k.v_th
    if k.activity_gain:
        most = peak(k, pixels, active, phases, axons, entries, n_active)
        base = min(base + ((most * k.activity_gain) >> k.activity_shift), k.v_max)
        start_encoder(k, pixels, active, phases)
    for j in range(v.size):
        v[j] = k.v_reset
        refrac_left[j] = 0
        barred[j] = False
    if learn:
        for axon in range(m.last.size):
            m.last[axon] = NEVER
        if k.drop_chance:
            drop(k, m, barred)
    start_clock(k, n_active, learn, counts, s.clock)
    return n_active, base


# The loops over images and steps are one function, because numba optimises a function again in
# every function that calls it: a level of calls less saves seconds of compilation.
@entry
def present(k, tables, m, s, windows, images, labels, classes, learn, all_spikes, all_counts):
    """Present images of ``n_axons`` pixels in order.

    ``windows`` (n_steps + 1, 2), neuron and step of the open windows, is None without deferred
    depression: numba then leaves out all code for it, and seconds of compilation.

    Fills ``all_spikes`` (n, cap), first neurons in order, and ``all_counts`` (n, N_COUNTS).
    """
    active, phases, axons, entries = s.axons[0], s.axons[1], s.axons[2], s.axons[3]
    v, threshold, margin = s.potentials[0], s.potentials[1], s.potentials[2]
    refrac_left, barred, right = s.refrac_left, s.flags[0], s.flags[2]
    gated = learn and k.reward == CLASS
    limit = k.stop_after if learn else k.vote_spikes
    for i in range(images.shape[0]):
        pixels, spikes, counts = images[i], all_spikes[i], all_counts[i]
        if learn and k.reward:
            for j in range(right.size):
                right[j] = classes[j] == labels[i]
        n_active, base = begin(k, m, s, pixels, learn, counts)
        register, n_windows, any_refractory, moved = k.encoder_seed, 0, False, True
        # No abs(v) exceeds this bound. While it is below the rails, saturation cannot happen and
        # the order of additions does not matter.
        bound = abs(k.v_reset)
        # No v exceeds this one: while it is below the bar, the hardware holds no election.
        reach = max(k.v_reset, 0)
        for t in range(k.n_steps):
            if moved:
                set_candidates(s.flags, refrac_left, gated)
                set_thresholds(threshold, m.theta, base - (m.scalars[OFFSET] >> k.offset_shift))
            n_events, register = encode(
                k, pixels, active, phases, axons, entries, n_active, register, t
            )
            scan = t == 0 and not k.activity_gain
            at, n_entries = (axons, k.n_axons) if scan else (entries, n_active)
            clock_events(k, at, n_entries, n_active, n_events, counts, s.clock)
            if learn:
                for event in range(n_events):
                    m.last[axons[event]] = t + 1
            if k.leak_shift or k.leak_sub:
                leak(k, v)
            bound += n_events * k.w_abs + k.leak_sub
            reach = min(reach + n_events * k.w_top, k.v_max)
            if bound <= k.v_max:
                integrate(m.w, v, axons, n_events)
            else:
                integrate_saturating(m.w, v, axons, n_events, k.v_min, k.v_max)
            if any_refractory:
                hold_refractory(v, refrac_left, k.v_reset)
            force = k.force_spike != 0 and counts[SPIKES] == 0 and t == k.n_steps - 1
            bar = base - (m.scalars[OFFSET] >> k.offset_shift)
            contested = force or (n_events > 0 and reach >= bar)
            winner = NOBODY
            if n_events or force:
                counts[BUSY_STEPS] += 1
                if set_margins(v, threshold, margin) >= 0 or force:
                    winner = elect(margin, s.flags, force, -1)
            counts[EVENTS] += n_events
            counts[STEPS] += 1
            s.won[t], n_before, swept = winner != NOBODY, counts[SPIKES], counts[SWEEPS]
            if winner != NOBODY:
                note_spikes(k, margin, s.flags, winner, not learn, spikes, counts)
                bound += k.v_inhibit
            n_elected = counts[SPIKES] - n_before
            clock_elections(k, contested, n_elected, learn, counts)
            if learn and (n_windows or winner != NOBODY):
                n_windows = learn_step(k, tables, m, s, windows, winner, n_windows, t, counts)
            if learn and (windows is not None or winner != NOBODY):
                clock_sweeps(k, counts[SWEEPS] - swept, TEACH, counts)
                counts[CYCLES] += TEACH
            counts[CYCLES] += ENDSTEP
            moved = winner != NOBODY or any_refractory
            if moved:
                any_refractory = settle(k, v, refrac_left, barred, winner)
            if counts[SPIKES] and (counts[SPIKES] >= limit > 0 or (k.ballot and not learn)):
                break
            if t < k.n_steps - 1:
                clock_settle(k, s.won, t, counts, s.clock)
        decayed = finish(k, tables, m, windows, n_windows, counts) if learn else False
        stop_clock(k, decayed, learn, counts)
