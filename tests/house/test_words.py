"""Words: a class name means one thing, a stage has one stem, a map names what is there."""

import ast
import re
from collections import defaultdict
from importlib import import_module

import pytest

import golden
from tests.house.sources import PACKAGES, ROOT, modules, write

INTERFACE = "interface.py"
"""Each core has one, with phases and regions of its own under the names that shared rooms know."""


def two_meanings(root):
    """Return the class names that stand twice, but once in golden and once in hdl's same stem."""
    places = defaultdict(list)
    for path in modules(root).values():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(path.relative_to(root))
    return {name: found for name, found in places.items() if len(found) > 1 and not _pair(found)}


def _pair(places):
    packages = sorted(path.parts[0] for path in places)
    both = packages == ["golden", "hdl"] and len({path.stem for path in places}) == 1
    return both or {path.name for path in places} == {INTERFACE}


def stems_of_table(text):
    """List the second words of the lines that begin with a digit."""
    return [line.split()[1] for line in text.splitlines() if line[:1].isdigit()]


# The rules trip


@pytest.mark.parametrize(
    ("first", "second", "trips"),
    [
        ("golden/dense/wta.py", "hdl/dense/wta.py", False),
        ("golden/dense/wta.py", "hdl/dense/core.py", True),
        ("golden/dense/wta.py", "golden/dense/core.py", True),
        ("hdl/dense/wta.py", "hdl/link/wta.py", True),
        ("golden/dense/wta.py", "sim/wta.py", True),
        ("golden/dense/interface.py", "golden/network/interface.py", False),
        ("golden/dense/interface.py", "golden/network/wta.py", True),
    ],
)
def test_word_rule_sees_every_pair(tmp_path, first, second, trips):
    write(tmp_path, {first: "class Word:\n    pass\n", second: "def f():\n    class Word: ...\n"})
    assert list(two_meanings(tmp_path)) == ["Word"] * trips


# The tree keeps them


def test_a_class_name_means_one_thing_or_one_stage():
    assert two_meanings(ROOT) == {}


def test_one_stage_has_one_stem_in_four_places():
    stems = stems_of_table(golden.__doc__ or "")
    assert len(stems) == 8
    places = ("golden/dense/{}.py", "hdl/dense/{}.py", "tests/dense/test_{}.py")
    places = (*places, "tests/hdl/dense/test_{}.py")
    files = [place.format(stem) for place in places for stem in stems]
    assert [name for name in files if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_map_of_a_package_names_its_rooms_and_commands(package):
    text = import_module(package).__doc__ or ""
    rooms = {path.parent.name for path in (ROOT / package).glob("*/__init__.py")}
    commands = {path.stem for path in (ROOT / package).glob("*.py")} - {"__init__"}
    assert {name for name in rooms | commands if not re.search(rf"\b{name}\b", text)} == set()
