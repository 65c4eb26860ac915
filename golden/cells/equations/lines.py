"""Splits what a user wrote into statements: equations, names for expressions, resets."""

import keyword
import re
from dataclasses import dataclass

DERIVATIVE = re.compile(
    r"(?:d(?P<d>\w+)\s*/\s*dt|(?P<prime>[A-Za-z_]\w*)\s*')\s*=(?!=)(?P<rest>.*)"
)
NAMED = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*=(?!=)(?P<rest>.*)")
DECLARED = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*:[^=]*")
"""What Brian2 calls a parameter: a name, a unit and no equation."""
CHANGE = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*(?P<operator>[-+*/]?)=(?!=)(?P<rest>.*)")
HELD = "unless refractory"
FLAG = re.compile(r"\(([^()]*)\)$")


@dataclass(frozen=True, slots=True)
class Line:
    """``name' = text : unit (unless refractory)``; without the prime it names an expression."""

    name: str
    text: str
    unit: str
    derivative: bool
    held: bool


@dataclass(frozen=True, slots=True)
class Change:
    """``name operator= text`` of a reset."""

    name: str
    operator: str
    text: str


def statements(text: str) -> list[str]:
    """Split at line ends and semicolons outside brackets; ``#`` begins a comment."""
    found, open_brackets = [""], 0
    for line in text.splitlines():
        for character in [*line.split("#")[0], "\n"]:
            open_brackets += (character == "(") - (character == ")")
            if character in ";\n" and open_brackets <= 0:
                found.append("")
            else:
                found[-1] += " " if character == "\n" else character
    return [" ".join(x.split()) for x in found if x.strip()]


def equations(text: str) -> list[Line]:
    """Read all equations.

    Raises
    ------
    ValueError
        If a statement is none, or a name is taken twice or no name.
    """
    lines = [_line(statement) for statement in statements(text)]
    if not any(line.derivative for line in lines):
        raise ValueError("equations must have one such as v' = -v/(10*ms), not none")
    for number, line in enumerate(lines):
        if line.name in {other.name for other in lines[:number]}:
            raise ValueError(f"{line.name} must have one equation, not two")
    return lines


def _line(statement: str) -> Line:
    match = DERIVATIVE.fullmatch(statement) or NAMED.fullmatch(statement)
    declared = DECLARED.fullmatch(statement)
    if declared:
        raise ValueError(
            f"{declared['name']} must be named in inputs or parameters alone, not by {statement!r}"
        )
    if match is None:
        raise ValueError(f"an equation must be like v' = -v/(10*ms) : mV, not {statement!r}")
    parts = match.groupdict()
    name = parts.get("d") or parts.get("prime") or parts["name"]
    expression, colon, unit = parts["rest"].partition(":")
    flag = FLAG.search(unit.strip()) if colon else None
    held = bool(flag and " ".join(flag[1].split()) == HELD)
    if flag and not held and " " in flag[1].strip():
        raise ValueError(f"a flag of {name} must be ({HELD}), not {flag[0]}")
    unit = unit.strip()[: -len(flag[0])] if held and flag else unit
    if colon and not unit.strip():
        raise ValueError(f"the unit of {name} must stand after its colon, 1 if it has none")
    derivative = "name" not in parts
    if held and not derivative:
        raise ValueError(f"{name} must be a variable with a derivative to be held {HELD}")
    return Line(name, expression.strip(), unit.strip() or "1", derivative, held)


def changes(text: str) -> list[Change]:
    """Read the statements of a reset.

    Raises
    ------
    ValueError
        If one is no assignment.
    """
    found = []
    for statement in statements(text):
        match = CHANGE.fullmatch(statement)
        if match is None:
            raise ValueError(f"a reset must be like v = c or u += d, not {statement!r}")
        found.append(Change(match["name"], match["operator"], match["rest"].strip()))
    return found


def check_name(name: str, what: str, taken: set[str]) -> None:
    """Refuse what is no name of its own.

    Raises
    ------
    ValueError
        If it is no identifier, a word of the language, or taken.
    """
    if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) or keyword.iskeyword(name):
        raise ValueError(f"name of {what} must be a letter with letters and digits, not {name!r}")
    if name in taken:
        raise ValueError(f"name of {what} must be its own, not {name} of a unit, function or other")
