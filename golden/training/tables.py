"""Plasticity tables over spike age, from short descriptions to integers.

``flat(gain, window)`` is the rectangular rule, ``exp(gain, tau, window)`` the exponential one:
entry ``age`` is ``gain * exp(-age / tau)``, rounded half to even. The exponential is computed in
decimal arithmetic of 28 digits, whose rounding is the same on every machine, and only its integers
are stored.
"""

import re
from decimal import Context, Decimal, localcontext

from golden.dense.params import LAST

FORM = re.compile(r"(flat|exp)\(\s*(\d+)\s*(?:,\s*0*([1-9]\d*)\s*)?,\s*(\d+)\s*\)", re.ASCII)
LIST = re.compile(r"\s*(\d+\s*(,\s*\d+\s*)*)?", re.ASCII)
LONGEST = LAST.max
DIGITS = Context(prec=28)


def table(text: str) -> tuple[int, ...]:
    """Return the table for ``flat(gain, window)``, ``exp(gain, tau, window)`` or ``1, 2, 3``.

    Raises
    ------
    ValueError
        If the text has none of these forms.
    """
    match = FORM.fullmatch(text)
    if match is None or (match[1] == "exp") != (match[3] is not None):
        if LIST.fullmatch(text):
            return tuple(int(number) for number in text.split(",") if number.strip())
        raise ValueError(
            f"table must be flat(gain, window), exp(gain, tau, window) or integers, not {text!r}"
        )
    gain, window = int(match[2]), int(match[4])
    if window > LONGEST:
        raise ValueError(f"window must be at most {LONGEST} steps, not {window}")
    if match[1] == "flat":
        return (gain,) * window
    with localcontext(DIGITS):
        tau = int(match[3])
        return tuple(round(gain * (Decimal(-age) / tau).exp()) for age in range(window))
