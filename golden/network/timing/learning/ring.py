"""WALK, REPLAY and EPOCH of a chip that learns: who issues, enters and leaves when."""

from golden.network.timing.learning.programs import result
from golden.network.timing.learning.tables import PRE
from golden.network.timing.learning.visits import marked, taught, visited
from golden.network.timing.queue import wrapped
from golden.network.timing.walk import (
    FAMILY_WEIGHT,
    GONE,
    RUN_BITS,
    SLOT,
    VISIBLE,
    WEIGHT,
    fields,
    moved_on,
    signed,
)
from golden.numbers.compiled import compiled, entry

ENTRY = 4
"""Cycles from the issue of a synapse to its first pass."""
SUMMED = 2
"""From its leaving to its arrival."""
TAKEN = 3
"""From the cycle in which a run is taken to time 0 of what marks it."""
PHASE, STEP, BASE, LEARN, LEARNED, LATENCY, TICK = range(7)
"""Places in ``now``: the phase, this step, that of the first post that waits, registers, the
latency of the pipelines, the number of this walk."""
LEAVE, INLET, SLOT_AT, AMOUNT, SYNAPSE, FIRST_WORD = range(6)
"""Columns of visits; the synapse is -1 if nothing is written."""
MARK, MARK_RUN, FIRST_TRACE = range(3)
"""Columns of marks."""
VISITS, MARKS, WRONG = range(3)
"""Places in ``filled``: how many there are of each; a run that came wrongly, and 1."""


@compiled
def open_from(cycle, busy):
    """Return the first cycle from one on in which a synapse can be issued."""
    while busy[(cycle + ENTRY) % len(busy)] >= cycle + ENTRY:
        cycle += 1
    return cycle


@compiled
def transmitted(weight, shift):
    """Return a weight in the receptor's format."""
    return (weight + (1 << shift >> 1)) >> shift if shift > 0 else weight << -shift


@compiled
def weighed(word, family, rows, bits):
    """Return inlet, slot and weight of a still synapse."""
    about = rows[2][family]
    slot, own = word & ((1 << bits[SLOT]) - 1), word >> bits[SLOT]
    weight = signed(own, bits[WEIGHT]) if bits[WEIGHT] else signed(about, bits[FAMILY_WEIGHT])
    return about >> bits[FAMILY_WEIGHT], slot, weight


@compiled
def issued(cycle, run, synapse, family, core, out):
    """Issue a synapse as soon as the ring lets it; return the cycle."""
    rows, bits, now, learner = core
    kept, at, posts, programs, given, (places, _), busy = learner
    visits, _, filled = out
    row = visits[filled[VISITS]]
    inlet, slot, amount = weighed(rows[1][synapse], family, rows, bits)
    passes, row[SYNAPSE] = 1, -1
    if run < now[LEARNED] and now[LEARN] and taught(run, kept, at):
        times = now[STEP], now[BASE]
        place = places[inlet] + slot
        passes = visited(now[PHASE], run, synapse, place, times, kept, at, posts, programs, given)
        amount = result(PRE, programs, len(at.words))
        row[SYNAPSE] = synapse
        for w in range(len(at.words)):
            row[FIRST_WORD + w] = kept[at.words[w] + synapse]
    elif run < now[LEARNED]:
        rule = kept[at.rules + run] if at.rules >= 0 else 0
        amount = transmitted(signed(kept[at.words[0] + synapse], at.bits[0]), at.shifts[rule])
    cycle = open_from(cycle, busy)
    enter, turn = cycle + ENTRY, len(busy)
    busy[enter % turn] = enter + (passes - 1) * turn
    row[LEAVE], row[INLET], row[SLOT_AT], row[AMOUNT] = enter + passes * turn, inlet, slot, amount
    filled[VISITS] += 1
    return cycle


@compiled
def gone_through(at, walker, run, synapse, word, core, out):
    """Let the walker go through a run that is accepted at ``at``.

    ``walker`` is when it issued last; return that, and when this run was taken.
    """
    count, _, _, family = fields(word, core[1])
    taken = max(at + 1, walker)
    if taken > walker:
        taken = open_from(taken, core[3][-1])
    walker = taken
    for k in range(count):
        walker = issued(walker + 1, run, synapse + k, family, core, out)
    return walker, taken


@compiled
def delivered(visible, what, walker, starts, core, out):
    """Let an entry that is due go through the walker; return what becomes of both."""
    (run, synapse, due), (free, last), (rows, bits, now, learner) = what, walker, core
    kept, layout, _, programs, given, _, _ = learner
    _, marks, filled = out
    begins, ticks = starts
    fetched, more, at = visible, 1, visible
    while True:
        at = max(fetched + 1, free)
        word = rows[0][run]
        count, gap, more, _ = fields(word, bits)
        if run < now[LEARNED]:
            if begins[run] != synapse or ticks[run] == now[TICK]:
                filled[WRONG] = run + 1
                return run, synapse, due, more, at, free, last
            ticks[run] = now[TICK]
        last, free = gone_through(at, last, run, synapse, word, core, out)
        if run < now[LEARNED] and now[LEARN] and taught(run, kept, layout):
            row = marks[filled[MARKS]]
            row[MARK], row[MARK_RUN] = free + TAKEN + now[LATENCY], run
            marked(run, now[STEP], kept, layout, programs, given, row[FIRST_TRACE:])
            filled[MARKS] += 1
        if more:
            run, synapse, due = run + 1, synapse + count, (due + gap) & 255
        if gap or not more:
            return run, synapse, due, more, at + GONE, free, last
        fetched = at + 1


@entry
def walked(first, today, head, left, queue, starts, core, moved, out):
    """Walk; return the last cycle but for arrivals.

    Parameters
    ----------
    queue : tuple of arrays
        Runs, synapses and efficacies.
    starts : tuple of arrays
        Of every run that learns its first synapse, and the number of the walk in which it came
        last.
    core : tuple
        Runs, synapses, families; sizes; ``now``; what the learner has.
    moved : array of shape (entries, `golden.network.timing.queue.COLUMNS`)
        Gets what happens to every entry.
    out : tuple of arrays
        Visits, marks, how many there are.
    """
    length, visible, free, last, bits = left, first + VISIBLE, first, first, core[1]
    for k in range(length):
        place = wrapped(head + k, len(queue[0]))
        word, synapse = queue[0][place], queue[1][place]
        run, due, more, at = word & ((1 << bits[RUN_BITS]) - 1), word >> bits[RUN_BITS], 1, visible
        if due == today:
            what, walker = (run, synapse, due), (free, last)
            run, synapse, due, more, at, free, last = delivered(
                visible, what, walker, starts, core, out
            )
        left = moved_on(
            moved[k], at, more, (run, synapse, due, queue[2][place]), place, left, queue, bits
        )
        visible = at + 1
    return visible - 1


@entry
def swept(first, begins, core, out):
    """Visit all synapses that learn, run by run."""
    rows, _, now, _ = core
    at, free, last = first, first, first
    for run in range(now[LEARNED]):
        at = max(at + 1, free)
        last, free = gone_through(at, last, run, begins[run], rows[0][run], core, out)
