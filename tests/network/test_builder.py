"""What a user writes, and what is refused."""

# What is refused here is of a wrong type on purpose.
# pyright: reportArgumentType=false

import numpy as np
import pytest

from golden.builder import (
    Network,
    Poisson,
    SpikeTrain,
    all_to_all,
    fixed_probability,
    from_matrix,
    from_pairs,
    normal,
    one_to_one,
    uniform,
    whole,
)
from golden.cells import Izhikevich

UNDRAWN = "a picture must be drawn after some steps, not before the network ran"


def pair(**connection):
    net = Network(dt="1/2 ms")
    a, b = net.population(2, Izhikevich(), "a"), net.population(3, Izhikevich(), "b")
    net.connect(a, b, **connection)
    return net


POPULATION = Network().population(9, Izhikevich(), "p")


def recorded(what="v", **how):
    net = Network()
    return net.record(net.population(1, Izhikevich()), what, **how)


def part(key):
    return POPULATION[key]


# By hand


def test_parts_of_parts_are_counted_from_their_own_begin():
    a, b = Network(), Network()
    p, q = a.population(9, Izhikevich(), "p"), b.population(4, Izhikevich(), "q")
    assert [(x.population.name, x.first, x.size) for x in p[2:8][1:3].parts] == [("p", 3, 2)]
    both = (p[5:] + q)[3:-1]
    assert [(x.population.name, x.first, x.size) for x in both.parts] == [("p", 8, 1), ("q", 0, 3)]
    assert (p[5:] + q)[4].parts == q[0].parts


def test_weights_are_to_be_read():
    net = Network()
    p = net.population(2, Izhikevich(), "p")
    made = net.connect(p, p, all_to_all(), weight=2)
    with pytest.raises(ValueError, match="read-only"):
        made.weights[:] = 3


def test_arrays_that_are_changed_after_the_call_change_nothing():
    net = Network()
    weight, matrix, pre = np.array([1.0, 2]), np.eye(2), np.array([0, 1])
    times, amount, a = np.array([1.0]), np.array([5.0, 5]), np.array([0.02, 0.1])
    cells = net.population(2, Izhikevich(a=a), "cells")
    net.connect(net.input(1, SpikeTrain(times), "in"), cells, weight=weight)
    net.connect(cells, cells, from_matrix(matrix))
    net.connect(cells, cells, from_pairs(pre, pre))
    net.current(cells, amount)
    twin = str(net.build()), net.build().blueprint.sha256()
    net._unbuilt()
    for array in (weight, matrix, pre, times, amount, a):
        array[:] = 0
    assert (str(net.build()), net.build().blueprint.sha256()) == twin


def test_a_connection_without_synapses_is_told():
    net = pair(connector=fixed_probability(0))
    assert str(net.build()).splitlines()[-1] == "a to b: no synapses by fixed_probability(0)"


def test_rows_are_sorted_by_delay_and_keep_weights_and_delays():
    pairs = from_pairs([0, 0, 1, 0], [2, 0, 1, 1])
    (rows,) = pair(connector=pairs, weight=[1, 2, 3, 4], delay=[2, 1, 5, 1]).build().blueprint.rows
    one = 1 / 100 * 2**22  # u_unit is 1 / (0.04 h h) = 100 at half a ms
    assert rows.start.tolist() == [0, 3, 4]
    assert rows.post.tolist() == [0, 1, 2, 1]
    assert rows.delay.tolist() == [2, 2, 4, 10]
    assert rows.weight.tolist() == [round(w * one) for w in (2, 4, 1, 3)]


def test_a_prompt_shows_the_report_of_a_plan():
    plan = pair(weight=2).build()
    assert repr(plan) == str(plan) == "\n".join(plan.notes)


def test_a_delay_may_have_a_unit():
    assert pair(delay="1.5 ms").build().blueprint.rows[0].delay.tolist() == [3] * 6
    assert pair(delay="2000 us").build().blueprint.rows[0].delay.tolist() == [4] * 6


def test_parts_and_sums_of_populations_are_counted_through():
    net = Network()
    a, b = net.population(4, Izhikevich(), "a"), net.population(3, Izhikevich(), "b")
    net.connect(a[2:] + b, b[1:] + a, from_pairs([0, 2, 4], [5, 0, 1]), weight=1)
    rows = {(r.source, r.target): r for r in net.build().blueprint.rows}
    assert set(rows) == {(0, 0), (1, 1)}
    assert np.repeat(np.arange(4), np.diff(rows[0, 0].start)).tolist() == [2]
    assert rows[0, 0].post.tolist() == [3]
    assert rows[1, 1].post.tolist() == [1, 2]


def test_a_monitor_counts_what_it_loses():
    net = Network()
    spikes = net.record(net.input(4, Poisson(1000)), limit=10)
    net.run(5)
    assert (len(spikes.t), spikes.lost) == (10, 10)


def test_a_run_may_be_cut_anywhere():
    def ran(*pieces):
        net = pair(weight=20, delay=3)
        net.current(net.populations["a"], 20)
        for steps in pieces:
            net.run(steps=steps)
        return net.state.sha256()

    assert ran(200) == ran(1, 99, 100) == ran(150, 50)


# Refusals


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (
            lambda: Network(dt=0.1),
            "dt must be a power of two of a ms, such as 1, 1/2 or 1/8, not 0.1",
        ),
        (lambda: Network(dt="soon"), "dt must be a time in ms, not 'soon'"),
        (lambda: Network(seed=-1), "seed must be 0 to 4294967295, not -1"),
        (
            lambda: pair(delay=0).build(),
            "a to b: delay must be a step of 0.5 ms or more, not 0 ms",
        ),
        (
            lambda: pair(delay=200).build(),
            "a to b: delay must be 255 steps of 0.5 ms or less, not 200 ms",
        ),
        (lambda: pair(delay="2 mm"), "delay must be a time in ms, not '2 mm'"),
        (
            lambda: uniform("1 ms", 2),
            "low of uniform must be a number or an array of numbers, not 1 ms",
        ),
        (lambda: uniform(3, 2), "high of uniform must be 3 or more, not 2"),
        (lambda: uniform([0, 1], 2), "low of uniform must be one number, not 2"),
        (lambda: whole(1.5, 4), "low of whole must be whole, not 1.5"),
        (lambda: whole(1, 0), "high of whole must be 1 or more, not 0"),
        (lambda: normal(1, -2), "deviation of normal must be 0 or more, not -2"),
        (
            lambda: pair(weight=1e6).build(),
            "weight of a to b must be at most 3200 in magnitude, not 1e+06",
        ),
        (
            lambda: pair(weight=1e-6).build(),
            "weight of a to b must be at least 1.19209e-05, not 1e-06: 6 of 6 would become 0",
        ),
        (lambda: pair(weight=[1, 2]).build(), "a to b: weight must be one number or 6, not 2"),
        (
            lambda: pair(weight=[1, 2, 3, 4, 5, np.inf]).build(),
            "a to b: weight must be finite, not inf",
        ),
        (
            lambda: pair(connector=one_to_one()).build(),
            "a to b: one_to_one() must have 2 targets, as many as sources, not 3",
        ),
        (
            lambda: pair(receptor="nmda").build(),
            "receptor of b must be one of current, not nmda",
        ),
        (
            lambda: Network().population(0, Izhikevich()),
            "size of a population must be 1 or more, not 0",
        ),
        (
            lambda: Network().population(3, Izhikevich(a=[1, 2])),
            "a population of 3 must have 3 values of a, not 2",
        ),
        (
            lambda: Network().population(2, Izhikevich(a=[1, 2], b=[1, 2, 3])),
            "parameters of a cell must have one length, not a 2, b 3",
        ),
        (
            lambda: Network().run(5, steps=3),
            "a run must be given a duration or steps, not both or none",
        ),
        (
            lambda: pair(weight=1e30).build(),
            "weight of a to b must be at most 3200 in magnitude, not 1e+30",
        ),
        (
            lambda: pair(weight="heavy").build(),
            "a to b: weight must be a number or an array of numbers, not heavy",
        ),
        (
            lambda: pair(weight=np.ones((2, 3))).build(),
            "a to b: weight must be one number or 6, not 2 x 3",
        ),
        (
            lambda: pair(connector=fixed_probability(0), receptor="nmda").build(),
            "receptor of b must be one of current, not nmda",
        ),
        (lambda: pair(zeros=np.nan), "zeros must be finite, not nan"),
        (
            lambda: pair(connector=all_to_all),
            "connector must be such as all_to_all(), not all_to_all",
        ),
        (lambda: pair(plasticity=0.5), "plasticity must be a ShortTerm, not 0.5"),
        (lambda: Network(seed=1.5), "seed must be a whole number, not 1.5"),
        (
            lambda: Network().population(2.5, Izhikevich()),
            "size of a population must be a whole number, not 2.5",
        ),
        (
            lambda: Network().population(10**9, Izhikevich()),
            "a network must have at most 16777216 neurons, not 1000000000",
        ),
        (
            lambda: Network().population(2, Izhikevich(), winners=1.5),
            "winners must be a whole number, not 1.5",
        ),
        (
            lambda: Network().population(2, Izhikevich),
            f"a population must have cells of a kind, not {Izhikevich}",
        ),
        (lambda: Network().input(2, 5), "an input must have a source such as Poisson(10), not 5"),
        (lambda: Network().run(steps=-1), "steps must be 0 to 4294967296, not -1"),
        (lambda: Network().run(steps=2.5), "steps must be a whole number, not 2.5"),
        (
            lambda: Network().run("1e9 s"),
            "steps of a duration must be 0 to 4294967296, not 1000000000000",
        ),
        (lambda: Network().run(0.4), "duration must be 0 or a step of 1 ms or more, not 0.4"),
        (lambda: recorded(every=1.5), "every must be a whole number, not 1.5"),
        (lambda: recorded().plot(), UNDRAWN),
        (lambda: recorded("spikes").raster(), UNDRAWN),
        (
            lambda: part([1, 3]),
            "neurons of p must be a number or a slice such as [2:8], not [1, 3]",
        ),
        (lambda: part(9), "neuron of p must be 0 to 8, not 9"),
        (
            lambda: part(slice(2, 6)) + part(slice(4, 9)),
            "parts that are added must have no neuron in common, not 2 of p, from 4",
        ),
        (lambda: recorded(limit=-1), "limit must be 0 or more, not -1"),
        (lambda: Network().run(5, engine="gpu"), "engine must be one of numba, golden, not gpu"),
    ],
)
def test_impossible_networks_are_refused(make, text):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        make()
    assert str(refused.value) == text


def test_a_population_cannot_be_changed_once_it_ran():
    net = pair()
    net.run(1)
    with pytest.raises(
        ValueError, match="^a network must be complete before it runs or is given a reward$"
    ):
        net.connect(net.populations["a"], net.populations["b"])


@pytest.mark.parametrize(
    "use",
    [
        lambda net, alien: net.connect(alien, alien),
        lambda net, alien: net.gap(net.populations["own"], alien[:1]),
        lambda net, alien: net.current(alien, 1),
        lambda net, alien: net.noise(alien + net.populations["own"], 1),
        lambda net, alien: net.record(alien),
    ],
)
def test_a_population_of_another_network_is_refused(use):
    net, other = Network(), Network()
    net.population(3, Izhikevich(), "own")
    alien = other.population(3, Izhikevich(), "alien")
    with pytest.raises(ValueError, match=r"^alien must be of this network$"):
        use(net, alien)
