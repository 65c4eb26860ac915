"""What a visit of a synapse does, pass by pass, and what an arrival or a post leaves in traces."""

from golden.network.rules.decays import AGE_MOST
from golden.network.rules.interface import LAST_BITS, OFF, REWARD_BITS
from golden.network.timing.learning.programs import executed, result
from golden.network.timing.learning.tables import (
    AT_REWARD,
    EPOCH,
    MARK_POST,
    MARK_PRE,
    MARK_REWARD,
    POST,
    PRE,
)
from golden.network.timing.learning.words import CHOSEN, DELAYED, OWNER, keyed
from golden.network.timing.walk import signed
from golden.numbers.compiled import compiled

LAST = (1 << LAST_BITS) - 1
EVER = 1 << LAST_BITS
"""Beside the step of a last event: there was one."""
AHEAD = 1 << (LAST_BITS - 1)
"""A difference of steps below it is one of 0 or more."""
WALK, REPLAYING, EPOCHAL, REWARDING, SCALING = range(5)
"""Phases in which there are visits."""


@compiled
def aged(step, last):
    """Return the steps since the last event."""
    return min((step - last) & LAST, AGE_MOST) if last & EVER else AGE_MOST


@compiled
def taught(run, kept, at):
    """Tell whether a run that can learn is not switched off."""
    last = kept[at.lasts[0] + run]
    return last & EVER or last & 1 != OFF


@compiled
def acted(number, step, lasts, at, programs, given):
    """Run a program of a synapse in a step; its words become what it gives."""
    given[len(given) - 2], given[len(given) - 1] = aged(step, lasts[0]), aged(step, lasts[1])
    if at.numbers >= 0:
        keyed(programs.hashed, step)
    if len(at.rewards):
        given[len(given) - 3] = aged(step, lasts[2])
    executed(number, programs, given)
    for w in range(len(at.words)):
        given[w] = result(number, programs, w)


@compiled
def visited(phase, run, synapse, place, times, kept, at, posts, programs, given):
    """Visit a synapse that learns, and write its words; return how many passes that takes.

    Parameters
    ----------
    times : pair of int
        This step, and the base of posts that wait.
    kept, at : array, LearnedPlaces
        What is learned, and where in it.
    posts : tuple of arrays
        Of every place how many wait; of each of these when it was, and its traces.
    """
    n_words, n_arrivals = len(at.words), len(at.arrivals)
    arrived, spiked = kept[at.lasts[0] + run], kept[at.lasts[1] + place]
    for w in range(n_words):
        given[w] = signed(kept[at.words[w] + synapse], at.bits[w])
    for i in range(n_arrivals):
        given[n_words + i] = kept[at.arrivals[i] + run]
    for i in range(len(at.posts)):
        given[n_words + n_arrivals + i] = kept[at.posts[i] + place]
    rewarded, called = rewards(place, kept, at, given)
    counts, when, traces = posts
    step, base = times
    if at.numbers >= 0:
        programs.hashed[OWNER] = kept[at.numbers + synapse]
    if at.delays >= 0:
        programs.hashed[DELAYED] = kept[at.delays + run]
    if at.rules >= 0:
        programs.hashed[CHOSEN] = kept[at.rules + run]
    for k in range(counts[place]):
        then = base + when[place, k]
        if not arrived & EVER or (then - arrived) & LAST < AHEAD:
            acted(POST, then, (arrived, spiked, rewarded), at, programs, given)
        spiked = then & LAST | EVER
        for i in range(len(at.posts)):
            given[n_words + n_arrivals + i] = traces[place, k, i]
    if phase in (WALK, EPOCHAL) or (phase == REWARDING and called):
        number = PRE if phase == WALK else EPOCH if phase == EPOCHAL else AT_REWARD
        acted(number, step, (arrived, spiked, rewarded), at, programs, given)
    for w in range(n_words):
        kept[at.words[w] + synapse] = given[w] & ((1 << at.bits[w]) - 1)
    return max(1, counts[place] + (phase != REPLAYING))


@compiled
def rewards(place, kept, at, given):
    """Give what is known of a place's rewards; return the last step's word, and if one came."""
    if not len(at.rewards):
        return 0, False
    first = len(given) - 2 - len(at.rewards)
    for i in range(2, len(at.rewards)):
        given[first + i - 2] = signed(kept[at.rewards[i] + place], REWARD_BITS)
    word = kept[at.rewards[0] + place]
    given[len(given) - 4] = signed(word, REWARD_BITS)
    return kept[at.rewards[1] + place], bool(word >> REWARD_BITS)


@compiled
def received(place, step, kept, at, programs, given):
    """Let a place have its reward: mark what is left of all, and when it was."""
    rewarded, _ = rewards(place, kept, at, given)
    given[len(given) - 3] = aged(step, rewarded)
    executed(MARK_REWARD, programs, given)
    for i in range(2, len(at.rewards)):
        mark = result(MARK_REWARD, programs, i - 2)
        kept[at.rewards[i] + place] = mark & ((1 << REWARD_BITS) - 1)
    kept[at.rewards[0] + place] &= (1 << REWARD_BITS) - 1
    kept[at.rewards[1] + place] = (step & LAST) | EVER


@compiled
def marked(run, step, kept, at, programs, given, out):
    """Mark an arrival of a run; ``out`` gets its traces."""
    last = at.lasts[0] + run
    for i in range(len(at.arrivals)):
        given[len(at.words) + i] = kept[at.arrivals[i] + run]
    given[len(given) - 2] = aged(step, kept[last])
    executed(MARK_PRE, programs, given)
    for i in range(len(at.arrivals)):
        out[i] = kept[at.arrivals[i] + run] = result(MARK_PRE, programs, i)
    kept[last] = (step & LAST) | EVER


@compiled
def noted(place, step, base, kept, at, posts, programs, given):
    """Note a post of a place: it waits; return how many do."""
    counts, when, traces = posts
    n, first = counts[place], len(at.words) + len(at.arrivals)
    last = (base + when[place, n - 1]) & LAST | EVER if n else kept[at.lasts[1] + place]
    for i in range(len(at.posts)):
        given[first + i] = traces[place, n - 1, i] if n else kept[at.posts[i] + place]
    given[len(given) - 1] = aged(step, last)
    executed(MARK_POST, programs, given)
    when[place, n] = step - base
    for i in range(len(at.posts)):
        traces[place, n, i] = result(MARK_POST, programs, i)
    counts[place] = n + 1
    return n + 1
