"""A value as it was some cycles ago."""

from amaranth.hdl import Module, Signal, Value


def delayed(m: Module, value: Value, n_cycles: int = 1, reset_less: bool = False) -> Value:
    """Return a value as it was ``n_cycles`` ago.

    After a reset it is 0 until the value itself arrives: strobes want that. With ``reset_less``,
    for data that a strobe goes with, it is anything, and costs no wire for the reset.
    """
    for _ in range(n_cycles):
        late = Signal(value.shape(), reset_less=reset_less)
        m.d.sync += late.eq(value)
        value = late
    return value
