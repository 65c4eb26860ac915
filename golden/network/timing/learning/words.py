"""Random words of synapses, compiled: `golden.numbers.hash` for the step of each event.

``hashed`` holds what they are made of, and beside it what else stands still in a visit.
"""

from golden.numbers.compiled import compiled
from golden.numbers.hash import DROPPED, LOW, ROUNDS, speck_round

SEED, OWNER, DELAYED, CHOSEN, FIRST_KEY = range(5)
"""Places: the seed, the number of the synapse, its delay, its rule, the keys from there on."""
turned = compiled(speck_round)


@compiled
def keyed(hashed, step):
    """Keep the keys of a step: `golden.numbers.hash.round_keys`."""
    seed = hashed[SEED]
    key, now, following, last = seed & LOW, seed >> 16, step & LOW, step >> 16 & LOW
    for i in range(DROPPED + ROUNDS):
        if i >= DROPPED:
            hashed[FIRST_KEY + i - DROPPED] = key
        spare, key = turned(now, key, i)
        now, following, last = following, last, spare


@compiled
def drawn(hashed, purpose):
    """Return a random word of the synapse in the step whose keys are kept."""
    x, y = purpose << 8 | hashed[OWNER] >> 16, hashed[OWNER] & LOW
    for i in range(ROUNDS):
        x, y = turned(x, y, hashed[FIRST_KEY + i])
    return x << 16 | y
