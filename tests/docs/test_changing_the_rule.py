"""docs/changing-the-rule.md: its patches apply, and its commands say what it says."""

import re

import pytest

from tests.docs import page
from tests.docs.page import apply, judged

FILES = {
    "golden": "golden/dense/stdp.py",
    "hdl": "hdl/dense/stdp.py",
    "engine": "golden/dense/engine/learn.py",
}
STAGES = {name: stage for name, stage in page.STAGES.items() if "declaration" not in name}
PATCHES = {name: page.PATCHES[name] for name in FILES}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """Return a copy of the sources, patched further by every stage."""
    return page.copy(tmp_path_factory.mktemp("tree"))


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
    assert re.fullmatch(r"not equal: cycle \d+: w_en = 1, expected 0\n", outputs[1])
    assert re.fullmatch(r"not equal: state \w{64}, expected \w{64}\n", outputs[2])
    assert outputs[3] == f"equal; state {outputs[2].split()[3].rstrip(',')}\n" != outputs[0]
