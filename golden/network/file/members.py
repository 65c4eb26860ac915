"""Fields and arrays of a network's file, written and read with what they may be."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.command.archive import Shapes
from golden.numbers.formats import Array

EACH = "each"
"""Stands for an array with one number for each neuron, which is a member."""
WORD = 1 << 31
FAR = 1 << 62


class PlanFileError(ValueError):
    """A file that holds no network; the text says why."""


def shown(given: Any) -> str:
    """Return something as a message can show it."""
    return repr(given)[:40]


class Entry:
    """What a file says about one thing, field by field.

    Parameters
    ----------
    what : str
        As messages call it.
    given : dict
        Must have the fields ``names`` and no others.
    """

    def __init__(self, what: str, given: Any, names: str):
        if not isinstance(given, dict) or set(given) != set(names.split()):
            raise PlanFileError(f"{what} must have {', '.join(names.split())} and nothing else")
        self.what, self._given = what, given

    def __getitem__(self, name: str) -> Any:
        return self._given[name]

    def whole(self, name: str, low: int, high: int) -> int:
        """Return an integer of a range."""
        value = self[name]
        if type(value) is not int or not low <= value <= high:
            raise self._wrong(name, f"{low} to {high}")
        return value

    def text(self, name: str, empty: bool = False) -> str:
        """Return a text, which may be empty if that is allowed."""
        value = self[name]
        if not isinstance(value, str) or not (value or empty):
            raise self._wrong(name, "a text")
        return value

    def items(self, name: str) -> list[Any]:
        """Return a list."""
        value = self[name]
        if not isinstance(value, list):
            raise self._wrong(name, "a list")
        return value

    def number(self, name: str) -> float:
        """Return a finite number."""
        value = self[name]
        if type(value) not in {int, float} or not math.isfinite(value):
            raise self._wrong(name, "a number")
        return float(value)

    def _wrong(self, name: str, wanted: str) -> PlanFileError:
        return PlanFileError(f"{name} of {self.what} must be {wanted}, not {shown(self[name])}")


class MemberWriter:
    """Collects the arrays of a file."""

    def __init__(self):
        self.members: dict[str, Array] = {}

    @property
    def shapes(self) -> dict[str, list[int]]:
        """Of all members."""
        return {name: list(array.shape) for name, array in self.members.items()}

    def put(self, name: str, array: NDArray) -> None:
        """Add integers."""
        self.members[name] = np.asarray(array).astype(np.int64)

    def integers(self, name: str, values: Any) -> int | str:
        """Return one integer as it is; add an array, and return `EACH`."""
        if not np.ndim(values):
            return int(values)
        self.put(name, values)
        return EACH

    def floats(self, name: str, values: Any) -> float | str:
        """Do the same with floats; in an array each is the integer of its 64 bits."""
        if not np.ndim(values):
            return float(values)
        self.members[name] = np.array(values, np.float64).view(np.int64)
        return EACH


class MemberReader:
    """Hands out the arrays of a file, each of which must be wanted."""

    def __init__(self, members: Mapping[str, Array]):
        self._left = dict(members)

    def take(self, name: str, shape: tuple[int, ...], low: int = -FAR, high: int = FAR) -> Array:
        """Return an array of a shape whose numbers are in a range.

        Raises
        ------
        PlanFileError
            If there is none, or it is another one.
        """
        if name not in self._left:
            raise PlanFileError(f"member {name} must be there")
        array = self._left.pop(name)
        if array.shape != shape:
            raise PlanFileError(f"{name} must have the shape {shape}, not {array.shape}")
        outside = (array < low) | (array > high)
        if outside.any():
            raise PlanFileError(f"{name} must be {low} to {high}, not {array[outside].flat[0]}")
        return array

    def length(self, name: str) -> int:
        """Return how long a list is that may have any length."""
        return len(self._left.get(name, ()))

    def shape(self, name: str) -> tuple[int, int]:
        """Return how many rows and columns a table has that may have any number."""
        found = self._left[name].shape if name in self._left else ()
        if len(found) != 2:
            raise PlanFileError(f"{name} must be there, in rows and columns")
        return found

    def integers(self, name: str, given: Any, size: int, low: int, high: int) -> Array:
        """Return an integer, shape (), or one for each neuron."""
        if given == EACH:
            return self.take(name, (size,), low, high)
        if type(given) is not int or not low <= given <= high:
            raise PlanFileError(f"{name} must be {low} to {high}, not {shown(given)}")
        return np.array(given, np.int64)

    def floats(self, name: str, given: Any, size: int) -> Any:
        """Return a finite number, or one for each neuron."""
        if given == EACH:
            values: Any = self.take(name, (size,), -(1 << 63), (1 << 63) - 1).view(np.float64)
        elif type(given) in {int, float}:
            values = float(given)
        else:
            raise PlanFileError(f"{name} must be a number, not {shown(given)}")
        if not np.isfinite(values).all():
            raise PlanFileError(f"{name} must be finite")
        return values

    def finish(self) -> None:
        """Refuse what nobody has wanted."""
        if self._left:
            raise PlanFileError(f"member {next(iter(self._left))} must not be there")


def shapes(given: Any) -> Shapes:
    """Return the shapes that a file says its members have; whether they do is checked later."""
    if not isinstance(given, dict) or not all(map(_is_shape, given.values())):
        raise PlanFileError("shapes must be lists of one or two lengths")
    return {name: tuple(lengths) for name, lengths in given.items()}


def _is_shape(given: Any) -> bool:
    return (
        isinstance(given, list)
        and len(given) in {1, 2}
        and all(type(n) is int and 0 <= n < FAR for n in given)
    )


def each(what: str, given: list[Any], read: Callable[[int, Any], Any]) -> tuple[Any, ...]:
    """Return what is read from each item of a list, with the item's number in what is refused."""
    found = []
    for number, item in enumerate(given):
        try:
            found.append(read(number, item))
        except ValueError as error:
            raise PlanFileError(f"{what} {number}: {error}") from None
    return tuple(found)
