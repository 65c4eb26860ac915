"""Pseudo-random words: a 32-bit linear-feedback shift register, leaping one word a draw.

The register is linear over GF(2) and visits all 2**32 - 1 non-zero states (Marsaglia, "Xorshift
RNGs", J. Stat. Softw. 8(14), 2003, triple 13, 17, 5). In hardware it is three layers of XOR and
gives one word per clock cycle. To advance it is, in 32 bits and in this order::

    s ^= s << 13;  s ^= s >> 17;  s ^= s << 5

A draw of ``n`` bits advances the register once, also if ``n`` is 0, and takes the *upper* ``n``
bits of the new state.

There are two registers, so that inference can never disturb learning:

========== =============================================== ===================================
register   one draw for                                    starts
========== =============================================== ===================================
encoder    every pixel that is not 0, in every step,       at every presentation, from
           ascending axon (Bernoulli encoder only)         ``encoder_seed``
stdp       every neuron at the start of a learning         once, from the run's seed; part of
           presentation, ascending (``drop_chance`` only); the learned state
           every axon of a sweep, ascending, also where
           the weight does not change
========== =============================================== ===================================
"""

from golden.numbers.formats import Fmt

STATE = Fmt(32, signed=False)
SPREAD = 2654435769
"""9E3779B9h, the odd number next to 2**32 over the golden ratio."""


def seeded(seed: int) -> int:
    """Spread a small seed over the register; never zero, where the register would stay for ever.

    ``seed * SPREAD`` modulo 2**32 (Knuth's multiplicative hash): an odd factor maps different seeds
    of 32 bits to different states. Seed 0 would give 0 and takes state 1, as 340573321 does.
    """
    return STATE.wrap(seed * SPREAD) or 1


def seed(state: int) -> int:
    """Return a seed that `seeded` makes this state of; the state is not 0."""
    return STATE.wrap(state * pow(SPREAD, -1, STATE.max + 1))


def step(state: int) -> int:
    """Advance the register by one word."""
    state ^= STATE.wrap(state << 13)
    state ^= state >> 17
    return state ^ STATE.wrap(state << 5)


def draw(state: int, n_bits: int) -> tuple[int, int]:
    """Advance and return (word uniform in [0, 2**n_bits), new state); ``n_bits`` is 0 to 32."""
    state = step(state)
    return state >> (STATE.width - n_bits), state
