"""What the tutorial makes, its own cells and its own rule, in gates: every cycle, every state."""

import contextlib
import io
import json
import re

import pytest

from golden.builder import Network
from sim import lockstep
from tests.docs.tutorial import PAGE, blocks

SMALLER = {
    "4000": "10",
    "3200": "8",
    "population(80": "population(8",
    "population(20": "population(2",
}
"""What makes a block's network small: its cells are what is looked at, not how many there are."""


def small(code: str) -> str:
    for what, instead in SMALLER.items():
        code = re.sub(rf"{re.escape(what)}\b", instead, code)
    return code


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Return files of the networks that the blocks build, by the number of the block."""
    folder, space, found = tmp_path_factory.mktemp("tutorial"), {"__name__": "tutorial"}, {}
    for number, (code, _) in enumerate(blocks()):
        space.pop("net", None)
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(small(code), str(PAGE), "exec"), space)
        if isinstance(net := space.get("net"), Network):
            found[number] = folder / f"{number}.npz"
            net.build().save(found[number])
    return found


STEPS = {0: 10, 1: 60, 4: 40, 5: 20, 6: 60, 7: 60}
"""By block: an Izhikevich network, FitzHugh and Nagumo, Connor and Stevens, Brian2's, the
integrator in Python, the rule."""


def test_no_network_of_the_page_is_left_out(files):
    assert set(files) == set(STEPS)


@pytest.mark.parametrize("number", STEPS)
def test_gates_are_as_the_model_and_the_engine_say(files, number, tmp_path):
    figures = tmp_path / "figures.json"
    words = ["--network", str(files[number]), "--steps", str(STEPS[number]), "--json", str(figures)]
    assert lockstep.main([*words, "--simulator", "pysim"]) == 0
    found = json.loads(figures.read_text())
    assert found["equal"]
    assert found["state_sha256"] == found["expected_state_sha256"]
    assert found["phases"]["RUN"] > 0
