"""docs/changing-the-rule.md, section 5: three places for a parameter; then it is everywhere."""

import json
import os
import re
import sys
from pathlib import Path

import pytest

from golden.command.processes import finished
from tests.docs import page
from tests.docs.page import PATCHES, apply, judged

FILES = {
    "declaration": "golden/dense/params.py",
    "leak": "golden/dense/membrane.py",
    "lanes": "hdl/dense/membrane.py",
}
STAGE = " ".join(FILES)
EVERYWHERE = {
    "register": [2, "u8", 40],
    "none if off": True,
    "none without a leak": True,
    "range": "leak_gap must be 0 to 255, not -1",
    "type": "leak_gap must be int, not True",
    "from registers": 40,
    "envelope": 40,
    "core without": "leak_gap must be off in this core, not 40",
    "recipe": 20,
    "model file": 40,
    "link": 1,
    "link's hash": True,
    "data sheet": [["2", "leak_gap", "8", "unsigned", "40"]],
    "report": "``leak_sub``",
    "engine": "leak_gap must be off in the engine, which does not read it, not 40",
    "engine, if off": "",
    "cycle model": 40,
    "record": True,
    "gates": "",
}
"""Place -> what `tests/docs/found.py` finds there, when a core is made for ``leak_gap=40``."""


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """Return a copy of the sources, patched further by every test."""
    folder = page.copy(tmp_path_factory.mktemp("tree"))
    apply(folder, PATCHES["declaration"])
    return folder


@pytest.fixture(scope="module")
def gates(tree):
    """Return the copy with the stage in gates, too: from here on it stays."""
    apply(tree, PATCHES["lanes"])
    return tree


def found(tree, folder):
    program = Path(page.__file__).with_name("found.py")
    here = {**os.environ, "PYTHONPATH": str(tree)}
    done = finished([sys.executable, str(program), str(folder)], cwd=tree, env=here)
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_page_has_a_patch_for_each_of_three_places():
    named = {name: PATCHES[name].split("\n")[0] for name in FILES}
    assert named == {name: f"--- a/{file}" for name, file in FILES.items()}


def test_declared_only_it_is_known_but_nobody_obeys(tree, tmp_path):
    nobody = "a stage must have a port of the register's name leak_gap"
    assert found(tree, tmp_path) == EVERYWHERE | {"record": False, "gates": nobody}


def test_without_the_stage_in_golden_the_lock_step_differs(gates):
    command, wanted, _ = page.STAGES[STAGE]
    status, output = judged(gates, command, wanted)
    assert status == 1
    assert re.fullmatch(r"not equal: cycle \d+: n_en.*\n", output)


def test_with_all_three_it_is_found_everywhere(gates, tmp_path):
    apply(gates, PATCHES["leak"])
    assert found(gates, tmp_path) == EVERYWHERE
    command, wanted, output = page.STAGES[STAGE]
    assert judged(gates, command, wanted) == (0, output)
