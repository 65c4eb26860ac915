"""sim.networks: all networks that have a name; and what docs/verification.md says of them."""

import csv
from pathlib import Path

from golden.network.interface import Phase
from golden.simulation.scripts import names
from sim import networks

ROOT = Path(__file__).parents[2]


def table(path: Path = ROOT / "docs/results/lockstep.csv") -> list[dict[str, str]]:
    """Return the rows of what was measured."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def section() -> str:
    """Return what the page says about networks."""
    return (ROOT / "docs/verification.md").read_text().split("\n## Networks\n")[1].split("\n## ")[0]


def figures(name: str, equal: bool = True) -> dict:
    """Return what a comparison gives."""
    phases = {phase.name: 1 for phase in Phase}
    return {**dict.fromkeys(networks.COLUMNS, 5), "network": name, "equal": equal, "phases": phases}


def test_all_networks_that_have_a_name_are_compared():
    assert sorted(networks.NETWORKS) == list(names())


def test_the_page_says_what_the_table_says():
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section().splitlines()
        if line.startswith("| `") and "python" not in line
    ]
    found = [
        [
            f"`{' '.join((row['network'], row['changes'])).strip()}`",
            *(f"{int(row[name]):,}" for name in ("neurons", "synapses", "steps", "cycles")),
            *(f"{int(row[name]):,}" for name in ("arrivals", "spikes")),
            f"{float(row['walk_with_an_arrival']):.1%}",
            f"{float(row['run_with_a_neuron_entering']):.1%}",
        ]
        for row in table()
    ]
    assert cells == found
    total = sum(int(row["cycles"]) for row in table())
    assert f"{total:,} clock cycles" in section()
    assert all(row["equal"] == "True" for row in table())


def test_a_network_is_a_row_and_is_not_run_again(tmp_path, monkeypatch, capsys):
    asked = []

    def compared(order):
        asked.append((order.network, order.steps, order.changes))
        return figures(order.network)

    monkeypatch.setattr(networks, "network_compared", compared)
    out = tmp_path / "table.csv"
    words = ["--out", str(out), "--only", "cuba"]
    assert networks.main(words) == 0
    assert networks.main([*words, "--only", "brunel", "--resume"]) == 0
    assert asked == [(name, *networks.NETWORKS[name]) for name in ("cuba", "brunel")]
    assert "2 networks equal in 10 cycles" in capsys.readouterr().out
    rows = table(out)
    assert [row["network"] for row in rows] == ["brunel", "cuba"]
    assert [row["changes"] for row in rows] == ["order=250", ""]


def test_a_network_that_differs_ends_the_command(tmp_path, monkeypatch):
    monkeypatch.setattr(networks, "network_compared", lambda order: figures(order.network, False))
    out = tmp_path / "table.csv"
    assert networks.main(["--out", str(out), "--only", "cuba", "--only", "brunel"]) == 1
    assert len(table(out)) == 1


def test_another_table_is_refused(tmp_path, capsys):
    out = tmp_path / "table.csv"
    out.write_text("a,b\n1,2\n")
    assert networks.main(["--out", str(out), "--resume"]) == 2
    assert "must be a table of this command" in capsys.readouterr().err
