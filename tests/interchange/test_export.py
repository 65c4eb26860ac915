"""Networks as NIR files, and back: the same integers."""

from typing import Any

import nir
import numpy as np
import pytest

from golden.builder import Network, Poisson, fixed_probability, from_pairs, normal, uniform
from golden.cells import IF, LIF, CubaLIF, Izhikevich, McCullochPitts
from golden.interchange.export import exported, write
from golden.interchange.nir import imported, read


def network(**more):
    net = Network(dt="1/2 ms", seed=3)
    # Later in the alphabet first: a file has its nodes by name.
    rain = net.input(20, Poisson(100), "rain")
    leaky = net.population(12, LIF(tau=np.linspace(5, 9, 12), refractory=1, **more), "leaky")
    cuba = net.population(8, CubaLIF(du=0.3, dv=0.1), "cuba")
    steps = net.population(5, McCullochPitts(threshold=2.0), "steps")
    adds = net.population(4, IF(rest=-65, reset=-65, threshold=-50), "adds")
    net.connect(rain, leaky, fixed_probability(0.5), weight=uniform(4, 9), delay=uniform(0.5, 3))
    net.connect(leaky, cuba, fixed_probability(0.5), weight=normal(0.3, 0.05))
    net.connect(cuba, cuba, fixed_probability(0.5), weight=-0.1, delay=2)
    net.connect(leaky, steps, weight=0.7)
    net.connect(cuba, adds, from_pairs([0, 3, 7], [1, 1, 2]), weight=3.3)
    return net


def test_a_network_comes_back_bit_for_bit(tmp_path):
    net = network()
    write(tmp_path / "net.nir", net)
    back = imported(read(tmp_path / "net.nir"), seed=3).net
    assert [p.name for p in back.populations.values()] == list(net.populations)
    one, other = net.build().blueprint, back.build().blueprint
    for a, b in zip(one.groups, other.groups, strict=True):
        if a.program is not None:
            assert b.program is not None
            for x, y in zip(a.program.constants, b.program.constants, strict=True):
                np.testing.assert_array_equal(x.values, y.values)
    assert synapses(one) == synapses(other)
    # With the same input, the same states: the file does not hold what the rain sends.
    rain = net.record(net.populations["rain"])
    net.run(steps=300)
    again = imported(read(tmp_path / "net.nir"), None, {"rain": (rain.t, rain.i)}, seed=3).net
    again.run(steps=300)
    assert again.state.sha256() == net.state.sha256()
    assert min(net.state.spikes[i] for i in (1, 2, 3)) > 5


def synapses(blueprint):
    found = []
    for rows in blueprint.rows:
        pre = np.repeat(np.arange(len(rows.start) - 1), np.diff(rows.start))
        columns = (pre, rows.post, rows.weight, rows.delay)
        pair = rows.source, rows.target
        found += [(*pair, *(int(x) for x in one)) for one in zip(*columns, strict=True)]
    return sorted(found)


def test_other_tools_see_nodes_with_the_same_meaning():
    graph = exported(network())
    nodes: Any = graph.nodes
    leaky, cuba = nodes["leaky"], nodes["cuba"]
    np.testing.assert_allclose(leaky.tau, np.linspace(5, 9, 12) / 1000)
    assert leaky.v_threshold.tolist() == [-50] * 12
    # r w_in dt / tau_syn dt / tau_mem is the weight's whole gain, which is 1 here
    gain = cuba.r * cuba.w_in * 5e-4 / cuba.tau_syn * 5e-4 / cuba.tau_mem
    np.testing.assert_allclose(gain, 1)
    delays = {n.delay[0] for n in graph.nodes.values() if isinstance(n, nir.Delay)}
    assert delays == {k * 5e-4 for k in range(1, 6)}


NOISY = (
    "a network for NIR must have no currents but those that always flow, no noise, gap junctions, "
    "short-term plasticity or learning"
)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (
            lambda net: net.noise(net.populations["leaky"], 1),
            NOISY,
        ),
        (
            lambda net: net.population(1, Izhikevich(), "izh"),
            "izh must have cells of IF, LIF, CubaLIF, McCullochPitts without competition for NIR",
        ),
        (
            lambda net: net.connect(
                net.populations["rain"], net.populations["leaky"], receptor="current"
            ),
            (
                "synapses and currents of leaky must end at one receptor for NIR, not at current "
                "and delta"
            ),
        ),
    ],
)
def test_what_nir_has_no_words_for_is_refused(change, text, tmp_path):
    net = network()
    change(net)
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        write(tmp_path / "net.nir", net)
    assert str(refused.value) == text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "note",
    [
        "{",
        "[]",
        '{"version": 9}',
        '{"version": 2}',
        '{"version": 2, "cell": "os", "parameters": {}}',
    ],
)
def test_hostile_metadata_are_refused(note):
    graph = exported(network())
    graph.nodes["leaky"].metadata = {"goldspike": note}
    with pytest.raises(ValueError, match="^metadata goldspike must be as Goldspike writes them"):
        imported(graph)
    graph = exported(network())
    graph.metadata = {"goldspike": note}
    with pytest.raises(ValueError, match="^metadata goldspike must be as Goldspike writes them"):
        imported(graph)
