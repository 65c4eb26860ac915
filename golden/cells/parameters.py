"""What parameters of cells must be, and what formats follow from them."""

from typing import Any

import numpy as np


def above(least: Any, name: str, value: Any, unit: str = "") -> None:
    """Refuse a parameter that is not above a number, for any neuron.

    Raises
    ------
    ValueError
        If it is not.
    """
    least, value = np.broadcast_arrays(np.asarray(least, float), np.asarray(value, float))
    bad = ~(value > least)
    if bad.any():
        raise ValueError(
            f"{name} must be above {least[bad].flat[0]:g}{unit}, not {value[bad].flat[0]:g}{unit}"
        )


def one_of(choices: tuple, name: str, value: object) -> None:
    """Refuse what is none of the choices.

    Raises
    ------
    ValueError
        If it is none.
    """
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(str, choices))}, not {value}")


def guard_bits(tau: Any, dt: float) -> int:
    """Return ceil(log2(tau / dt)) of the longest finite tau, at least 0.

    So many bits below its last needed place a word must have that decays by a product rounded to
    nearest: it stops half of tau / dt last places above 0.
    """
    taus = np.asarray(tau, float)
    longest = float(np.max(taus, where=np.isfinite(taus), initial=dt))
    return max(0, int(np.ceil(np.log2(longest / dt))))
