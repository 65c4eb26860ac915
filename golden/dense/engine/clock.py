"""The cycles of a presentation, counted while it runs; `golden.dense.timing` is what it must equal.

``counts[CYCLES]`` is the clock: the cycles since the presentation began. A step's encoder works on
its own time, `CLOCK` in scratch space, so that it can run ahead of the core.
"""

from golden.dense.engine.compiled import compiled

EVENTS, STEPS, BUSY_STEPS, SPIKES, SWEEPS, CYCLES = range(6)
"""Columns of the counts of a presentation; a busy step has an event or a forced spike."""
N_COUNTS = 6

FIRST, GATE = range(2)
"""Cycle of the encoder's next entry if nothing waits, and first cycle that shows the step."""
SHORT, RISE, TEACH, ENDSTEP, FINISH, RESULT, DECIDE = 3, 3, 1, 1, 1, 1, 5


@compiled
def start_clock(k, n_active, learn, counts, clock):
    """Dry run and CLEAR."""
    between = 2 if n_active else 1
    later = (k.n_steps - 1) * (n_active + between)
    dry = 1 + k.n_axons + 1 + later if k.activity_gain else 0
    clock[FIRST] = dry + between if dry else 1
    clock[GATE] = dry
    counts[CYCLES] = dry + (k.n_neurons + 2 if learn and k.drop_chance else k.pass_cycles)


@compiled
def clock_events(k, at, n_entries, n_active, n_events, counts, clock):
    """LEAK and INTEGRATE; :func:`golden.dense.timing.source.schedule`, with a queue of eight."""
    slip, free = clock[FIRST], counts[CYCLES] + k.leak_cycles
    # When the last eight events were taken, the oldest first.
    a = b = c = d = e = f = g = h = clock[GATE] - 1
    for i in range(n_events):
        push = max(slip + at[i], a + 1)
        slip = push - at[i]
        take = max(push + 1, free)
        free = take + k.pass_cycles
        a, b, c, d, e, f, g, h = b, c, d, e, f, g, h, take
    turn = slip + n_entries
    clock[FIRST] = turn + (2 if n_active else 1)
    counts[CYCLES] = max(free, turn) + 1


@compiled
def clock_elections(k, contested, n_elected, learn, counts):
    """COMPETE, VERDICT and BAR, the rival's too; ``n_elected`` are the winner and voters.

    A step is ``contested`` if the spike is forced, or if it had an event and a membrane may have
    reached the bar.
    """
    if contested:
        counts[CYCLES] += k.election_cycles
    if n_elected and learn and k.second_election:
        counts[CYCLES] += k.election_cycles
    if n_elected and k.ballot and not learn:
        counts[CYCLES] += min(n_elected, k.vote_spikes - 1) * (k.election_cycles + SHORT)


@compiled
def clock_sweeps(k, n_sweeps, each, counts):
    """SWEEP, each with a cycle to decide on it."""
    counts[CYCLES] += n_sweeps * (k.sweep_cycles + each)


@compiled
def clock_settle(k, won, t, counts, clock):
    """INHIBIT, RESET and RELEASE after a step that is not the last."""
    clock[GATE] = counts[CYCLES]
    if won[t]:
        counts[CYCLES] += SHORT + (k.n_words + 2 if k.v_inhibit or k.bar_losers else 0)
    if 0 < k.refrac <= t and won[t - k.refrac]:
        counts[CYCLES] += SHORT


@compiled
def stop_clock(k, decayed, learn, counts):
    """FINISH, DECAY or DECIDE, and a RESULT that is taken at once."""
    counts[CYCLES] += FINISH + RESULT
    if decayed:
        counts[CYCLES] += k.pass_cycles
    if counts[SPIKES] and not learn:
        counts[CYCLES] += k.n_classes * counts[SPIKES] * k.vote_parts + DECIDE
