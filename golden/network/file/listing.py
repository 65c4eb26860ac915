"""A program as a list that anybody can write down, and back: everything is proved once more.

An operation is a row ``[name, operands, detail, low, high, point]``, its number its place in the
list; `golden.cells.value` has the table of names, `golden.cells.program` says what is taken from
outside. Whoever reads a list works every operation out again with the very operators that cells
are written with, so a row can claim no other range than the one that its operands lead to. That
of a constant holds its numbers, and may hold those of others, with which it shares a pipeline.
``within`` alone is taken at its word: golden stops where it does not hold.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from golden.cells.program import WORD_BITS, Constant, Program, Receptor, StateWord
from golden.cells.trace import RAW_BITS, Trace
from golden.cells.value import WIDEST, Value, bits, maximum, minimum, select

MOST_POINT = 1000
"""Of a binary point, so that ``2.0**point`` is a float."""
CELL_PURPOSES = 96
"""Of random words: a cell's own (`golden.network.source`)."""


class ListingError(ValueError):
    """A list that is no program; the text says why."""


class Remade(NamedTuple):
    """How an operation is made anew."""

    operands: int
    detail: Callable[[Any], bool]
    """Tells whether a detail is one."""
    made: Callable[..., Value]
    """Of its detail, its point and its operands."""


def listed(program: Program) -> list[list[Any]]:
    """Return the operations of a program as rows of JSON values."""
    return [_row(value) for value in program.values]


def _row(v: Value) -> list[Any]:
    detail = list(v.detail) if isinstance(v.detail, tuple) else v.detail
    return [v.operation, list(v.operands), detail, v.low, v.high, v.point]


def whole(x: Any, low: int = -(1 << WIDEST), high: int = 1 << WIDEST) -> bool:
    """Tell whether something is an integer of a range."""
    return type(x) is int and low <= x <= high


def _nothing(x: Any) -> bool:
    return x is None


def _to(low: int, high: int) -> Callable[[Any], bool]:
    return lambda x: whole(x, low, high)


def _ends(x: Any) -> bool:
    return isinstance(x, list) and len(x) == 2 and all(map(whole, x)) and x[0] <= x[1]


def _counted(x: Any) -> bool:
    return isinstance(x, list) and len(x) == 3 and _ends(x[:2]) and isinstance(x[2], str)


def _table(x: Any) -> bool:
    return isinstance(x, list) and len(x) > 0 and all(map(whole, x))


def _left(places: int, point: int, a: Value) -> Value:
    return a.rounded(a.point + places) if places else a.times2(a.point - point)


RULES = {
    "add": Remade(2, _nothing, lambda _, __, a, b: a + b),
    "subtract": Remade(2, _nothing, lambda _, __, a, b: a - b),
    "multiply": Remade(2, _nothing, lambda _, __, a, b: a * b),
    "less": Remade(2, _nothing, lambda _, __, a, b: a < b),
    "and": Remade(2, _nothing, lambda _, __, a, b: a & b),
    "or": Remade(2, _nothing, lambda _, __, a, b: a | b),
    "not": Remade(1, _nothing, lambda _, __, a: ~a),
    "left": Remade(1, _to(0, WIDEST), _left),
    "round": Remade(1, _to(1, WIDEST), lambda places, _, a: a.rounded(a.point - places)),
    "floor": Remade(1, _to(1, WIDEST), lambda places, _, a: a.floored(a.point - places)),
    "clip": Remade(1, _ends, lambda ends, _, a: a.clipped(*ends)),
    "saturate": Remade(1, _counted, lambda word, _, a: a.saturated(*word)),
    "within": Remade(1, _ends, lambda ends, _, a: a.within(*ends)),
    "shift": Remade(2, _nothing, lambda _, __, a, places: a.shifted(places)),
    "low": Remade(1, _to(0, WIDEST - 1), lambda width, _, a: a.lowest(width)),
    "table": Remade(1, _table, lambda table, point, a: a.look_up(tuple(table), point)),
    "select": Remade(3, _nothing, lambda _, __, asked, a, b: select(asked, a, b)),
    "minimum": Remade(2, _nothing, lambda _, __, a, b: minimum(a, b)),
    "maximum": Remade(2, _nothing, lambda _, __, a, b: maximum(a, b)),
}
"""Of what is made of other values."""
ALIGNED = {"add", "subtract", "less", "select", "minimum", "maximum"}
"""Operations whose last two operands must have one point."""


class Retrace:
    """Makes the operations of a list anew.

    Parameters
    ----------
    dt, operand_bits
        As in `golden.cells.trace.Trace`.
    states, receptors, constants
        What operations take from outside.
    given : dict
        What they take from outside beside that, and keep not: two ends and a point, by name.
    purposes : (int, int)
        The first and the last that random words may have.
    """

    def __init__(
        self,
        dt: float,
        operand_bits: int,
        states: Iterable[StateWord],
        receptors: Iterable[Receptor],
        constants: Iterable[Constant],
        given: Mapping[str, tuple[int, int, int]] | None = None,
        purposes: tuple[int, int] = (0, CELL_PURPOSES - 1),
    ):
        self._given, self._purposes = given or {}, purposes
        self._trace = Trace(dt, operand_bits)
        self._states = {s.name: s for s in states}
        self._receptors = {r.name: r for r in receptors}
        self._constants = {c.name: c for c in constants}
        self._values: list[Value] = []
        self._taken: Mapping[str, Callable[[Any, list[Any]], Value]] = {
            "state": self._state,
            "arrival": self._arrival,
            "constant": self._constant,
            "number": self._number,
            "random": self._random,
        }

    def values(self, rows: Any) -> tuple[Value, ...]:
        """Return the operations of a list.

        Raises
        ------
        ListingError
            If a row is none, or claims what its operands do not lead to.
        """
        if not isinstance(rows, list):
            raise ListingError("operations must be a list")
        for number, row in enumerate(rows):
            try:
                value = self._value(row)
            except ValueError as error:
                raise ListingError(f"operation {number}: {error}") from None
            if value.index != number:
                raise ListingError(f"operation {number}: it must do what none before it does")
            if _row(value) != row:
                raise ListingError(
                    f"operation {number}: it must be {_shown(_row(value))}, not {_shown(row)}"
                )
            self._values.append(value)
        return tuple(self._values)

    def _value(self, row: Any) -> Value:
        if not isinstance(row, list) or len(row) != 6 or not isinstance(row[0], str):
            raise ListingError("it must have a name, operands, a detail, two ends and a point")
        name, places, detail, _, _, point = row
        if not isinstance(places, list) or not all(
            whole(place, 0, len(self._values) - 1) for place in places
        ):
            raise ListingError(f"operands of {name} must be among those before, not {places!r}")
        if not whole(point, -MOST_POINT, MOST_POINT):
            raise ListingError(f"point must be within {MOST_POINT} of 0, not {point!r}")
        operands = [self._values[place] for place in places]
        taken, rule = self._taken.get(name), RULES.get(name)
        if not taken and not rule:
            raise ListingError(f"name must be that of an operation, not {name!r}")
        wanted = rule.operands if rule else 0
        if len(operands) != wanted:
            raise ListingError(f"{name} must have {wanted} operands, not {len(operands)}")
        if taken:
            return taken(detail, row)
        assert rule is not None
        if not rule.detail(detail):
            raise ListingError(f"detail of {name} must be one, not {_shown(detail, 40)}")
        if name in ALIGNED and operands[-1].point != operands[-2].point:
            raise ListingError(f"operands of {name} must have one point")
        if name == "saturate" and detail[2] not in {*self._states, *self._receptors}:
            raise ListingError(f"saturate must count a state or a receptor, not {detail[2]!r}")
        value = rule.made(detail, point, *operands)
        if value.low > value.high:
            raise ListingError(f"{name} must leave a range, not nothing")
        return value

    def _state(self, name: Any, _: list[Any]) -> Value:
        if isinstance(name, str) and name in self._given:
            return self._trace.make("state", (), *self._given[name], name)
        word = _known(self._states, "state", name)
        ends = -(1 << (word.width - 1)), (1 << (word.width - 1)) - 1
        return self._trace.make("state", (), *ends, word.scale.point, name)

    def _arrival(self, name: Any, _: list[Any]) -> Value:
        word = _known(self._receptors, "receptor", name)
        ends = -(1 << (RAW_BITS - 1)), (1 << (RAW_BITS - 1)) - 1
        return self._trace.make("arrival", (), *ends, word.scale.point, name)

    def _constant(self, name: Any, row: list[Any]) -> Value:
        word, ends = _known(self._constants, "constant", name), row[3:5]
        low, high = word.range
        # A pipeline that others share has room for their numbers, too.
        if _ends(ends) and ends[0] <= low and high <= ends[1] and bits(*ends) <= WORD_BITS:
            low, high = ends
        return self._trace.make("constant", (), low, high, word.point, name)

    def _number(self, number: Any, row: list[Any]) -> Value:
        point = row[5]
        if not whole(number):
            raise ListingError(f"number must be one, not {_shown(number, 40)}")
        return self._trace.number(number, point)

    def _random(self, detail: Any, _: list[Any]) -> Value:
        if not (
            isinstance(detail, list)
            and len(detail) == 2
            and whole(detail[0], *self._purposes)
            and whole(detail[1], 1, RAW_BITS)
        ):
            raise ListingError(f"random must have a purpose and bits, not {_shown(detail, 40)}")
        return self._trace.make("random", (), 0, (1 << detail[1]) - 1, 0, tuple(detail))


def _known(words: Mapping[str, Any], what: str, name: Any) -> Any:
    if not isinstance(name, str) or name not in words:
        raise ListingError(f"{what} must be one of {', '.join(words)}, not {_shown(name, 40)}")
    return words[name]


def _shown(given: Any, most: int = 200) -> str:
    return repr(given)[:most]
