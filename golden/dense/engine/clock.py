"""The cycles of a presentation, counted while it runs; `golden.dense.timing` is what it must equal.

``counts[CYCLES]`` is the clock: the cycles since the presentation began. A step's encoder works on
its own time, `golden.dense.engine.memory.Scratch.clock`, so that it can run ahead of the core. What
each phase costs is said in `golden.dense.timing.costs`.
"""

from typing import NamedTuple

from golden.dense.engine.memory import ELECTIONS, FIRST, GATE, RING, WAITS
from golden.dense.timing.costs import QUEUE, between, dry
from golden.numbers.compiled import compiled

EVENTS, STEPS, BUSY_STEPS, SPIKES, SWEEPS, CYCLES = range(6)
"""Columns of the counts of a presentation; a busy step has an event or a forced spike."""
N_COUNTS = 6

encoder_between, encoder_dry = compiled(between), compiled(dry)


class Done(NamedTuple):
    """What a step has done, as far as it takes cycles."""

    n_entries: int
    """Axons or list entries that the encoder looked at."""
    n_active: int
    n_events: int
    n_elected: int
    """The winner, and who was elected to vote with it."""
    n_sweeps: int
    taught: bool
    """It was asked whether there is something to teach."""
    rose: bool
    """There was a lesson."""
    last: bool
    """The presentation ends."""
    released: bool
    """A neuron has been refractory for long enough."""


@compiled
def start_clock(const, clock, n_active, learn, counts):
    """Dry run and CLEAR."""
    p, costs = const.p, const.costs
    clock[FIRST], clock[GATE], clock[ELECTIONS], clock[WAITS] = 1, 0, 0, 0
    if p.activity_gain:
        apart = encoder_between(n_active)
        clock[GATE] = encoder_dry(p.n_axons, p.n_steps, n_active + apart)
        clock[FIRST] = clock[GATE] + apart
    counts[CYCLES] = clock[GATE] + (costs.clear_learning if learn else costs.clear)


@compiled
def clock_step(p, costs, clock, places, done, learn, counts):
    """Count a step; ``places`` are those of its events among the entries.

    Its elections have been counted already.
    """
    integrating = _integrate(costs, clock, places, done, counts[CYCLES] + costs.leak)
    cycles = integrating + clock[ELECTIONS] + costs.endstep
    clock[ELECTIONS] = 0
    if done.n_elected and p.ballot and not learn:
        cycles += min(done.n_elected, p.vote_spikes - 1) * costs.bar
    if done.taught:
        cycles += done.n_sweeps * (costs.teach + costs.sweep) + clock[WAITS] + costs.teach
        clock[WAITS] = 0
    if done.rose:
        cycles += costs.rise
    if not done.last:
        clock[GATE] = cycles
        if done.n_elected:
            cycles += costs.inhibit + costs.reset
        if done.released:
            cycles += costs.release
    counts[CYCLES] = cycles


@compiled
def _integrate(costs, clock, places, done, free):
    """INTEGRATE, from cycle ``free`` on; :func:`golden.dense.timing.source.schedule`.

    Returns the first cycle after it.
    """
    slip = clock[FIRST]
    for slot in range(RING, RING + QUEUE):
        clock[slot] = clock[GATE] - 1
    for k in range(done.n_events):
        slot = RING + k % QUEUE
        push = max(slip + places[k], clock[slot] + 1)
        slip = push - places[k]
        clock[slot] = max(push + 1, free)
        free = clock[slot] + costs.one_pass
    turn = slip + done.n_entries
    clock[FIRST] = turn + encoder_between(done.n_active)
    return max(free, turn) + 1


@compiled
def clock_closing(costs, clock, n_sweeps, counts):
    """Sweeps of the windows that close when the presentation ends."""
    counts[CYCLES] += n_sweeps * (costs.finish + costs.sweep) + clock[WAITS]


@compiled
def stop_clock(costs, decayed, learn, counts):
    """FINISH, DECAY or DECIDE, and a RESULT that is taken at once."""
    counts[CYCLES] += costs.finish + costs.result
    if decayed:
        counts[CYCLES] += costs.decay
    if counts[SPIKES] and not learn:
        counts[CYCLES] += costs.votes * counts[SPIKES] + costs.decide
