"""What a host has for synapses that learn beside what is learned: numbers, delays, what is off."""

from dataclasses import dataclass, replace

import pytest

from golden.builder import Network, SpikeTrain, from_pairs
from golden.network.interface import added
from golden.network.placement import placed
from golden.network.placement.chronicle import Chronicle
from golden.network.placement.contents import contents
from golden.network.placement.loading import network_state, state_words
from golden.network.rules import MSTDP, DerivativeSTDP, Rule, SumOfProducts, Variable
from golden.network.rules.interface import LAST_BITS
from golden.network.rules.synapse import Synapse
from sim.battery.one_rule import one_rule
from sim.battery.tiny import Adder
from tests.network.placement.test_equality import follow
from tests.network.placement.test_learned import NEAREST, mixed, words

# By hand


def test_numbers_of_synapses_are_those_in_their_rows_one_behind_the_other():
    """A run has one delay: of input 1 its synapses lie in the order of their slots."""
    drawing = replace(NEAREST, rounding="random")
    placement = placed(mixed(drawing).build().blueprint)
    rows = [r.post.tolist() for r in placement.blueprint.rows if r.learning]
    assert rows == [[0, 1, 0, 1], [2]]
    found = contents(placement)[added(placement.chip)["synapse_numbers"]]
    assert found.tolist() == [0, 1, 2, 3, 4]
    assert "synapse_numbers" not in added(placed(mixed().build().blueprint).chip)
    # Cell 1 is told later than cell 2: its synapse lies behind, and has the number 0 all the same.
    net = Network(dt=1)
    told, cells = net.input(1, SpikeTrain([1], [0]), "told"), net.population(3, Adder(), "cells")
    for to, delay in ((1, 3), (2, 2)):
        net.connect(told, cells, from_pairs([0], [to]), weight=8, delay=delay, rule=drawing)
    placement = placed(net.build().blueprint)
    found = contents(placement)[added(placement.chip)["synapse_numbers"]]
    assert found.tolist() == [1, 0]


def test_delays_of_runs_are_words_where_a_rule_looks_at_them():
    placement = placed(mixed(SumOfProducts(w_max=31, w_rule=((1, ("y0", "d")),))).build().blueprint)
    found = contents(placement)[added(placement.chip)["run_delays"]]
    assert found.tolist() == [2, 5, 3, 3, 1]
    state = follow(placement, 20)
    # Weights have 10 bits of a fraction, and gain their delays at every post of cells 0, 1 and 2.
    posts = 2, 3, 1
    found = [[w / 1024 for w in m.words["w"].tolist()] for m in state.learned if m]
    first = [8 + 2 * posts[0], 9 + 5 * posts[1], 11 + 3 * posts[0], 10 + 3 * posts[1]]
    assert found == [first, [5 + 1 * posts[2]]]


def test_runs_that_are_switched_off_say_so_and_what_they_know_is_kept_elsewhere():
    net = mixed()
    net.run(steps=4)
    net.projections[0].learning = False
    net.run(steps=5)
    placement = placed(net.build().blueprint)
    # The cells spike in step 5, when what they are told by is off: cell 0 arrives in step 6.
    lasts = words(placement, net.state, "run_lasts")
    assert lasts == [1, 1, 1, 1, 6 | 1 << LAST_BITS]
    assert words(placement, net.state, "learned_w")[:4] == [64, 72, 88, 80]
    read, blueprint = state_words(placement, net.state), placement.blueprint
    chronicle = Chronicle.of(blueprint, net.state)
    again = network_state(placement, read, chronicle)
    assert [m.on for m in again.learned if m] == [False, True]
    assert again.sha256() == net.state.sha256()


def test_runs_have_numbers_of_rules_and_the_words_of_the_one_with_most():
    slow = DerivativeSTDP(w_max=15, every=10, a_plus=2, a_minus=1)
    placement = placed(mixed(rule=slow).build().blueprint)
    learner = placement.chip.learner
    assert learner
    assert [word.name for word in learner.words] == ["w", "sd"]
    assert [(word.low, word.high) for word in learner.words][0] == (0, 30720)
    assert learner.shifts == (3, 11)
    found = contents(placement)[added(placement.chip)["run_rules"]]
    # Input 1 leads to cells 0 and 1 by the first rule, to cell 2 by the second.
    assert found.tolist() == [0, 0, 0, 0, 1, 0]
    follow(placement, 30)


@dataclass(frozen=True, kw_only=True)
class Named(Rule):
    """A rule of variables that do nothing, with these names."""

    names: tuple[str, ...] = ()

    def kept(self) -> tuple[Variable, ...]:
        """Return them."""
        return tuple(Variable(name, 0, 4) for name in self.names)

    def on_post(self, s: Synapse) -> None:
        """Change the weight, so that it is a rule."""
        s.w += s.amount("rise", 0.5)


def test_words_of_several_rules_have_names_of_their_own():
    first, second = Named(w_max=31, names=("x_3", "x")), Named(w_max=31, names=("p", "q", "x"))
    learner = placed(mixed(first, rule=second).build().blueprint).chip.learner
    assert learner
    assert [word.name for word in learner.words] == ["w", "x_3", "x", "x_3_3"]


# Refusals


@pytest.mark.parametrize(
    ("rule", "which"),
    [
        (MSTDP(w_max=31), "look at rewards"),
        (replace(NEAREST, every=10, norm=50), "have one"),
    ],
)
def test_several_rules_of_which_one_has_rewards_or_a_norm_are_refused(rule, which):
    said = (
        "a rule on a chip with other rules, or other integers, must look at no rewards and have "
        f"no norm, not {which} as that of told to cells does, beside that of told to cells"
    )
    with pytest.raises(ValueError, match=f"^{said}$"):
        placed(mixed(rule=rule).build().blueprint)


def test_rows_that_share_runs_and_do_not_all_learn_are_not_loaded():
    net = mixed()
    told, cells = net.populations["told"], net.populations["cells"]
    net.connect(told, cells, from_pairs([1], [0]), weight=3, delay=3, rule=NEAREST)
    net.projections[0].learning = False
    net.run(steps=9)
    placement = placed(net.build().blueprint)
    said = (
        "rows whose synapses share a run of a chip must all learn, or none, not told to cells "
        "while told to cells does not"
    )
    with pytest.raises(ValueError, match=f"^{said}$"):
        state_words(placement, net.state)


def test_rows_that_know_other_spikes_of_their_target_are_not_loaded():
    net = mixed()
    net.projections[0].learning = False
    net.run(steps=9)
    net.projections[0].learning = True
    net.run(steps=1)
    said = (
        "rows that share a source or a target must know the same spikes of it on a chip, and told "
        "to cells does not"
    )
    with pytest.raises(ValueError, match=f"^{said}$"):
        state_words(placed(net.build().blueprint), net.state)


# Equality


@pytest.mark.parametrize("seed", [3, 14])
def test_what_is_switched_off_stays_and_may_come_back_where_nobody_else_learned(seed):
    blueprint = one_rule(seed).build().blueprint
    sources = sorted({rows.source for rows in blueprint.rows if rows.learning})
    on = [rows.source != sources[0] for rows in blueprint.rows]
    follow(placed(blueprint, queue=64 * 256), 40, (on, on))
    state = follow(placed(blueprint, queue=64 * 256), 40, ([False] * len(on), [True] * len(on)))
    assert any(learned.arrived.max(initial=0) >= 20 for learned in state.learned if learned)
