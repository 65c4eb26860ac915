"""The compiled presentation, :func:`golden.dense.core.present`, of one image after another."""

import numpy as np

from golden.dense.engine.clock import (
    BUSY_STEPS,
    EVENTS,
    SPIKES,
    STEPS,
    SWEEPS,
    Done,
    clock_closing,
    clock_step,
    start_clock,
    stop_clock,
)
from golden.dense.engine.compete import (
    CLASS,
    ERROR,
    EVERYBODY,
    RIGHT,
    WRONG,
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
from golden.dense.engine.encode import encode, peak, start_encoder
from golden.dense.engine.learn import (
    close_ended,
    close_window,
    count_presentation,
    drop,
    rise,
    teach,
)
from golden.dense.engine.memory import ELECTIONS, OFFSET
from golden.dense.events import NEVER
from golden.dense.stdp import PUNISH, REWARD
from golden.dense.wta import NOBODY, NOTHING, THRESHOLD
from golden.numbers.compiled import compiled, entry


@compiled
def note_spikes(const, scratch, winner, may_ballot, spikes, counts):
    """Note the winner and, in inference, the rest of :func:`golden.dense.wta.ballot`."""
    p, neuron = const.p, winner
    for spike in range(p.vote_spikes if p.ballot and may_ballot else 1):
        if neuron == NOBODY:
            break
        if counts[SPIKES] < spikes.size:
            spikes[counts[SPIKES]] = neuron
        counts[SPIKES] += 1
        if p.ballot and may_ballot:
            scratch.candidates[neuron] = False
            if spike == p.vote_spikes - 1:
                break
            neuron = elect(const, scratch, NOTHING, EVERYBODY, True)


@compiled
def learn_step(const, memory, scratch, windows, winner, n_windows, t, counts):
    """Close windows, then :func:`golden.dense.reward.lessons`.

    Returns how many windows are open, and whether there was a lesson.
    """
    p, margin, right, clock = const.p, scratch.margin, scratch.right, scratch.clock
    if windows is not None:
        still_open = close_ended(const, memory, clock, windows, n_windows, t)
        counts[SWEEPS] += n_windows - still_open
        n_windows = still_open
    if winner == NOBODY:
        return n_windows, False
    rewarded, punished = winner, NOBODY
    if p.reward == ERROR:
        if right[winner]:
            beaten = np.int64(margin[winner]) - p.reward_margin
            punished = elect(const, scratch, beaten, WRONG, False)
            if punished == NOBODY:
                return n_windows, False
        else:
            rewarded, punished = elect(const, scratch, NOTHING, RIGHT, False), winner
    for lesson in range(2):
        neuron, direction = (rewarded, REWARD) if lesson == 0 else (punished, PUNISH)
        if neuron != NOBODY:
            n_windows, n_sweeps = teach(
                const, memory, clock, windows, n_windows, neuron, direction, t
            )
            counts[SWEEPS] += n_sweeps
    rise(p, memory, winner)
    return n_windows, True


@compiled
def finish(const, memory, clock, windows, n_windows, counts):
    """End a learning presentation; return whether thresholds decayed."""
    if windows is not None:
        counts[SWEEPS] += n_windows
        n_closed = n_windows
        while n_windows:
            n_windows = close_window(const, memory, clock, windows, 0, n_windows)
        clock_closing(const.costs, clock, n_closed, counts)
    return count_presentation(const.p, memory)


@compiled
def begin(const, memory, scratch, pixels, learn, counts):
    """Start a presentation; return the number of active axons and the base of the threshold."""
    p, v, refrac_left, barred = const.p, scratch.v, scratch.refrac_left, scratch.barred
    n_active = start_encoder(p, scratch, pixels)
    base = p.v_th
    if p.activity_gain:
        most = peak(p, scratch, pixels, n_active)
        base = min(base + ((most * p.activity_gain) >> p.activity_shift), p.v_max)
        start_encoder(p, scratch, pixels)
    for j in range(v.size):
        v[j] = p.v_reset
        refrac_left[j] = 0
        barred[j] = False
    if learn:
        for axon in range(memory.last.size):
            memory.last[axon] = NEVER
        if p.drop_chance:
            drop(p, memory, barred)
    start_clock(const, scratch.clock, n_active, learn, counts)
    return n_active, base


# The loops over images and steps are one function, because numba optimises a function again in
# every function that calls it: a level of calls less saves seconds of compilation.
@entry
def present(const, memory, scratch, series):
    """Present a series of images in order; fill its spikes and counts."""
    p, learn, windows = const.p, series.learn, scratch.windows
    v, axons, refrac_left = scratch.v, scratch.axons, scratch.refrac_left
    clock, entries = scratch.clock, scratch.entries
    limit = p.stop_after if learn else p.vote_spikes
    for i in range(series.images.shape[0]):
        pixels, spikes, counts = series.images[i], series.spikes[i], series.counts[i]
        if learn and p.reward:
            for j in range(scratch.right.size):
                scratch.right[j] = series.classes[j] == series.labels[i]
        n_active, base = begin(const, memory, scratch, pixels, learn, counts)
        register, n_windows, any_refractory, moved = p.encoder_seed, 0, False, True
        # No abs(v) exceeds this bound. While it is below the rails, saturation cannot happen and
        # the order of additions does not matter.
        bound = abs(p.v_reset)
        # No v exceeds this one: while it is below the bar, the hardware holds no election.
        reach = max(p.v_reset, 0)
        for t in range(p.n_steps):
            bar = base - (memory.scalars[OFFSET] >> p.offset_shift)
            if moved:
                set_candidates(scratch, learn and p.reward == CLASS)
                set_thresholds(scratch.threshold, memory.theta, p.theta_shift, bar)
            n_events, register = encode(p, scratch, pixels, n_active, register, t)
            if learn:
                for event in range(n_events):
                    memory.last[axons[event]] = t + 1
            if p.leak_shift or p.leak_sub:
                leak(p, v)
            bound += n_events * p.w_abs + p.leak_sub
            reach = min(reach + n_events * p.w_top, p.v_max)
            if bound <= p.v_max:
                integrate(memory.w, v, axons, n_events)
            else:
                integrate_saturating(memory.w, v, axons, n_events, p.v_min, p.v_max)
            if any_refractory:
                hold_refractory(v, refrac_left, p.v_reset)
            n_before, n_swept, rose = counts[SPIKES], counts[SWEEPS], False
            force = p.force_spike != 0 and n_before == 0 and t == p.n_steps - 1
            winner = NOBODY
            if n_events or force:
                counts[BUSY_STEPS] += 1
                if set_margins(v, scratch.threshold, scratch.margin) >= 0 or force:
                    beaten = NOTHING if force else THRESHOLD
                    winner = elect(const, scratch, beaten, EVERYBODY, False)
                elif reach >= bar:
                    clock[ELECTIONS] = const.costs.compete + const.costs.verdict
            counts[EVENTS] += n_events
            counts[STEPS] += 1
            won = winner != NOBODY
            scratch.won[t] = won
            if won:
                note_spikes(const, scratch, winner, not learn, spikes, counts)
                bound += p.v_inhibit
            if learn and (n_windows or won):
                n_windows, rose = learn_step(
                    const, memory, scratch, windows, winner, n_windows, t, counts
                )
            moved = won or any_refractory
            if moved:
                any_refractory = settle(p, scratch, winner)
            full = counts[SPIKES] and (counts[SPIKES] >= limit > 0 or (p.ballot and not learn))
            scan = t == 0 and not p.activity_gain
            done = Done(
                n_entries=p.n_axons if scan else n_active,
                n_active=n_active,
                n_events=n_events,
                n_elected=counts[SPIKES] - n_before,
                n_sweeps=counts[SWEEPS] - n_swept,
                taught=learn and (windows is not None or won),
                rose=rose,
                last=full or t == p.n_steps - 1,
                released=0 < p.refrac <= t and scratch.won[t - p.refrac],
            )
            places = axons if scan else entries
            clock_step(p, const.costs, clock, places, done, learn, counts)
            if full:
                break
        decayed = False
        if learn:
            decayed = finish(const, memory, clock, windows, n_windows, counts)
        stop_clock(const.costs, decayed, learn, counts)
