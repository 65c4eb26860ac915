"""Names: a parameter is written once, where it is declared, and never as a string."""

import ast

from golden.dense.declaration import declarations
from golden.dense.params import Params
from tests.house.sources import ROOT, write

ROOMS = ("golden/dense", "hdl/dense", "sim")
DECLARATION = "golden/dense/params.py"
DATA = {"sim/battery/networks.py"}
"""What registers of the fault battery's networks hold, as data: the names are the keys."""


def spelt(root, names):
    """Return (file, string) wherever a string is one of the names."""
    return {
        (str(path.relative_to(root)), node.value)
        for room in ROOMS
        for path in (root / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value in names
    }


def parameters():
    """Return the names of all parameters that are not a stage's name too."""
    stages = {path.stem for path in (ROOT / "golden/dense").glob("*.py")}
    return {*declarations(Params)} - stages


# The rule trips


def test_string_rule_sees_a_name_wherever_it_stands(tmp_path):
    files = {
        "golden/dense/a.py": "NAMES = ('leak_sub', 'other')\n",
        "hdl/dense/b/c.py": "def f(p):\n    return p['leak_sub'] + p.leak_sub\n",
        "sim/d.py": "x = 'leak_sub and others'\n",
        "golden/training/e.py": "x = 'leak_sub'\n",
    }
    write(tmp_path, files)
    places = ("golden/dense/a.py", "hdl/dense/b/c.py")
    assert spelt(tmp_path, {"leak_sub"}) == {(place, "leak_sub") for place in places}


# The tree keeps it


def test_parameters_are_not_spelt_again():
    assert len(parameters()) > 40
    assert {entry for entry in spelt(ROOT, parameters()) if entry[0] not in DATA} == set()
