"""Arithmetic that several cells use, made of operations: a table with interpolation."""

from golden.cells.value import Value


def interpolated(x: Value, entries: tuple[int, ...], point: int, low: int, shift: int) -> Value:
    """Return a function of x from a table, linear between its entries, rounded once to nearest.

    For the integer n of x, kept within the table, with ``i, r = divmod(n - low, 2**shift)``, it is
    ``entries[i] + (entries[i + 1] - entries[i]) * r / 2**shift``. Of r the upper bits count that
    fit a factor.

    Parameters
    ----------
    x : Value
    entries : tuple of int
        Values at ``low + i * 2**shift``, at binary point ``point``; two neighbours differ by less
        than a factor may have.
    low : int
        The n of the first entry.
    shift : int
        Bits of n between two entries; 0 if each n has its own.
    """
    top = low + ((len(entries) - 1) << shift)
    places = x.clipped(low, top if shift == 0 else top - 1) - x.trace.number(low, x.point)
    index = places.floored(x.point - shift)
    here = index.look_up(entries if shift == 0 else entries[:-1], point)
    if shift == 0:
        return here
    slopes = tuple(b - a for a, b in zip(entries, entries[1:], strict=False))
    rest = places.lowest(shift).times2(x.point - shift)
    rest = rest.floored(min(shift, x.trace.operand_bits - 1))
    return (here + index.look_up(slopes, point) * rest).rounded(point)
