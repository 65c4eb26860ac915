"""One step of the random register; `golden.numbers.lfsr.step` in gates, three layers of XOR."""

from amaranth.hdl import Value

from golden.numbers.lfsr import STATE

STATE_WIDTH = STATE.width


def step(state: Value) -> Value:
    """Return the register one word later.

    Combinational. The word that is drawn is the upper bits of the *new* state.
    """
    for shift in (13, -17, 5):
        moved = state << shift if shift > 0 else state >> -shift
        state = Value.cast((state ^ moved)[:STATE_WIDTH])
    return state


def drawn(state: Value, n_bits: int) -> Value:
    """Return the upper ``n_bits`` of a state, 0 to 32."""
    return state[STATE_WIDTH - n_bits :]
