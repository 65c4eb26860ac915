"""docs/brian2.md: its figures are those of its blocks, ours run, and its names are ours."""

import re

import pytest

import golden.builder
import golden.cells
import golden.network.rules
from golden.builder import Network
from tests.docs.page import ROOT

PAGE = (ROOT / "docs/brian2.md").read_text()
PAIRS = re.findall(
    r"^<!-- (\w+) -->\n```python\n(.*?)^```\n\n```python\n(.*?)^```", PAGE, re.M | re.S
)
ROWS = re.findall(r"^\| (\w+) \| (\d+) \| (\d+) \| ([\d,]+) \| ([\d,]+) \|$", PAGE, re.M)


def counted(code):
    """Return lines of code, and their characters."""
    lines = [line.strip() for line in code.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    return len(lines), sum(map(len, lines))


def test_lines_and_characters_by_hand():
    assert counted("# no\n\nab = 1  \n    cd()\n") == (2, 10)


def test_the_table_counts_the_blocks():
    found = []
    for name, theirs, ours in PAIRS:
        (a, b), (c, d) = counted(theirs), counted(ours)
        found.append((name, f"{a}", f"{c}", f"{b:,}", f"{d:,}"))
    assert [name for name, *_ in found] == ["izhikevich", "cuba", "coba"]
    assert found == ROWS


def test_ours_has_fewer_lines():
    for _, theirs, ours in PAIRS:
        assert counted(ours)[0] < counted(theirs)[0]


@pytest.mark.parametrize(("name", "code"), [(name, ours) for name, _, ours in PAIRS])
def test_ours_runs_and_has_what_both_say(name, code):
    short = code.replace('net.run("1 s")', "net.run(steps=20)")
    assert short != code
    made: dict = {}
    exec(compile(short, name, "exec"), made)
    net = made["net"]
    assert net.state.step == 20
    blueprint = net.build().blueprint
    assert blueprint.neurons == (1000 if name == "izhikevich" else 4000)
    if name == "izhikevich":
        assert blueprint.synapses == 100_000
        assert (blueprint.rows[0].delay.min(), blueprint.rows[0].delay.max()) == (10, 20)
    else:
        assert abs(blueprint.synapses - 320_000) < 3_000
    assert len(made["spikes"].t) > 20


def test_every_name_of_the_table_exists():
    names = PAGE.split("## Names")[1]
    right = [line.split(" | ", 1)[1] for line in names.splitlines() if line.startswith("| `")]
    said = " ".join(right)
    assert len(right) > 20
    for method in re.findall(r"\bnet\.(\w+)", said):
        assert hasattr(Network, method), method
    rooms = (golden.builder, golden.cells, golden.network.rules)
    for word in re.findall(r"(?<![\w.])(\w+)\(", said):
        assert any(hasattr(room, word) for room in rooms), word
