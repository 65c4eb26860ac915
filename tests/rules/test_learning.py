"""Learning in a network: switched off, saved, resumed, refused; and a rule of one's own."""

import re
from dataclasses import dataclass

import numpy as np
import pytest

from golden.builder import Network, Poisson, ShortTerm, SpikeTrain
from golden.builder.store import StateFileError
from golden.cells.schedule import ECP5
from golden.network.learning import LearningState
from golden.network.rules import PairSTDP, Rule, Variable
from sim.battery.learners import learners
from sim.battery.tiny import Adder

both = pytest.mark.parametrize("engine", ["golden", "numba"])


def network(rule: Rule | None = None, weight: float = 20.0) -> Network:
    """Return ten cells that hear ten inputs, all of whose synapses learn, in two connections."""
    net = Network(dt=1, seed=4)
    rain, cells = net.input(10, Poisson(100), "rain"), net.population(10, Adder(60), "cells")
    rule = rule or PairSTDP(w_max=40, a_plus=3, a_minus=2)
    net.connect(rain, cells, weight=weight, delay=3, rule=rule)
    net.connect(cells, cells, weight=weight / 2, delay=9, rule=rule)
    return net


def learned(net: Network, connection: int) -> list[list[int]]:
    """Return all that a connection has learned, and whether it does, after the steps so far."""
    state = net.state.learned[connection]
    assert state is not None
    return [array.tolist() for array in state.arrays()]


@both
def test_nothing_learned_changes_where_learning_is_off(engine):
    net = network()
    net.run(steps=40, engine=engine)
    before = [learned(net, k) for k in range(2)]
    net.run(steps=200, engine=engine, learning=False)
    after = [learned(net, k) for k in range(2)]
    assert net.state.spikes[1] > 100
    assert [each.pop(0) for each in after] == [[0], [0]]
    assert [each.pop(0) for each in before] == [[1], [1]]
    assert before == after


@both
def test_one_connection_may_learn_while_another_does_not(engine):
    net = network()
    rain, own = net.projections
    own.learning = False
    net.run(steps=60, engine=engine)
    assert (own.weights == 10).all()
    assert (rain.weights != 20).any()
    own.learning = True
    net.run(steps=60, engine=engine)
    assert (own.weights != 10).any()


@both
def test_posts_of_a_time_without_learning_are_never_made_up_for(engine):
    net = Network(dt=1)
    told, cell = net.input(1, SpikeTrain([0, 30]), "told"), net.population(1, Adder(1000), "cell")
    drive = net.input(1, SpikeTrain([9]), "drive")
    net.connect(drive, cell, weight=5000)
    synapse = net.connect(told, cell, weight=4, rule=PairSTDP(w_max=8))
    net.run(steps=5, engine=engine)
    net.run(steps=10, engine=engine, learning=False)
    net.run(steps=40, engine=engine)
    assert net.state.spikes[1] == 1
    assert synapse.weights.tolist() == [4.0]


def test_what_is_transmitted_is_the_same_weight_whether_it_learns_or_not():
    still, moved = (network(PairSTDP(w_max=40, a_plus=0, a_minus=0), weight=20.4) for _ in range(2))
    for net, learning in ((still, False), (moved, True)):
        net.run(steps=100, learning=learning)
    assert still.state.words[1]["v"].tolist() == moved.state.words[1]["v"].tolist()
    assert still.state.spikes == moved.state.spikes


def test_a_run_goes_on_from_a_file_with_all_that_it_has_learned(tmp_path):
    whole, begun, resumed = network(), network(), network()
    whole.run(steps=150)
    begun.run(steps=77)
    begun.save(tmp_path / "state.npz")
    resumed.restore(tmp_path / "state.npz")
    assert resumed.state.sha256() == begun.state.sha256()
    resumed.run(steps=73, engine="golden")
    assert resumed.state.sha256() == whole.state.sha256()


def test_looking_does_not_change_what_is_learned():
    seen, unseen = network(), network()
    for _ in range(200):
        seen.run(steps=1)
    unseen.run(steps=200)
    assert seen.state.sha256() == unseen.state.sha256()


@pytest.mark.parametrize(
    ("what", "value", "said"),
    [
        (lambda state: state.words["w"], 1 << 17, "what rain to cells has learned must be 0 to "),
        (lambda state: state.arrived, 77, "what rain to cells has learned must be -1099511627776 "),
        (lambda state: state.traces["pre 20.0"], -1, "what rain to cells has learned must be 0 to"),
    ],
)
def test_a_state_that_cannot_have_been_learned_is_refused(tmp_path, what, value, said):
    net = network()
    net.run(steps=77, engine="golden")
    state = net.state.learned[0]
    assert isinstance(state, LearningState)
    what(state)[0] = value
    net.save(tmp_path / "state.npz")
    with pytest.raises(StateFileError, match=re.escape(said)):
        network().restore(tmp_path / "state.npz")


# A rule of one's own


@dataclass(frozen=True, kw_only=True)
class Counting(Rule):
    """Counts posts in a variable; an arrival adds the count to the weight."""

    w_max: float = 127.0
    bits: int = 8
    variables = (Variable("posts", 0, 3, bits=3),)

    def on_pre(self, s):
        """Add."""
        s.w += s["posts"]

    def on_post(self, s):
        """Count, up to 3."""
        s["posts"] += s.share("one", 1)


@both
def test_a_rule_may_have_variables_of_its_own_which_stay_within_their_range(engine):
    net = Network(dt=1)
    told, cell = net.input(1, SpikeTrain([4, 10]), "told"), net.population(1, Adder(1000), "cell")
    drive = net.input(1, SpikeTrain([0, 1, 6, 7, 8]), "drive")
    net.connect(drive, cell, weight=5000)
    synapse = net.connect(told, cell, weight=1, rule=Counting())
    found = []
    for _ in range(13):
        net.run(steps=1, engine=engine)
        found.append((synapse.weights[0], synapse.variable("posts")[0]))
    assert found[4:] == [(1, 2), (3, 2), (3, 2), (3, 3), (3, 3), (3, 3), (3, 3), (6, 3), (6, 3)]


def test_what_no_rule_can_read_is_refused():
    @dataclass(frozen=True, kw_only=True)
    class Lost(Rule):
        def on_pre(self, s):
            s.w += s["calcium"]

    net = network(Lost(w_max=40))
    said = "rain to cells by Lost: a variable of a rule must be w, not calcium"
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        net.build()


def test_what_must_act_in_every_step_cannot_be_put_off_and_is_refused():
    @dataclass(frozen=True, kw_only=True)
    class Restless(Rule):
        def on_step(self, s):
            s.w = s.w.times2(-1)

    net = network(Restless(w_max=40))
    said = (
        "rain to cells by Restless: a rule must act at spikes, not in every step, as on_step "
        "would: what changes without an event cannot be put off until somebody looks"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        net.build()


# What cannot be


def test_a_rule_is_refused_where_it_cannot_be():
    net = Network(dt=1)
    cells = net.population(2, Adder(), "cells")
    with pytest.raises(ValueError, match=r"^rule must be such as PairSTDP\(\), not 'stdp'$"):
        net.connect(cells, cells, rule="stdp")  # type: ignore[arg-type]
    said = "^a connection must have a rule or short-term plasticity, not both$"
    with pytest.raises(ValueError, match=said):
        net.connect(cells, cells, rule=PairSTDP(), plasticity=ShortTerm())
    said = "^a variable of cells to cells must be w, not tag$"
    with pytest.raises(ValueError, match=said):
        net.connect(cells, cells).variable("tag")


def test_a_network_that_learns_may_be_built_for_gates():
    nets = network(), network()
    nets[0].build(fabric=ECP5)
    for net in nets:
        net.run(steps=60)
    assert nets[0].state.sha256() == nets[1].state.sha256()


def test_random_rules_draw_other_words_than_cells():
    for seed in range(3):
        blueprint = learners(seed).build().blueprint
        numbers = [
            rows.learning.first + np.arange(rows.synapses)
            for rows in blueprint.rows
            if rows.learning
        ]
        assert len(np.unique(np.concatenate(numbers))) == sum(map(len, numbers))
