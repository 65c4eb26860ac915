"""The report of golden.simulate, and a run that overflows."""

import json
import re

from golden import simulate
from golden.simulation import samples
from tests.simulate.networks import SMALL, simulated


def test_report_is_one_page_with_all_pictures(small, tmp_path):
    simulated(small, tmp_path / "out")
    page = (tmp_path / "out/report.html").read_text()
    assert "<h1>Twenty cells in a ring</h1>" in page
    assert "<p>More about it.</p>" in page
    drawn = re.findall(r'<svg role="img" aria-label="([^"]*)"', page)
    assert drawn == [
        "raster of all spikes",
        "potentials",
        "the network as a graph",
        "f-I curve of ring",
        "phase plane of ring",
    ]
    assert f"python -m golden.simulate {small} --out {tmp_path / 'out'}" in page
    assert re.findall(r'(?:src|href)="(?!data:|#)', page) == []


def test_a_large_network_records_its_potentials_while_it_runs(small, tmp_path, monkeypatch):
    plain = simulated(small, tmp_path / "plain")
    monkeypatch.setattr(samples, "LARGE", 1)
    assert simulated(small, tmp_path / "out")["state_sha256"] == plain["state_sha256"]
    page = (tmp_path / "out/report.html").read_text()
    assert "v of ring[0:2] every 1 steps, as it was recorded." in page


def test_text_of_users_is_no_markup(tmp_path):
    path = tmp_path / "a<b>.py"
    path.write_text(SMALL.replace("More about", "<i>More").replace('name="ring"', 'name="<r>"'))
    simulated(path, tmp_path / "out")
    page = (tmp_path / "out/report.html").read_text()
    assert not re.findall("<i>More|<r>|a<b>", page)
    assert "&lt;i&gt;More" in page


def test_an_overflow_fails_and_says_where(small, tmp_path, capsys):
    small.write_text(
        SMALL.replace("    net.current(ring, current)", 2 * "    net.current(ring, 3000)\n")
    )
    words = [str(small), "--out", str(tmp_path / "out")]
    assert simulate.main(words) == 1
    said = capsys.readouterr().err
    assert said.startswith("error: no word must saturate, but current of ring did ")
    figures = json.loads((tmp_path / "out/metrics.json").read_text())
    assert figures["overflows"] == sum(figures["overflows_at"]["ring"].values()) > 0
    assert "Words saturated" in (tmp_path / "out/report.html").read_text()


STATELESS = '''"""Cells that keep nothing from step to step."""

from golden.builder import Network, Periodic, one_to_one
from golden.cells.cell import Cell

DURATION = 20


class Gate(Cell):
    def step(self, trace):
        heard = trace.receptor("in", 8, 0)
        trace.spike(heard > trace.number(3), heard)


def network(seed=1):
    net = Network(dt=1, seed=seed)
    clock = net.input(2, Periodic(5), "clock")
    net.connect(clock, net.population(2, Gate(), "gates"), one_to_one(), weight=5)
    return net
'''


def test_cells_without_a_potential_are_left_out(tmp_path):
    path = tmp_path / "gates.py"
    path.write_text(STATELESS)
    assert simulated(path, tmp_path / "out")["spikes"] > 0
    assert 'aria-label="potentials"' not in (tmp_path / "out/report.html").read_text()
