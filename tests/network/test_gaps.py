"""Gap junctions: by hand, and what is said about them."""

import re

import numpy as np
import pytest

from golden.builder import Network, all_to_all, from_pairs, one_to_one
from golden.cells import Izhikevich
from sim.battery.tiny import Adder, Holder


def test_a_pair_in_both_orders_is_one_junction_and_nobody_has_one_with_itself():
    net = Network(dt=1)
    cells = net.population(4, Adder(), "cells")
    net.gap(cells, cells, all_to_all(), 0.1)
    plan = net.build()
    pairs = {(i, j) for g in plan.blueprint.gaps for i, j in zip(g.pre, g.post, strict=True)}
    assert pairs == {(i, j) for i in range(4) for j in range(4) if i != j}
    assert sum(len(g.pre) for g in plan.blueprint.gaps) == 12


def test_parts_that_overlap_join_each_pair_once():
    net = Network(dt=1)
    cells = net.population(4, Adder(), "cells")
    net.gap(cells[:3], cells[1:], all_to_all(), [1, 2, 3, 4, 5, 6])
    joined = [
        (int(i), int(j), float(a) / 2**g.shift)
        for g in net.build().blueprint.gaps
        for i, j, a in zip(g.pre, g.post, g.ahead, strict=True)
    ]
    there = [(0, 1, 1), (0, 2, 2), (0, 3, 3), (1, 2, 4), (1, 3, 5), (2, 3, 6)]
    assert joined == there + [(j, i, g) for i, j, g in there]


@pytest.mark.parametrize("engine", ["golden", "numba"])
def test_cells_with_potentials_of_different_formats_can_be_joined(engine):
    """Izhikevich's v is -65 mV at first, and the other one's 0: 0.01 of that flows into it."""
    net = Network(dt=1)
    one = net.population(1, Izhikevich(), "one")
    other = net.population(1, Adder(), "other")
    net.gap(one, other, one_to_one(), 0.2)
    v = net.record(other, "v")
    net.run(steps=1, engine=engine)
    assert v.integers.tolist() == [[-13]]


def test_the_report_says_how_far_potentials_are_pulled():
    net = Network(dt=1)
    cells = net.population(3, Adder(), "cells")
    net.gap(cells, cells, from_pairs([0, 1], [1, 2]), 0.25)
    said = "cells: in a step, gap junctions pull a potential by up to 0.5 of its distance to the "
    assert str(net.build()).endswith(said + "others")
    net.gap(cells, cells, from_pairs([0], [1]), 0.5)
    assert "up to 1 of its distance to the others: UNSTABLE, it must be below 1" in str(net.build())


@pytest.mark.parametrize(
    ("conductance", "said"),
    [
        (-0.5, "conductance must be 0 or more, not -0.5"),
        (1e9, "conductance of gap junctions of a and b must be smaller, not 1e+09"),
        (
            np.array([1, 1e-9]),
            "conductance of gap junctions of a and b must not round to 0: 1e-09",
        ),
    ],
)
def test_what_cannot_be_is_refused(conductance, said):
    net = Network(dt=1)
    a, b = net.population(2, Adder(), "a"), net.population(2, Holder(), "b")
    net.gap(a, b, one_to_one(), conductance)
    with pytest.raises(ValueError, match=re.escape(said) + "$"):
        net.build()
