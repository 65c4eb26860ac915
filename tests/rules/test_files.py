"""Rules in files of built networks: the same network comes back, and nothing else can be made."""

import re

import numpy as np
import pytest

from golden.builder import Network, SpikeTrain, load
from golden.cells.schedule import UP5K
from golden.network.engine.engine import Engine
from golden.network.file.members import PlanFileError
from golden.network.rules import MSTDPET, PairSTDP
from golden.network.state import NetworkState
from golden.network.stepping import StepModel
from sim.battery.learners import learners
from sim.battery.tiny import Adder
from tests.network.forging import forged
from tests.rules.test_learning import network as busy


def learners_file(folder, seed):
    """Write a small network whose synapses learn; return it, and its file."""
    plan = learners(seed).build()
    plan.save(folder / "net.npz")
    return plan, folder / "net.npz"


@pytest.mark.parametrize("seed", range(8))
def test_a_loaded_network_learns_the_very_same(tmp_path, seed):
    plan, path = learners_file(tmp_path, seed)
    again = load(path).build()
    assert again.blueprint.sha256() == plan.blueprint.sha256()
    again.save(tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == path.read_bytes()
    models = [
        model(blueprint, NetworkState.start(blueprint))
        for model, blueprint in ((Engine, plan.blueprint), (StepModel, again.blueprint))
    ]
    for model in models:
        for _ in range(60):
            model.advance(1)
    first, second = (model.state() for model in models)
    assert first.sha256() == second.sha256()


def test_a_network_of_narrower_factors_comes_back_and_older_files_have_factors_of_18_bits(
    tmp_path,
):
    plan = learners(3).build(UP5K)
    plan.save(tmp_path / "net.npz")
    assert load(tmp_path / "net.npz").build().blueprint.sha256() == plan.blueprint.sha256()
    plan, path = learners_file(tmp_path, 3)

    def older(meta):
        for rows in meta["rows"]:
            if rows["learning"]:
                assert rows["learning"].pop("operand_bits") == 18

    forged(path, edit=older)
    assert load(path).build().blueprint.sha256() == plan.blueprint.sha256()


def test_a_loaded_network_goes_on_with_what_was_learned_and_its_learning_can_be_switched_off(
    tmp_path,
):
    made = busy(PairSTDP(w_max=40, a_plus=0.02, a_minus=0.02))
    made.build().save(tmp_path / "net.npz")
    made.run(steps=40)
    made.save(tmp_path / "state.npz")
    net = load(tmp_path / "net.npz")
    net.restore(tmp_path / "state.npz")
    weights = [synapses.weights.tolist() for synapses in net.projections]
    assert weights == [synapses.weights.tolist() for synapses in made.projections]
    made.run(steps=40)
    net.run(steps=40, engine="golden")
    assert net.state.sha256() == made.state.sha256()
    rain, own = (synapses.weights.tolist() for synapses in net.projections)
    assert [rain, own] != weights
    net.projections[0].learning = False
    net.run(steps=40)
    assert net.projections[0].weights.tolist() == rain
    assert net.projections[1].weights.tolist() != own


# What somebody has made up


@pytest.fixture
def path(tmp_path):
    """Return the file of a network of two synapses, with a reward that is told in advance."""
    net = Network(dt=1)
    told, cells = net.input(2, SpikeTrain([3], [1]), "told"), net.population(1, Adder(9), "cells")
    net.connect(told, cells, weight=2, rule=MSTDPET(w_max=4, e_max=2, rounding="random"))
    net.reward(0.5, at=7)
    net.build().save(tmp_path / "net.npz")
    return tmp_path / "net.npz"


def within(*places, **changes):
    """Return what changes an entry of the rule, or of one of its programs."""

    def edit(meta):
        found = meta["rows"][0]["learning"]
        for place in places:
            found = found[place]
        found.update(changes)

    return edit


def operation(program, kind, column, value):
    """Return what changes the first operation of a name in a program."""

    def edit(meta):
        rows = meta["rows"][0]["learning"]["programs"][program]["operations"]
        next(row for row in rows if row[0] == kind)[column] = value

    return edit


def renamed(meta):
    """Let a program write its words in another order."""
    told = meta["rows"][0]["learning"]["programs"]["on_post"]
    told["written"] = dict(reversed(told["written"].items()))


def doubled(meta):
    """Let rows have short-term plasticity, too."""
    meta["rows"][0]["use"] = 5


NONE = "a trace must be of pre, post, reward, of up to 65536 steps"


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (
            {"rows__0__word__0": [0, 1 << 17]},
            "rows 0: rows 0 word 0 must be 0 to 16384, not 131072",
        ),
        ({"rows__0__word__0": [0, 0]}, "rows 0: weight must be what its rule transmits at first"),
        (
            {"rows__0__word__1": [0, -(1 << 17)]},
            "rows 0: rows 0 word 1 must be -65536 to 65536, not -131072",
        ),
        ({"reward__0__steps": [-1]}, "rewards 0: reward 0 steps must be 0 to "),
        ({"reward__0__amounts": [[1 << 17]]}, "rewards 0: reward 0 amounts must be -131071 to "),
        ({"edit": within("programs", on_step={})}, "rows 0: programs must be on_pre, on_post, "),
        ({"edit": within("programs", "on_post", nothing=0)}, "rows 0: on_post: nothing must be "),
        ({"edit": within("programs", "on_post", written={})}, "rows 0: on_post: written must be w"),
        ({"edit": renamed}, "rows 0: on_post: written must be w, e, in this order"),
        (
            {"edit": operation("on_post", "state", 2, "calcium")},
            "rows 0: on_post: operation 0: state must be one of ",
        ),
        (
            {"edit": operation("on_post", "state", 3, -5)},
            "rows 0: on_post: operation 0: it must be ['state', [], 'w', 0, 16384, ",
        ),
        ({"edit": operation("on_post", "random", 2, [3, 9])}, "rows 0: on_post: operation "),
        ({"edit": operation("on_pre", "clip", 2, [0, 1 << 18])}, "rows 0: on_pre: operation "),
        (
            {"edit": within("words", 0, name="weight")},
            "rows 0: words must be w, others, and traces",
        ),
        ({"edit": within("words", 0, low=9, high=3)}, "rows 0: word 0: a word must have a range"),
        ({"edit": within("traces", 0, side="axon")}, f"rows 0: trace 0: {NONE}"),
        ({"edit": within("traces", 0, tau=1e9)}, f"rows 0: trace 0: {NONE}"),
        ({"edit": within(rewarded=1)}, "rows 0: rewarded must be true or false"),
        ({"edit": within(rewarded=False)}, "rows 0: on_pre: operation "),
        ({"edit": within(period=-1)}, "rows 0: period of learning must be 0 to "),
        ({"edit": within(operand_bits=19)}, "rows 0: operand_bits of learning must be 3 to 18, "),
        ({"edit": within(operand_bits=16)}, "rows 0: on_pre: "),
        ({"edit": within(more=1)}, "rows 0: learning must have rule, words, traces, "),
        ({"edit": doubled}, "rows 0: "),
    ],
)
def test_a_rule_that_claims_what_is_not_so_is_refused(path, how, reason):
    forged(path, **how)
    said = f"{path} must be an intact Goldspike network: {reason}"
    with pytest.raises(PlanFileError, match=f"^{re.escape(said)}") as caught:
        load(path)
    assert "\n" not in str(caught.value)


def test_a_rule_that_nobody_has_changed_is_taken(path):
    forged(path)
    net = load(path)
    net.run(steps=9)
    assert np.array(net.projections[0].weights).tolist() == [2, 2]
