"""NIR graphs as networks: exact where the paper is, and what every node means."""

import nir
import numpy as np
import pytest

from golden.interchange.neurons import Reading
from golden.interchange.nir import imported, read
from tests.interchange.graphs import chain, cuba, full, lif, task

DT = 1e-3


def spikes(graph, given, steps, dt=DT, name="n", **how):
    made = imported(graph, Reading(dt, **how), {"in": given})
    monitor = made.net.record(made.populations[name])
    made.net.run(steps=steps)
    return (monitor.t - made.latency[name]).tolist()


def potential(graph, given, steps, variable="v", **how):
    made = imported(graph, Reading(DT, **how), {"in": given})
    monitor = made.net.record(made.populations["n"], variable)
    made.net.run(steps=steps)
    return monitor.values[made.latency["n"] :, 0]


@pytest.mark.parametrize("integrate", ["euler", "exact"])
@pytest.mark.parametrize("reset", ["file", "subtract"])
def test_the_single_neuron_task_is_exact(integrate, reset):
    graph, given = task()
    found = spikes(graph, given, 1100, dt=1e-4, integrate=integrate, reset=reset)
    assert found == [460, 510, 710, 760]


# What a node means, against its equation in float64


def test_lif_by_euler_and_exactly():
    given = ([0, 3, 4], [0, 0, 0])
    graph = chain(nir.Linear(np.array([[2.0]])), lif(tau=0.02, r=1.5, v_leak=0.05, v_threshold=9.0))
    for integrate, k in (("euler", 0.05), ("exact", 1 - np.exp(-0.05))):
        v, expected = k * 0.05, []  # a step before the first spike has come through
        for step in range(12):
            v += k * (0.05 - v + 1.5 * 2.0 * (step in given[0]))
            expected.append(v)
        got = potential(graph, given, 13, integrate=integrate)
        np.testing.assert_allclose(got, expected, atol=2e-3)
        small = chain(nir.Linear(np.array([[2e-3]])), graph.nodes["n"])
        np.testing.assert_allclose(
            potential(small, given, 13, integrate=integrate, spike="dirac"), got, atol=1e-3
        )


def test_cuba_lif_takes_the_new_current_into_v():
    given = ([1, 2, 7], [0, 0, 0])
    graph = chain(nir.Linear(np.array([[2.0]])), cuba())
    v, i, expected = 0.0, 0.0, []
    for step in range(30):
        i = i * (1 - 0.5) + 3.0 * 2.0 * 0.5 * (step in given[0])
        v += 0.1 * (0.0 - v + 4.0 * i)
        expected.append(v)
        v = 0.0 if v > 1 else v
    found = [step for step, x in enumerate(expected) if x > 1]
    assert spikes(graph, given, 31) == found
    assert len(found) >= 2
    readout = nir.CubaLI(full(1, 0.002), full(1, 0.01), full(1, 4.0), full(1, 0.0), full(1, 3.0))
    got = potential(chain(nir.Linear(np.array([[2.0]])), readout), ([1], [0]), 20)
    i = 3.0 * 0.5 ** np.arange(19)
    v = [0.0]
    for x in i:
        v.append(v[-1] * 0.9 + 0.1 * 4 * x)
    np.testing.assert_allclose(got, v[:19], atol=2e-3 * 24)  # it may go as far as 24


def test_integrators_threshold_and_leaky_readout():
    fires = chain(nir.Linear(np.array([[600.0]])), nir.IF(full(1, 1.0), full(1, 1.0), full(1, 0.0)))
    assert spikes(fires, ([0, 2, 5, 6], [0] * 4), 10) == [2, 6]
    adds = chain(nir.Linear(np.array([[3.0]])), nir.I(full(1, 2.0)))
    np.testing.assert_allclose(
        potential(adds, ([0, 2], [0, 0]), 5), [6e-3, 6e-3, 12e-3, 12e-3], atol=5e-5
    )
    steps = chain(nir.Linear(np.array([[1.0, 1.0]])), nir.Threshold(full(1, 1.0)), n_in=2)
    assert spikes(steps, ([0, 3, 3, 4], [0, 0, 1, 1]), 8) == [3]
    leaks = chain(nir.Linear(np.array([[3.0]])), nir.LI(full(1, 0.01), full(1, 2.0), full(1, 0.0)))
    got = potential(leaks, ([0], [0]), 5)
    np.testing.assert_allclose(got, 0.6 * 0.9 ** np.arange(4), atol=1e-3)


def test_a_bias_is_a_current_in_every_step():
    graph = chain(nir.Affine(np.array([[0.0]]), np.array([0.5])), lif(tau=0.01, v_threshold=9.0))
    made = imported(graph, Reading(DT))
    v = made.net.record(made.populations["n"], "v")
    made.net.run(steps=3)
    np.testing.assert_allclose(v.values[:, 0], 0.5 * (1 - 0.9 ** np.arange(1, 4)), atol=1e-4)


def test_delays_and_recurrent_edges_take_their_steps():
    nodes = {
        "in": nir.Input({"input": np.array([1])}),
        "w": nir.Linear(np.array([[5.0]])),
        "d": nir.Delay(np.array([0.004])),
        "n": lif(tau=0.002),
        "back": nir.Linear(np.array([[5.0]])),
        "out": nir.Output({"output": np.array([1])}),
    }
    edges = [("in", "w"), ("w", "d"), ("d", "n"), ("n", "back"), ("back", "n"), ("n", "out")]
    found = spikes(nir.NIRGraph(nodes, edges), ([0], [0]), 10)
    assert found == [4, 5, 6, 7, 8]


def test_a_convolutional_graph_runs():
    shape = np.array([1, 6, 6])
    image = nir.Conv2d((6, 6), np.ones((2, 1, 3, 3)), 1, 0, 1, 1, np.zeros(2))
    pool = nir.SumPool2d(np.array([2, 2]), np.array([2, 2]), np.array([0, 0]))
    flat = nir.Flatten({"input": np.array([2, 2, 2])}, 0, -1)
    ones = np.ones((2, 2, 2))
    nodes = {
        "in": nir.Input({"input": shape}),
        "c": image,
        "p": pool,
        "a": nir.IF(ones, 30 * ones),
        "f": flat,
        "l": nir.Linear(np.ones((1, 8))),
        "n": nir.IF(np.ones(1), 3 * np.ones(1)),
        "out": nir.Output({"output": np.array([1])}),
    }
    order = list(nodes)
    graph = nir.NIRGraph(nodes, list(zip(order, order[1:], strict=False)))
    everywhere = (np.zeros(36, int), np.arange(36))
    # each of the 8 places adds 4 windows of 9 ones: 36 > 30, so all 8 spike, and 8 > 3
    assert spikes(graph, everywhere, 5, spike="dirac") == [0]


# Refusals


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: Reading(0), "dt must be above 0 s, not 0 s"),
        (lambda: Reading(1, spike="x"), "spike must be one of unit, dirac, not x"),
        (lambda: imported(task()[0]), "dt must be given: a NIR file does not say it"),
        (
            lambda: imported(chain(lif(tau=-1.0)), Reading(DT)),
            "tau of n must be above 0, not -1",
        ),
        (
            lambda: imported(chain(cuba(tau_syn=1e-4)), Reading(DT)),
            "tau_syn of n must be at least dt, 0.001 s",
        ),
        (
            lambda: imported(chain(lif(v_threshold=np.nan)), Reading(DT)),
            "v_threshold of n must be finite",
        ),
        (
            lambda: imported(chain(lif()), Reading(DT), {"n": ([], [])}),
            "spikes must be for one of in, not for n",
        ),
    ],
)
def test_what_cannot_be_done_is_refused(make, text):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        make()
    assert str(refused.value) == text


def test_weights_that_vanish_are_refused_and_say_so():
    graph = chain(nir.Linear(np.array([[1e-9, 1.0]])), lif(), n_in=2)
    with pytest.raises(ValueError, match="1 of 2 would become 0"):
        imported(graph, Reading(DT)).net.build()


def test_files_that_are_none_are_refused(tmp_path):
    good = tmp_path / "good.nir"
    nir.write(good, task()[0])
    assert len(read(good).nodes) == 4
    bad = tmp_path / "bad.nir"
    for content in (b"", b"nothing", good.read_bytes()[:600], good.read_bytes()[:-900]):
        bad.write_bytes(content)
        with pytest.raises(ValueError, match=r"bad.nir must be a NIR"):
            read(bad)
    with pytest.raises(ValueError, match=r"none.nir must be a file that can be read"):
        read(tmp_path / "none.nir")
