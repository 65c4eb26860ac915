"""How long things are: what is read at a glance is read."""

import ast
from pathlib import Path

from tests.house.sources import PACKAGES, ROOT, write

MOST_ENTRIES, MOST_LINES, MOST_OF_FUNCTION = 23, 300, 40

LONG_FILES = {
    "tests/link/test_top.py",
}
"""Files over the limit: may only shrink."""
LONG_FUNCTIONS = {
    "golden/dense/core.py: present",  # one loop on purpose: the specification, read from a to f
    "golden/dense/engine/kernel.py: present",  # the same loop
    "hdl/dense/host.py: elaborate",
    "hdl/link/transfers.py: _judge",
    "boards/tools/report.py: report",
    "tests/dense/test_timing.py: test_learning_presentation_cycle_by_cycle",
    "tests/formal/ending.py: encoder_ends",
    "tests/hdl/dense/test_encoder.py: compare",
    "tests/link/test_store.py: test_queue_and_places",
    "tests/link/test_values.py: test_values_of_every_size",
}
"""Functions over the limit: may only shrink."""


def sources(root):
    """Return our Python files."""
    return [path for name in (*PACKAGES, "tests") for path in sorted((root / name).rglob("*.py"))]


def long_files(root):
    """Return the files over the limit."""
    return {
        str(path.relative_to(root))
        for path in sources(root)
        if len(path.read_text().splitlines()) > MOST_LINES
    }


def long_functions(root):
    """Return the functions over the limit, not counting their docstrings."""
    return {
        f"{path.relative_to(root)}: {node.name}"
        for path in sources(root)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and _lines(node) > MOST_OF_FUNCTION
    }


def _lines(node: ast.FunctionDef) -> int:
    text = ast.get_docstring(node, clean=False)
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    return lines - (text.count("\n") + 1 if text else 0)


def full_folders(root):
    """Return the folders with too many entries, and how many they have."""
    folders = {path.parent for path in sources(root)} | {root / "docs", root / "docs/results"}
    counts = {
        str(folder.relative_to(root)): sum(_is_entry(path) for path in folder.iterdir())
        for folder in folders
    }
    return {folder: count for folder, count in counts.items() if count > MOST_ENTRIES}


def _is_entry(path: Path) -> bool:
    return path.name[0] not in "._" or path.name == "__init__.py"


# The rules trip


def test_size_rules_see_one_line_and_one_entry_too_many(tmp_path):
    body = '    """Long.\n\n    Doc.\n    """\n' + "    x = 1\n" * 39
    write(tmp_path, {"hdl/a.py": f"def f():\n{body}", "hdl/b.py": f"def g():\n{body}    x = 1\n"})
    write(tmp_path, {"sim/a.py": "x = 1\n" * 300, "sim/b.py": "x = 1\n" * 301})
    write(tmp_path, {f"golden/{i}.py": "" for i in range(23)})
    write(tmp_path, {f"boards/{i}.py": "" for i in range(24)})
    write(tmp_path, {"golden/.hidden": "", "golden/__pycache__/a": "", "docs/results/a": ""})
    assert long_functions(tmp_path) == {"hdl/b.py: g"}
    assert long_files(tmp_path) == {"sim/b.py"}
    assert full_folders(tmp_path) == {"boards": 24}


# The tree keeps them


def test_files_are_short():
    assert long_files(ROOT) - LONG_FILES == set()


def test_functions_are_short():
    assert long_functions(ROOT) - LONG_FUNCTIONS == set()


def test_folders_are_read_at_a_glance():
    assert full_folders(ROOT) == {}
