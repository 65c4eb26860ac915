"""Who may import whom: the table of CONTRIBUTING.md, held for every file."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import PACKAGES, ROOT, imported, is_command, modules

Table = dict[str, tuple[str, ...]]

TABLE = re.compile(r"<!-- imports -->\n(.*?)<!-- imports -->", re.DOTALL)
ROW = re.compile(r"^\| `([\w.]+)` \| (.*) \|$", re.MULTILINE)


def table(text: str) -> Table:
    """Read the table: room -> rooms, modules and whole packages that it may import."""
    found = TABLE.search(text)
    assert found, "CONTRIBUTING.md must have the table between two marks <!-- imports -->"
    return {room: tuple(re.findall(r"`([\w.]+)`", cell)) for room, cell in ROW.findall(found[1])}


def inside(name: str, place: str) -> bool:
    """Tell whether a dotted name is a place or in it."""
    return f"{name}.".startswith(f"{place}.")


def room_of(module: str, rooms: Table) -> str:
    """Return the innermost room of a module, or the module itself if it stands in none."""
    return max((room for room in rooms if inside(module, room)), key=len, default=module)


def ours(path: Path) -> Iterator[str]:
    """Yield what a file imports of ours, relative imports too."""
    return (name for name in imported(path) if name.split(".")[0] in {*PACKAGES, "tests", ""})


def forbidden(root: Path, rooms: Table) -> Iterator[tuple[str, str, str]]:
    """Yield (room, room, "module: import") for whatever the table does not allow."""
    known = modules(root)
    commands = {module for module, path in known.items() if is_command(module, path)}
    for module, path in known.items():
        here = room_of(module, rooms)
        row = PACKAGES if module in commands else (here, *rooms.get(here, ()))
        for name in ours(path):
            target = max((m for m in known if inside(name, m)), key=len, default=name)
            there = room_of(target, rooms)
            allowed = there in row or target in row or target.split(".")[0] in row
            if target in commands or not allowed:
                yield here, there, f"{module}: {name}"


# The rules trip


SMALL = {"golden.low": (), "golden.high": ("golden.low",), "hdl.gates": ("golden.high.numbers",)}
RUNS = '\nif __name__ == "__main__":\n    pass\n'
FILES = {
    "golden/run.py": RUNS,
    "golden/low/a.py": "",
    "golden/high/b.py": "",
    "golden/high/numbers.py": "",
    "hdl/gates/c.py": "",
}


def found_in(folder, file, line):
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f'"""File."""\n{line if name == file else ""}\n{text}')
    return [what for *_, what in forbidden(folder, SMALL)]


@pytest.mark.parametrize(
    ("file", "line", "trips"),
    [
        ("golden/low/a.py", "import numpy", False),
        ("golden/high/b.py", "from golden.high import numbers", False),
        ("golden/high/b.py", "from golden.low.a import x", False),
        ("golden/high/b.py", "import golden.low.a", False),
        ("hdl/gates/c.py", "from golden.high.numbers import x", False),
        ("golden/run.py", "from golden.high.b import x", False),
        ("golden/run.py", "from hdl.gates import c", False),
        ("golden/low/a.py", "from golden.high import b", True),
        ("golden/low/a.py", "def f():\n    import golden.high.b", True),
        ("golden/low/a.py", "from . import a", True),
        ("golden/low/a.py", "import golden", True),
        ("golden/high/b.py", "from golden.run import main", True),
        ("golden/run.py", "from tests.shared.by_hand import ints", True),
        ("hdl/gates/c.py", "from golden.high import b", True),
        ("hdl/gates/c.py", "from golden.high.numbers_of_others import x", True),
        ("hdl/gates/c.py", "from golden.low import a", True),
    ],
    ids=lambda value: re.sub(r"\W+", "-", str(value)),
)
def test_import_rule_sees_every_form(tmp_path, file, line, trips):
    module = file.removesuffix(".py").replace("/", ".")
    assert [what.split(":")[0] for what in found_in(tmp_path, file, line)] == [module] * trips


# The tree keeps them


@pytest.fixture(scope="module")
def rooms():
    return table((ROOT / "CONTRIBUTING.md").read_text())


def test_every_file_stands_in_a_room_or_is_a_command(rooms):
    homeless = [
        module
        for module, path in modules().items()
        if room_of(module, rooms) not in rooms
        and module not in PACKAGES
        and not is_command(module, path)
    ]
    assert homeless == []


def test_table_names_rooms_that_exist_and_only_those_above(rooms):
    known = modules()
    for i, (room, row) in enumerate(rooms.items()):
        assert room in known
        above = list(rooms)[:i]
        for name in row:
            assert name in {room.split(".")[0] for room in above} or room_of(name, rooms) in above


def test_rooms_import_only_what_the_table_allows(rooms):
    assert list(forbidden(ROOT, rooms)) == []


def test_host_of_a_board_loads_no_gates():
    """Amaranth takes a fifth of a second, and whoever has a board may not have it."""
    code = "import sys, boards.run; print([m for m in sys.modules if m.startswith('amaranth')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")
