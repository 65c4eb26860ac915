"""A NIR graph as layers of neurons and links."""

from math import comb

import nir
import numpy as np
import pytest

from golden.interchange.links import KINDS, taken_apart

ONE = np.ones(1)


def lif(n=1):
    ones = np.ones(n)
    return nir.LIF(tau=ones, r=ones, v_leak=0 * ones, v_threshold=ones)


def graph(nodes, edges, check=True):
    return nir.NIRGraph(nodes, edges, type_check=check)


def shape(n=1):
    return {"input": np.array([n])}


def source(n=1):
    return nir.Input(shape(n))


def sink(n=1):
    return nir.Output({"output": np.array([n])})


def test_paths_multiply_and_parallel_ways_add_up():
    nodes = {
        "in": source(2),
        "a": nir.Affine(np.array([[1.0, 2.0]]), np.array([0.5])),
        "b": nir.Linear(np.array([[3.0, 0.0]])),
        "s": nir.Scale(np.array([10.0])),
        "n": lif(),
        "out": sink(),
    }
    edges = [("in", "a"), ("in", "b"), ("a", "s"), ("s", "n"), ("b", "n"), ("n", "out")]
    links = taken_apart(graph(nodes, edges), 0.001)
    found = links.paths["in", "n"]
    assert {delay: path.toarray().tolist() for delay, path in found.items()} == {0: [[13, 20]]}
    assert links.constants["n"].tolist() == [5]
    assert links.outputs == {"out": "n"}
    assert set(links.layers) == {"in", "n"}


def test_a_recurrent_graph_and_a_subgraph():
    inner = graph(
        {"i": source(), "w": nir.Linear(2 * np.eye(1)), "o": sink()}, [("i", "w"), ("w", "o")]
    )
    nodes = {"in": source(), "sub": inner, "n": lif(), "r": nir.Linear(-np.eye(1)), "out": sink()}
    edges = [("in", "sub"), ("sub", "n"), ("n", "r"), ("r", "n"), ("n", "out")]
    links = taken_apart(graph(nodes, edges, check=False), 0.001)
    assert {k: p[0].toarray().tolist() for k, p in links.paths.items()} == {
        ("in", "n"): [[2]],
        ("n", "n"): [[-1]],
    }


def test_forty_diamonds_in_a_row_have_as_many_ways_as_one_may_count():
    """Each diamond leads once past a bias of 1 and once, a step later, past a factor of 2."""
    nodes, edges, before = {"in": source(), "n": lif(), "out": sink()}, [], "in"
    for k in range(40):
        nodes |= {
            f"a{k}": nir.Affine(np.eye(1), ONE),
            f"d{k}": nir.Delay(0.001 * ONE),
            f"e{k}": nir.Scale(2 * ONE),
            f"z{k}": nir.Scale(0.5 * ONE),
        }
        edges += [(before, f"a{k}"), (before, f"d{k}"), (f"d{k}", f"e{k}")]
        edges += [(f"a{k}", f"z{k}"), (f"e{k}", f"z{k}")]
        before = f"z{k}"
    links = taken_apart(graph(nodes, [*edges, (before, "n"), ("n", "out")]), 0.001)
    ((pair, path),) = links.paths.items()
    assert pair == ("in", "n")
    assert {d: float(m.toarray()[0, 0]) for d, m in path.items()} == {
        d: comb(40, d) * 2.0**d / 2**40 for d in range(41)
    }
    # c <- (c + 1 + 2 c) / 2 = 1.5 c + 0.5, from 0.
    assert links.constants["n"].tolist() == pytest.approx([1.5**40 - 1], rel=1e-12)


def cycle():
    nodes = {"in": source(), "a": nir.Scale(ONE), "b": nir.Scale(ONE), "n": lif(), "out": sink()}
    edges = [("in", "a"), ("a", "b"), ("b", "a"), ("b", "n"), ("n", "out")]
    return graph(nodes, edges)


def potential():
    nodes = {"in": source(), "l": nir.LI(ONE, ONE, ONE), "n": lif(), "out": sink()}
    return graph(nodes, [("in", "l"), ("l", "n"), ("n", "out")])


def unknown():
    class Strange(nir.Scale):
        pass

    nodes = {"in": source(), "n": Strange(ONE), "out": sink()}
    return graph(nodes, [("in", "n"), ("n", "out")])


def vast():
    n = 10**12
    nodes = {"in": source(n), "n": lif(), "out": sink()}
    return graph(nodes, [("in", "n"), ("n", "out")], check=False)


def onward():
    nodes = {"in": source(), "n": lif(), "out": sink(), "m": lif(), "end": sink()}
    return graph(nodes, [("in", "n"), ("n", "out"), ("out", "m"), ("m", "end")])


def scaled(by):
    nodes = {"in": source(), "s": nir.Scale(np.array([by])), "n": lif(), "out": sink()}
    return graph(nodes, [("in", "s"), ("s", "n"), ("n", "out")])


def weighed():
    nodes = {"in": source(), "n": lif(), "s": nir.Scale(2 * ONE), "out": sink()}
    return graph(nodes, [("in", "n"), ("n", "s"), ("s", "out")])


def unchecked(weight, size):
    nodes = {"in": source(), "l": nir.Linear(np.ones(weight)), "n": lif(size), "out": sink(size)}
    return graph(nodes, [("in", "l"), ("l", "n"), ("n", "out")], check=False)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: unchecked((2, 3), 2), "l must have 1 inputs, as many as arrive, not 3"),
        (lambda: unchecked((2, 1), 3), "n must have 2 neurons, as many as in leads to"),
        (cycle, "a cycle through a must have a neuron in it"),
        (
            potential,
            "l gives a potential and must lead to an Output, not to n: only spikes travel",
        ),
        (unknown, f"node n must be one of {', '.join(KINDS)}, not Strange"),
        (vast, "in must have at most 16,777,216 neurons, not 1,000,000,000,000"),
        (onward, "Output out must have no edge out of it, not one to m"),
        (lambda: scaled(np.nan), "scale of s must be finite"),
        (lambda: scaled("x"), "scale of s must be numbers, not <U1"),
        (weighed, "Output out must show a layer of neurons as it is, not a sum of them"),
    ],
)
def test_graphs_that_cannot_be_done_are_refused(make, text):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        taken_apart(make(), 0.001)
    assert str(refused.value) == text
