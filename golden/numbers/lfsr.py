"""Pseudo-random words: a 32-bit linear-feedback shift register, leaping one word a draw.

The register is linear over GF(2) and visits all 2**32 - 1 non-zero states (Marsaglia, "Xorshift
RNGs", J. Stat. Softw. 8(14), 2003, triple 13, 17, 5). In hardware it is three layers of XOR and
gives one word per clock cycle. A draw of ``n`` bits advances the register once and takes the
*upper* ``n`` bits of the new state.

There are two registers, so that inference can never disturb learning:

========== =============================================== ===================================
register   one draw for                                    starts
========== =============================================== ===================================
encoder    every active pixel of every step, ascending     at every presentation, from its seed
           axon (Bernoulli encoder only)
stdp       every neuron at the start of a learning         once, from its seed; part of the
           presentation, ascending (``drop_chance`` only); learned state
           every axon of a sweep, ascending, also where
           the weight does not change
========== =============================================== ===================================
"""

from golden.numbers.formats import Fmt

STATE = Fmt(32, signed=False)


def seeded(seed: int) -> int:
    """Spread a small seed over the register; never zero, where the register would stay for ever.

    The seed is multiplied by an odd constant (Knuth's multiplicative hash), which maps different
    seeds of 32 bits to different states; seed 0 would give 0 and takes state 1, as 340573321 does.
    """
    return STATE.wrap(seed * 2654435769) or 1


def step(state: int) -> int:
    """Advance the register by one word."""
    state ^= STATE.wrap(state << 13)
    state ^= state >> 17
    return state ^ STATE.wrap(state << 5)


def draw(state: int, n_bits: int) -> tuple[int, int]:
    """Advance and return (word uniform in [0, 2**n_bits), new state); ``n_bits`` is 0 to 32."""
    state = step(state)
    return state >> (STATE.width - n_bits), state
