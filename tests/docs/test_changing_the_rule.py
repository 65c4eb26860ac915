"""docs/changing-the-rule.md: its patches apply, and its commands say what it says."""

import re
import shutil
import sys
from pathlib import Path

import pytest

from golden.command.processes import finished

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/changing-the-rule.md").read_text()
PATCH = re.compile(r"<!-- patch: (\w+) -->\n```diff\n(.*?)```", re.DOTALL)
STAGE = re.compile(
    r"<!-- stage: ([\w ]+) -->\n```\n\$ (.*?) \| grep -E '(.*?)'\n(.*?)```", re.DOTALL
)
PATCHES = dict(PATCH.findall(TEXT))
STAGES = {stage: rest for stage, *rest in STAGE.findall(TEXT)}
FILES = {
    "golden": "golden/dense/stdp.py",
    "hdl": "hdl/dense/stdp.py",
    "engine": "golden/dense/engine/learn.py",
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """Return a copy of the sources, patched further by every stage."""
    folder = tmp_path_factory.mktemp("tree")
    for package in ("golden", "hdl", "sim"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    return folder


def apply(folder, diff):
    """Apply a unified diff as `patch -p1` does, and no less strictly than at its line numbers."""
    header, *hunks = re.split(r"^@@ -(\d+).*\n", diff, flags=re.MULTILINE)
    named = re.fullmatch(r"--- a/(.*)\n\+\+\+ b/\1\n", header)
    assert named, header
    path = folder / named[1]
    old = path.read_text().splitlines(keepends=True)
    new, at = [], 0
    for number, hunk in zip(hunks[::2], hunks[1::2], strict=True):
        begin = int(number) - 1
        before = [line[1:] for line in hunk.splitlines(keepends=True) if line[0] in " -"]
        after = [line[1:] for line in hunk.splitlines(keepends=True) if line[0] in " +"]
        assert old[begin : begin + len(before)] == before, f"{path.name}: {number}"
        new += old[at:begin] + after
        at = begin + len(before)
    path.write_text("".join(new + old[at:]))


def judged(folder, command, wanted):
    """Run a command of the page in a copy of the sources; return the lines that grep would."""
    words = command.split()
    assert words[0] == "python"
    done = finished([sys.executable, *words[1:]], cwd=folder)
    assert done.stderr == ""
    lines = [line for line in done.stdout.splitlines() if re.search(wanted, line)]
    return done.returncode, "\n".join(lines) + "\n"


def test_page_has_a_patch_for_every_place_of_the_rule():
    assert {name: diff.split("\n")[0] for name, diff in PATCHES.items()} == {
        name: f"--- a/{file}" for name, file in FILES.items()
    }
    assert list(STAGES) == ["none", "golden", "golden hdl", "golden hdl engine"]


@pytest.mark.parametrize("name", PATCHES)
def test_patches_of_code_are_two_to_four_lines(name):
    added = [line for line in PATCHES[name].splitlines()[2:] if line.startswith("+")]
    assert 2 <= len(added) <= 4


def test_patch_that_does_not_fit_is_refused(tree, tmp_path):
    (tmp_path / "golden/dense").mkdir(parents=True)
    (tmp_path / "golden/dense/stdp.py").write_text("x = 1\n" * 100)
    with pytest.raises(AssertionError, match=r"stdp\.py: "):
        apply(tmp_path, PATCHES["golden"])


def test_every_stage_says_what_the_page_says(tree):
    """Green, red about a weight, red about the engine, green with another state."""
    patched = set()
    for stage, (command, wanted, output) in STAGES.items():
        for name in set(stage.split()) - patched - {"none"}:
            apply(tree, PATCHES[name])
            patched.add(name)
        status = 0 if output.startswith("equal") else 1
        assert judged(tree, command, wanted) == (status, output), stage
    outputs = [output for _, _, output in STAGES.values()]
    assert re.fullmatch(r"equal; state \w{64}\n", outputs[0])
    assert re.fullmatch(r"not equal: cycle \d+: w_data = \d+, expected \d+\n", outputs[1])
    assert re.fullmatch(r"not equal: state \w{64}, expected \w{64}\n", outputs[2])
    assert outputs[3] == f"equal; state {outputs[2].split()[3].rstrip(',')}\n" != outputs[0]
