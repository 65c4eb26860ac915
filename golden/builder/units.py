"""Times as people write them, in steps."""

from fractions import Fraction

from golden.builder.given import whole

LAST_STEP = (1 << 32) - 1
"""Of a run: random words tell no more steps apart."""
MS = {"us": Fraction(1, 1000), "ms": Fraction(1), "s": Fraction(1000)}


def milliseconds(given: object, what: str) -> Fraction:
    """Return a time in ms: a number is ms, a text may have a unit, "1/2 ms" or "2 s".

    Raises
    ------
    ValueError
        If it is not a time, or negative.
    """
    number, unit = str(given).strip(), Fraction(1)
    for name in ("ms", "us", "s"):
        if number.endswith(name):
            number, unit = number[: -len(name)].strip(), MS[name]
            break
    try:
        time = Fraction(number) * unit
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{what} must be a time in ms, not {given!r}") from None
    if time < 0:
        raise ValueError(f"{what} must be a time of 0 ms or more, not {given!r}")
    return time


def step_length(given: object, any_step: bool = False) -> float:
    """Return a step in ms.

    Raises
    ------
    ValueError
        If it is 0 or, unless it may be any, no power of two.
    """
    time = milliseconds(given, "dt")
    top, bottom = time.numerator, time.denominator
    if top == 0 or not any_step and (top & (top - 1) or bottom & (bottom - 1)):
        raise ValueError(f"dt must be a power of two of a ms, such as 1, 1/2 or 1/8, not {given}")
    return float(time)


def how_long(dt: float, duration: object = None, steps: int | None = None) -> int:
    """Return the steps of a run that is given a duration or steps.

    Raises
    ------
    ValueError
        If it is given both, none, no time, or more steps than random words tell apart.
    """
    if steps is not None and duration is None:
        return whole(steps, "steps", 0, LAST_STEP + 1)
    if duration is None or steps is not None:
        raise ValueError("a run must be given a duration or steps, not both or none")
    time = milliseconds(duration, "duration")
    number = round(time / milliseconds(dt, "dt"))
    if time and not number:
        raise ValueError(f"duration must be 0 or a step of {dt:g} ms or more, not {duration}")
    return whole(number, "steps of a duration", 0, LAST_STEP + 1)
