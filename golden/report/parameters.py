"""Every parameter with its meaning, and how to reproduce the run: section 8 of the report."""

import ast
import inspect
import itertools
import re
import shlex
from dataclasses import fields
from typing import Any

from golden.dense.params import Params
from golden.pictures.markup import number, table, text


def parameters(p: Params, metrics: dict[str, Any]) -> str:
    """Return the command of the run and the table of parameters."""
    meanings = field_meanings(Params)
    rows = [
        (f"<code>{field.name}</code>", _value(p, field), _prose(meanings.get(field.name, "")))
        for field in fields(p)
    ]
    return (
        f"{_reproduce(metrics)}<p>Values in bold differ from the default.</p>"
        f"{table(('parameter', 'value', 'meaning'), rows, 'plain')}"
    )


def field_meanings(kind: type) -> dict[str, str]:
    """Return the docstring after each field of a class; fields without one are left out."""
    (definition,) = ast.parse(inspect.getsource(kind)).body
    meanings = {}
    for line, after in itertools.pairwise(getattr(definition, "body", ())):
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            match after:
                case ast.Expr(ast.Constant(str(meaning))):
                    meanings[line.target.id] = meaning
    return meanings


def _value(p: Params, field) -> str:
    value = getattr(p, field.name)
    shown = _runs(value) if isinstance(value, tuple) else number(value)
    return shown if value == field.default else f"<b>{shown}</b>"


def _runs(values: tuple[int, ...]) -> str:
    """Return "8, 4 (3 times)" for (8, 4, 4, 4)."""
    runs = [(value, len(list(group))) for value, group in itertools.groupby(values)]
    words = (f"{value}" if n == 1 else f"{value} ({n} times)" for value, n in runs)
    return ", ".join(words) or "empty"


def _prose(meaning: str) -> str:
    code = re.sub(r"(`+)(.+?)\1", r"<code>\2</code>", text(" ".join(meaning.split())))
    return code.replace("**", "^")


def _reproduce(metrics: dict[str, Any]) -> str:
    command = metrics.get("command")
    if not command:
        return (
            f"<p>The command was not recorded. The same data, parameters and seed "
            f"({text(metrics['seed'])}) give the same state hash on every computer.</p>"
        )
    words = command if isinstance(command, str) else shlex.join(map(str, command))
    return (
        f'<p>This command gives the same state hash on every computer:</p><pre class="wide">'
        f"{text(words)}</pre>"
    )
