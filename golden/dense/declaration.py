"""How a parameter is declared: kind, range, unit, register; and what is refused because of it.

A field of `golden.dense.params.Params` is made with `fixed`, `register` or `host`. Whoever needs a
list of parameters, their ranges or their registers asks `declarations`, and writes none.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from enum import Enum
from functools import cache
from typing import Any

from golden.numbers.formats import Fmt, index_bits

BIT = Fmt(1, signed=False)
DATA = Fmt(32, signed=False)
"""A word of the host, and the longest register."""
COUNT = Fmt(11, signed=False)
"""A number of spikes: at most one in each of 1023 steps, and 64 voters."""
TABLE = tuple[int, ...]
"""Type of a parameter that is a table; its register holds how long it is."""


class ParameterKind(Enum):
    """When a parameter is chosen."""

    FIXED = "when the core is made: sizes, formats, shifts"
    REGISTER = "at run time, by a register"
    HOST = "by the host, for what it draws and loads"


class Unit(Enum):
    """What a parameter counts. `golden.training.recipe_file` rescales the last three."""

    NUMBER = "things, or nothing that has a unit"
    PIXELS = "pixels"
    STEPS = "steps of network time"
    PRESENTATIONS = "presentations"
    BITS = "bits, or places of a binary point"
    WEIGHT = "steps of the weight's lowest bit"
    THETA = "parts of such a step, 2**-theta_shift"
    GAINS = "gains of plasticity; with hard bounds in steps of the weight's lowest bit"


class Size(Enum):
    """In what a core is as large as the value that it is made for."""

    BITS = "the register has the bits for it: larger values go, as far as these reach"
    PLACES = "a ring, a table or a choice goes as far as it: nothing beyond"


Format = Fmt | str | Callable[[Any], Fmt]
"""A format, the name of one of `Params`, or a function of `Params`."""
Span = int | tuple[int, int] | Callable[[Any], tuple[int, int]]
"""Lowest and highest value; the lowest alone, where the highest is the format's; or a function of
`Params`, asked when all plain ranges are right."""


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """All that is chosen about a parameter, but its default and its meaning."""

    name: str = ""
    type: Any = int
    kind: ParameterKind
    span: Span | None = None
    """Of a table, that of its entries. None is that of the register's format."""
    choices: tuple[str, ...] = ()
    """Words it may be; the first is off."""
    longest: int = 0
    """Entries of a table, at most."""
    bits: Any = None
    """The field of the parameter that says how many bits the format has."""
    unit: Unit = Unit.NUMBER
    off: bool = False
    """A core that is made for 0, False, the first choice or no entries lacks its hardware."""
    late: bool = False
    """Came when runs and cores had been recorded: `told` leaves it out while it is the default."""
    inert: bool = False
    """Changes nothing but cells and cycles, so that it tells cores apart and no runs; lanes and
    ports, which all recorded runs say, tell runs apart too."""
    register: str = ""
    """Name of the register, where it is not the parameter's: it holds something that follows."""
    format: Format | None = None
    """Of the register; None is as wide as the largest value, or as the one a core is made for."""
    size: Size | None = None
    only: Callable[[Any], Any] = lambda p: True
    """Tells of which `Params` the core has a use for the register."""
    cut: bool = False
    """A number too large for the register does the same as the register's largest."""
    codes: tuple[Callable[[int], int], Callable[[int], int]] = (int, int)
    """From a number to what the register holds of it, and back."""

    def code(self, value: Any) -> int:
        """Return the number that stands for a value: in a register, in the engine, in a core."""
        if self.type == TABLE:
            return len(value)
        return self.choices.index(value) if self.choices else self.codes[0](value)

    def value(self, code: int) -> Any:
        """Undo `code`, but of tables.

        Raises
        ------
        ValueError
            If no value has this code.
        """
        if self.choices:
            check_range(self.register, code, 0, len(self.choices) - 1)
            return self.choices[code]
        value = self.type(self.codes[1](code))
        if self.code(value) != code:
            raise ValueError(f"{self.register} must stand for some {self.name}, not be {code}")
        return value

    def fmt(self, p: Any) -> Fmt:
        """Return the format of the register in a core that is made for ``p``."""
        if isinstance(self.format, str):
            return getattr(p, self.format)
        if self.format is not None:
            return self.format if isinstance(self.format, Fmt) else self.format(p)
        if self.type is bool:
            return BIT
        most = len(self.choices) - 1 if self.choices else self.code(getattr(p, self.name))
        return Fmt(index_bits(most + 1), signed=False)

    def exists(self, p: Any) -> bool:
        """Tell whether a core that is made for ``p`` has the register."""
        built = not self.off or self.code(getattr(p, self.name)) != 0
        return self.kind is ParameterKind.REGISTER and built and bool(self.only(p))

    def needs_more(self, ours: Any, theirs: Any) -> bool:
        """Tell whether a value needs hardware that one made for another value may lack."""
        made_for = self.kind is ParameterKind.REGISTER and (self.off or self.size is not None)
        return made_for and abs(self.code(theirs)) > abs(self.code(ours))

    def check_type(self, value: Any) -> None:
        """Raise TypeError unless the value is of the right type."""
        if self.type == TABLE:
            if not isinstance(value, tuple) or any(type(x) is not int for x in value):
                raise TypeError(f"{self.name} must be a tuple of integers, not {value!r}")
        elif type(value) is not self.type:
            raise TypeError(f"{self.name} must be {self.type.__name__}, not {value!r}")

    @property
    def is_plain(self) -> bool:
        """Whether the range is the same in all cores."""
        of_format = not callable(self.span) and isinstance(self.format, Fmt)
        return isinstance(self.span, tuple) or of_format

    def check_value(self, p: Any) -> None:
        """Raise ValueError unless the value in ``p`` is a choice, or in the range."""
        value = getattr(p, self.name)
        if self.choices and value not in self.choices:
            choices = ", ".join(self.choices)
            raise ValueError(f"{self.name} must be one of {choices}, not {value!r}")
        if self.type is bool or self.choices:
            return
        low, high = self.range(p)
        if self.type is int:
            check_range(self.name, value, low, high, self._room(p, value))
            return
        if len(value) > self.longest:
            raise ValueError(
                f"{self.name} must be at most {self.longest} steps long, as the spike ages count "
                f"no further, not {len(value)}"
            )
        for entry in value:
            check_range(f"every gain of {self.name}", entry, low, high)

    def range(self, p: Any = None) -> tuple[int, int]:
        """Return the lowest and the highest value; a plain range is that of any ``p``."""
        if callable(self.span):
            return self.span(p)
        if isinstance(self.span, tuple):
            return self.span
        return self.fmt(p).min if self.span is None else self.span, self.fmt(p).max

    def _room(self, p: Any, value: int) -> str:
        """Return what to set as well, if anything, so that a value is in the range."""
        needed = value.bit_length()
        if not self.bits or needed <= getattr(p, self.bits.name):
            return ""
        possible = needed <= declarations(type(p))[self.bits.name].range()[1]
        return f": {self.bits.name}={needed} makes room for it" if possible else ""


def fixed(default: Any, span: Span | None = None, **declared: Any) -> Any:
    """Declare a parameter that is fixed when a core is made."""
    return _declared(default, ParameterKind.FIXED, span, declared)


def register(default: Any, span: Span | None = None, **declared: Any) -> Any:
    """Declare a parameter that a register holds."""
    return _declared(default, ParameterKind.REGISTER, span, declared)


def host(default: Any, span: Span | None = None, **declared: Any) -> Any:
    """Declare a parameter that only the host knows."""
    return _declared(default, ParameterKind.HOST, span, declared)


def table(
    default: tuple[int, ...], register: str, entry: Fmt, longest: int, **declared: Any
) -> Any:
    """Declare a table; ``register`` holds how many entries are in use."""
    declared |= {"register": register, "longest": longest, "size": Size.PLACES}
    return _declared(default, ParameterKind.REGISTER, (entry.min, entry.max), declared)


def _declared(default, kind, span, declared):
    return field(default=default, metadata={Declaration: (kind, span, declared)})


@cache
def declarations(kind: type) -> dict[str, Declaration]:
    """Return how each field of a class of parameters is declared, in their order."""
    made = {}
    for each in fields(kind):
        chosen, span, declared = each.metadata[Declaration]
        found = Declaration(name=each.name, type=each.type, kind=chosen, span=span, **declared)
        made[each.name] = replace(found, register=found.register or each.name)
    return made


def check(p: Any) -> None:
    """Raise TypeError or ValueError, "X must be Y, not Z", at the first impossible parameter."""
    declared = declarations(type(p)).values()
    for each in declared:
        each.check_type(getattr(p, each.name))
    # Ranges that follow from other parameters come last, when those are right.
    for is_plain in (True, False):
        for each in declared:
            if each.is_plain == is_plain:
                each.check_value(p)


def told(p: Any) -> dict[str, Any]:
    """Return parameters as plain values that tell cores apart.

    What came late and is the default is left out: so whatever was recorded before is still known
    for what it is.
    """
    declared, default = declarations(type(p)), {each.name: each.default for each in fields(p)}
    return {k: v for k, v in asdict(p).items() if not declared[k].late or v != default[k]}


def told_of_runs(p: Any) -> dict[str, Any]:
    """Return parameters as plain values that tell runs apart: those on which results depend."""
    return {k: v for k, v in told(p).items() if k not in inert(type(p))}


def inert(kind: type) -> set[str]:
    """Return the parameters that tell no runs apart."""
    return {each.name for each in declarations(kind).values() if each.inert}


def made_as(p: Any, built: Any) -> Any:
    """Return parameters of the same run on a core that is made for ``built``.

    Raises
    ------
    ValueError
        If it has more steps than that core counts.
    """
    return replace(p, **{name: getattr(built, name) for name in inert(type(p))})


def plain(kind: type, values: Any) -> dict[str, Any]:
    """Return plain values, lists for tables, as the fields of a class of parameters have them.

    Raises
    ------
    TypeError, ValueError
        If they are no dict, or a name is unknown.
    """
    if not isinstance(values, dict):
        raise TypeError(f"params must be a dict, not {values!r}")
    for name in values:
        if name not in declarations(kind):
            raise ValueError(f"parameter must be one of {kind.__name__}, not {name!r}")
    return {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}


def check_range(name: str, value: int, low: int, high: int, advice: str = "") -> None:
    """Raise ValueError unless ``low <= value <= high``."""
    if not low <= value <= high:
        raise ValueError(f"{name} must be {low} to {high}, not {value}{advice}")
