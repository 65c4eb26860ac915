"""Number formats on Amaranth values: the rules of `golden.numbers.formats` in gates."""

from amaranth.hdl import Const, Mux, Shape, Value, signed, unsigned

from golden.numbers.formats import Fmt


def shape(fmt: Fmt) -> Shape:
    """Return the Amaranth shape of a format."""
    return signed(fmt.width) if fmt.signed else unsigned(fmt.width)


def saturate(value: Value, fmt: Fmt) -> Value:
    """Clip to the nearest value of the format; `golden.numbers.formats.Fmt.saturate`."""
    high = value[fmt.width - fmt.signed :]
    sign = value[-1] if value.shape().signed else Const(0, 1)
    inside = ~high.any() | (high.all() if fmt.signed and value.shape().signed else 0)
    return Mux(inside, value[: fmt.width], Mux(sign, fmt.min, fmt.max))
