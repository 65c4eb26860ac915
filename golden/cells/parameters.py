"""What parameters of cells must be, and what formats follow from them."""

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np

Part = TypeVar("Part")


def settled(part: Part) -> Part:
    """Return a cell whose parameters are Python's numbers, arrays, and True or False.

    So are those of its receptors. A default says of what kind a parameter is; one whose default is
    None may be a number too.

    Raises
    ------
    ValueError
        If one is of another kind, or not finite.
    """
    changed = {}
    for field in fields(part):  # type: ignore[arg-type]
        name, value, default = field.name, getattr(part, field.name), field.default
        if isinstance(default, bool):
            if not isinstance(value, bool | np.bool_):
                raise ValueError(f"{name} must be True or False, not {value!r}")
        elif field.type in {"int", int}:
            if not isinstance(value, int | np.integer):
                raise ValueError(f"{name} must be a whole number, not {value!r}")
        elif isinstance(value, list | tuple) and value and all(map(is_piece, value)):
            changed[name] = tuple(map(settled, value))
        elif isinstance(default, int | float) or (default is None and value is not None):
            changed[name] = numbers(name, value)
    return replace(part, **changed)  # type: ignore[type-var]


def is_piece(value: Any) -> bool:
    """Tell whether a parameter is a part of a cell with parameters of its own, as receptors are."""
    return is_dataclass(value) and not isinstance(value, type)


def numbers(name: str, value: Any) -> Any:
    """Return a parameter as a number, or an array with one for each neuron.

    Raises
    ------
    ValueError
        If it is neither, or not finite.
    """
    try:
        found = np.asarray(value)
    except ValueError:  # a list of lists that differ in length
        found = np.asarray(None)
    if found.dtype.kind not in "biuf" or found.ndim > 1:
        raise ValueError(f"{name} must be a number or one for each neuron, not {value!r}")
    if not np.isfinite(found).all():
        raise ValueError(f"{name} must be finite, not {found[~np.isfinite(found)].flat[0]}")
    return found if found.ndim else found.item()


def told(given: dict[str, Any]) -> dict[str, Any]:
    """Return parameters by name as `numbers` does, and None as it is."""
    return {name: value if value is None else numbers(name, value) for name, value in given.items()}


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
