"""Files and modules that pages and docstrings name are there."""

import ast
import re

import pytest

from tests.house.sources import PACKAGES, ROOT, modules

PATH = re.compile(r"(?<![\w/.])((?:golden|hdl|sim|boards|tests|docs)/[\w/.-]*\w)")
DOTTED = re.compile(r"`~?((?:golden|hdl|sim|boards)(?:\.\w+)+)`")
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
FILES = modules()


def texts():
    """Yield (where, text) of pages, and of docstrings of modules, classes and functions."""
    for page in PAGES:
        yield page.name, page.read_text()
    for name, path in FILES.items():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                yield name, ast.get_docstring(node) or ""


def resolves(name):
    """Tell whether a dotted name is a module, or something that its file defines or imports."""
    module = max((m for m in FILES if f"{name}.".startswith(f"{m}.")), key=len, default=None)
    if module is None or module in PACKAGES and module != name:
        return False
    rest = name.removeprefix(module).lstrip(".").split(".")[0]
    return not rest or re.search(rf"\b{rest}\b", FILES[module].read_text()) is not None


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("golden", True),
        ("golden.dense.stdp", True),
        ("golden.dense.stdp.sweep", True),
        ("golden.dense.core.State.sha256", True),
        ("golden.core", False),
        ("golden.dense.stdp.swept", False),
        ("golden.formats.Fmt", False),
    ],
)
def test_rule_knows_what_is_there(name, there):
    assert resolves(name) == there


def test_paths_that_are_named_are_there():
    named = {(where, path) for where, text in texts() for path in PATH.findall(text)}
    assert len(named) > 100
    assert [(where, path) for where, path in sorted(named) if not (ROOT / path).exists()] == []


def test_modules_that_are_named_are_there():
    named = {(where, name) for where, text in texts() for name in DOTTED.findall(text)}
    assert len(named) > 100
    assert [(where, name) for where, name in sorted(named) if not resolves(name)] == []
