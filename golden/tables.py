"""Plasticity tables over spike age, from short descriptions to integers.

``flat(gain, window)`` is the rectangular rule, ``exp(gain, tau, window)`` the exponential one:
entry ``age`` is ``gain * exp(-age / tau)``, rounded half to even. The exponential is computed in
decimal arithmetic, whose rounding is the same on every machine, and only its integers are stored.
"""

import re
from decimal import Decimal

FORM = re.compile(r"^(flat|exp)\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?,\s*(\d+)\s*\)$")


def table(text: str) -> tuple[int, ...]:
    """Return the table for ``flat(gain, window)``, ``exp(gain, tau, window)`` or ``1, 2, 3``.

    Raises
    ------
    ValueError
        If the text has none of these forms.
    """
    match = FORM.match(text)
    if match is None or (match[1] == "exp") != (match[3] is not None) or match[3] == "0":
        if re.fullmatch(r"\s*(\d+\s*(,\s*\d+\s*)*)?", text):
            return tuple(int(number) for number in text.split(",") if number.strip())
        raise ValueError(
            f"table must be flat(gain, window), exp(gain, tau, window) or integers, not {text!r}"
        )
    gain, window = int(match[2]), int(match[4])
    if match[1] == "flat":
        return (gain,) * window
    return tuple(round(gain * (Decimal(-age) / int(match[3])).exp()) for age in range(window))
