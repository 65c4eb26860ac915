"""Number formats on Amaranth values: the rules of `golden.numbers.formats` in gates."""

from amaranth.hdl import Mux, Shape, Value, signed, unsigned

from golden.numbers.formats import Fmt


def shape(fmt: Fmt) -> Shape:
    """Return the Amaranth shape of a format."""
    return signed(fmt.width) if fmt.signed else unsigned(fmt.width)


def saturate(value: Value, fmt: Fmt) -> Value:
    """Clip to the nearest value of the format; `golden.numbers.formats.Fmt.saturate`."""
    return Mux(value > fmt.max, fmt.max, Mux(value < fmt.min, fmt.min, value))
