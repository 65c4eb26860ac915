"""What was imported is written, what was written is imported: the same network every time."""

import json

import nir
import numpy as np
import pytest

from golden.builder import (
    Network,
    SpikeTrain,
    all_to_all,
    fixed_probability,
    from_pairs,
    uniform,
    whole,
)
from golden.cells import (
    IF,
    LIF,
    ConductanceTwoExponentials,
    CubaLIF,
    CurrentExponential,
    Delta,
    McCullochPitts,
    StepCurrent,
)
from golden.interchange import safety
from golden.interchange.export import exported, write
from golden.interchange.neurons import Reading
from golden.interchange.nir import imported, read
from golden.network.rules import PairSTDP
from tests.interchange.graphs import every, lif, line

GRAPHS = every()


def again(net, tmp_path):
    write(tmp_path / "net.nir", net)
    return imported(read(tmp_path / "net.nir"), seed=net.seed).net


@pytest.mark.parametrize("how", [{}, {"integrate": "exact", "reset": "subtract"}])
@pytest.mark.parametrize("name", GRAPHS)
def test_every_graph_that_imports_comes_back_with_the_same_hash(name, how, tmp_path):
    net = imported(GRAPHS[name], Reading(1e-3, **how)).net
    back = again(net, tmp_path)
    assert back.build().blueprint.sha256() == net.build().blueprint.sha256()
    assert again(back, tmp_path).build().blueprint.sha256() == net.build().blueprint.sha256()


def test_pulses_and_constants_come_back_too(tmp_path):
    graph = line((1,), (1,), nir.Affine(np.full((1, 1), 2e-5), np.array([0.05])), lif())
    net = imported(graph, Reading(1e-3, spike="dirac")).net
    assert again(net, tmp_path).build().blueprint.sha256() == net.build().blueprint.sha256()


CELLS = {
    "LIF": LIF(tau=10, threshold=-60, refractory=2),
    "renamed": LIF(tau=[5.0, 10.0, 15.0, 20.0], receptors=(Delta("exc"), StepCurrent("inh"))),
    "current": LIF(resistance=[1, 2, 3, 4], receptors=(StepCurrent("in"), Delta("delta"))),
    "others beside": LIF(
        receptors=(
            Delta("exc"),
            CurrentExponential("slow", tau=np.array([3.0, 4, 5, 6])),
            ConductanceTwoExponentials("gate", decay=7, rise=2, reversal=-80, normal=False),
        )
    ),
    "IF": IF(rest=-65, reset=-65, threshold=-50, receptors=(Delta("exc"),)),
    "CubaLIF": CubaLIF(du=0.3, dv=0.1),
    "McCullochPitts": McCullochPitts(threshold=3.0),
}


def fed(cell):
    """Return a network whose connections are not in the order of names; the input is silent."""
    net = Network(dt="1/2 ms", seed=2)
    beats = net.input(5, SpikeTrain([], []), "z beats")
    cells = net.population(4, cell, "p")
    net.connect(cells, cells, all_to_all(self_too=False), weight=-0.5, delay=2)
    net.connect(beats, cells, fixed_probability(0.9), weight=uniform(2, 9), delay=whole(1, 4))
    return net


@pytest.mark.parametrize("name", CELLS)
def test_every_network_that_exports_comes_back_with_the_same_hash(name, tmp_path):
    net = fed(CELLS[name])
    assert again(net, tmp_path).build().blueprint.sha256() == net.build().blueprint.sha256()


def test_currents_that_always_flow_come_back(tmp_path):
    net = fed(LIF(receptors=(StepCurrent("in"),)))
    p = net.populations["p"]
    net.current(p, [1.0, 2.0, 0.0, 3.0])
    back = again(net, tmp_path)
    assert back.build().blueprint.sha256() == net.build().blueprint.sha256()
    net.current(p[1:3], 0.5)
    before = net.build().blueprint.drives
    (drive,) = again(net, tmp_path).build().blueprint.drives
    assert drive.levels.tolist() == [(before[0].levels[0] + [0, *before[1].levels[0], 0]).tolist()]


def test_connections_of_the_same_populations_add_up(tmp_path):
    net = Network(seed=1)
    one = net.input(2, SpikeTrain([0, 1], [0, 1]), "one")
    p = net.population(2, LIF(), "p")
    net.connect(one, p, from_pairs([0, 1], [1, 0]), weight=[3.0, 4.0], delay=[1, 2])
    net.connect(one[1:], p, weight=[-4.0, 2.5], delay=2)
    (rows,) = again(net, tmp_path).build().blueprint.rows
    table = zip(
        np.repeat([0, 1], np.diff(rows.start)), rows.post, rows.delay, rows.weight, strict=True
    )
    unit = rows.weight[0] // 3
    assert [tuple(map(int, x)) for x in table] == [(0, 1, 1, 3 * unit), (1, 1, 2, 2.5 * unit)]


def test_names_that_look_like_those_of_links_do_no_harm(tmp_path):
    net = Network(seed=1)
    for name in ("p", "p out", "p to p 1", "p nothing", "metadata", "type", "nodes.x"):
        net.population(1, LIF(receptors=(StepCurrent("in"),)), name)
    everybody = list(net.populations.values())
    for one in everybody:
        net.connect(one, everybody[0], weight=2.0, delay=2)
        net.current(one, 1.0)
    assert again(net, tmp_path).build().blueprint.sha256() == net.build().blueprint.sha256()


# Refusals


class OwnDelta(Delta):
    """A receptor that is not Goldspike's."""


def slashed():
    net = fed(LIF())
    net.population(1, LIF(), "a/b")
    return net


def learning():
    net = fed(LIF())
    net.connect(net.populations["z beats"], net.populations["p"], rule=PairSTDP())
    return net


def too_much():
    net = fed(LIF())
    for _ in range(2):
        net.connect(net.populations["p"], net.populations["p"], weight=200.0, delay=3)
    return net


def pulsed():
    net = fed(LIF())
    net.current(net.populations["p"], 1.0, stop=3)
    return net


NONE = (
    "a network for NIR must have no currents but those that always flow, no noise, gap junctions, "
    "short-term plasticity or learning"
)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (slashed, "name of a population must have no / for NIR, not 'a/b'"),
        (learning, NONE),
        (pulsed, NONE),
        (too_much, "weights of p to p must add up to at most 256 for NIR"),
        (
            lambda: fed(LIF(receptors=(OwnDelta("x"),))),
            "receptor x must be of a kind in golden.cells for NIR, not OwnDelta",
        ),
        (
            lambda: fed(LIF(receptors=(CurrentExponential("exc"),))),
            "receptor exc of p must be a jump or a current of a step for NIR",
        ),
    ],
)
def test_what_would_come_back_as_something_else_is_refused(make, text):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        exported(make())
    assert str(refused.value) == text


@pytest.mark.parametrize(
    "receptors",
    [
        ["delta"],
        [{"kind": "os", "name": "x"}],
        [{"kind": "Delta"}],
        [{"kind": "Delta", "name": 5}],
        [{"kind": "Delta", "name": "x", "more": 1}],
        5,
    ],
)
def test_hostile_receptors_are_refused(receptors):
    graph = exported(fed(LIF()))
    content = json.loads(graph.nodes["p"].metadata["goldspike"])
    graph.nodes["p"].metadata = {"goldspike": json.dumps(content | {"receptors": receptors})}
    with pytest.raises(ValueError, match="^metadata goldspike must be as Goldspike writes them"):
        imported(graph)


def test_what_would_be_too_large_to_be_read_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr(safety, "MOST_BYTES", 90_000)
    write(tmp_path / "net.nir", fed(LIF()))
    net = fed(LIF())
    net.connect(net.populations["p"], net.population(1000, LIF(), "q"), weight=2.0)
    with pytest.raises(ValueError, match="^a NIR file must hold at most 90,000 bytes unpacked"):
        write(tmp_path / "large.nir", net)
    assert [path.name for path in tmp_path.iterdir()] == ["net.nir"]
