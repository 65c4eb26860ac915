"""What synapses learn as words of a chip: by hand, what no chip can do, and as golden does it."""

from dataclasses import replace

import numpy as np
import pytest

from golden.builder import Network, ShortTerm, SpikeTrain, from_pairs
from golden.cells.schedule import UP5K
from golden.network.core import step
from golden.network.interface import NOTED, Region, added, registers
from golden.network.placement import Placement, Room, placed
from golden.network.placement.chronicle import Chronicle
from golden.network.placement.contents import contents, record_places
from golden.network.placement.loading import network_state, recorded, state_words
from golden.network.rules import DerivativeSTDP, PairSTDP, Rule
from golden.network.rules.learner import LearningUnit
from golden.network.state import NetworkState
from sim.battery.one_rule import one_rule
from sim.battery.tiny import Adder
from tests.network.placement.test_equality import follow
from tests.network.placement.words import fields, signed

NEAREST = PairSTDP(w_max=31, bits=9, pairs="nearest", a_plus=2, a_minus=1)


def mixed(by: Rule | None = NEAREST, **other) -> Network:
    """Return two inputs: both lead to cells 0 and 1 by the rule, and input 1 to cell 2 as well.

    Input 0 has delays of 2 and 5 steps, input 1 of 3; what cell 0 sends to cell 2 learns, too.
    """
    net = Network(dt=1)
    told = net.input(2, SpikeTrain([1, 2, 9], [0, 1, 0]), "told")
    cells = net.population(3, Adder(threshold=9), "cells")
    pairs, delay = from_pairs([0, 0, 1, 1], [0, 1, 1, 0]), np.array([2, 5, 3, 3])
    net.connect(told, cells, pairs, weight=np.array([8, 9, 10, 11]), delay=delay, rule=by)
    net.connect(told, cells, from_pairs([1], [2]), weight=7, delay=3, **other)
    net.connect(cells, cells, from_pairs([0], [2]), weight=5, delay=1, rule=by)
    return net


def after(net: Network, steps: int) -> tuple[Placement, NetworkState]:
    """Return a network on its chip, and golden's state after some steps."""
    placement = placed(net.build().blueprint)
    state = NetworkState.start(placement.blueprint)
    for _ in range(steps):
        step(placement.blueprint, state)
    return placement, state


def learner(placement: Placement) -> LearningUnit:
    """Return what its chip learns by."""
    assert placement.chip.learner is not None
    return placement.chip.learner


def words(placement: Placement, state: NetworkState, name: str) -> list[int]:
    """Return words of a region."""
    return state_words(placement, state)[added(placement.chip)[name]].tolist()


# By hand


def test_runs_that_learn_come_first_and_whose_synapses_are_both_sorts_has_two_axons():
    placement, state = after(mixed(), 0)
    chip, held = placement.chip, contents(placement)
    # Two axons of inputs and three of cells learn, then come the inputs' others.
    assert placement.axons.groups == ((5, 0), (2,))
    assert (placement.axons.rows, chip.axons, chip.branches) == ((0, 5, 2), 7, 0)
    widths = chip.count_bits, chip.gap_bits, 1, chip.family_bits
    found = [fields(word, *widths) for word in held[Region.RUNS].tolist()]
    # A count of one bit takes the fewest: the run of two is cut.
    runs = [(1, 3, 1), (1, 0, 0), (1, 0, 1), (1, 0, 0), (1, 0, 0), (1, 0, 0)]
    assert [run[:3] for run in found] == runs
    slots = [fields(word, chip.slot_bits)[0] for word in held[Region.SYNAPSES].tolist()]
    assert slots == [0, 1, 0, 1, 2, 2]
    assert (learner(placement).runs, learner(placement).synapses) == (5, 5)
    assert (placement.runs.learning, chip.runs, chip.synapses) == (5, 6, 6)
    assert held[Region.SCRIPT][record_places(placement)[1] - 5] & NOTED
    names = list(registers(chip))
    told = dict(zip(names, state_words(placement, state)[0].tolist(), strict=True))
    assert (told["learn"], told["learned"]) == (1, 5)
    assert "period" not in told


def test_words_of_what_was_learned():
    """Weights have 9 bits, 3 of them a fraction: 8, 9; 11, 10; 5.

    Arrivals: run 0 in steps 3 and 11, run 1 in step 6, runs 2 and 3 (cells 0 and 1) in step 5. Cell
    0 has 8 in step 3 and 19 in step 5: it spikes. Cell 1 has 10 in step 5: it spikes. Cell 2 has 7
    in step 5, and 12 in step 6, in which run 4 arrives: it spikes.
    """
    placement, state = after(mixed(), 0)
    assert words(placement, state, "learned_w") == [64, 72, 88, 80, 40]
    assert words(placement, state, "run_lasts") == [0, 0, 0, 0, 0]
    placement, state = after(mixed(), 7)
    spiked = 1 << 26
    assert words(placement, state, "run_lasts") == [x | spiked for x in (3, 6, 5, 5, 6)]
    assert words(placement, state, "post_lasts") == [x | spiked for x in (5, 5, 6)]
    # Each has gained 2 e**(-age/20) at its target's post, and run 1 lost e**(-1/20) in step 6.
    gains = [2 * np.exp(-age / 20) for age in (2, 0, 0, 0)]
    exact = [8 + gains[0], 9 - np.exp(-1 / 20), 11 + 2, 10 + 2, 5 + 2]
    assert words(placement, state, "learned_w") == [round(8 * x) for x in exact]


def test_registers_of_epochs_count_down_to_the_next_one():
    rule = DerivativeSTDP(w_max=31, every=10, a_plus=2, a_minus=1)
    for done, left in ((0, 10), (1, 9), (9, 1), (10, 10)):
        placement, state = after(mixed(rule), done)
        names = list(registers(placement.chip))
        told = dict(zip(names, state_words(placement, state)[0].tolist(), strict=True))
        assert (told["period"], told["until"]) == (10, left)
    negative = words(placement, state, "learned_sd")
    learned = state.learned[0]
    assert learned
    assert signed(negative, 16).tolist()[:4] == learned.words["sd"][[0, 1, 2, 3]].tolist()


def test_a_chip_is_made_for_as_many_posts_as_wanted():
    blueprint = mixed().build().blueprint
    usual = learner(placed(blueprint))
    assert (usual.posts, usual.span_bits) == (8, 9)
    other = learner(placed(blueprint, room=Room(posts=16, span_bits=5)))
    assert (other.posts, other.span_bits) == (16, 5)


def test_where_learning_is_off_a_state_says_so():
    net = mixed()
    net.run(steps=9, learning=False)
    placement, state = placed(net.build().blueprint), net.state
    held = dict(zip(registers(placement.chip), state_words(placement, state)[0], strict=True))
    assert held["learn"] == 0
    again = network_state(
        placement, state_words(placement, state), Chronicle.of(placement.blueprint, state)
    )
    assert again.learned[0] is not None
    assert not again.learned[0].on
    assert again.sha256() == state.sha256()


def test_another_network_of_the_rule_runs_on_a_larger_chip_and_so_does_a_still_one():
    larger = placed(mixed().build().blueprint, grown=lambda n: 2 * n)
    assert (learner(larger).runs, learner(larger).synapses) == (10, 10)
    chip = replace(larger.chip, family_bits=3, family_weight_bits=6)
    follow(placed(mixed().build(chip=chip).blueprint, chip), 20)
    still = placed(mixed(None).build(chip=chip).blueprint, chip)
    assert recorded(still) == {}
    follow(still, 20)


# Refusals


ONE_SORT = (
    "synapses on a chip must learn or have short-term plasticity, not told to cells the one and "
    "told to cells the other"
)
ONE_EPOCH = "epochs on a chip must all take as many steps, not 10 and 20"


@pytest.mark.parametrize(
    ("rule", "other", "said"),
    [
        (NEAREST, {"plasticity": ShortTerm()}, ONE_SORT),
        (
            DerivativeSTDP(w_max=31, every=10),
            {"rule": DerivativeSTDP(w_max=31, every=20)},
            ONE_EPOCH,
        ),
    ],
)
def test_what_no_chip_can_do_is_refused(rule, other, said):
    with pytest.raises(ValueError, match=r".") as refusal:
        placed(mixed(rule, **other).build().blueprint)
    assert str(refusal.value) == said


def test_a_family_of_narrower_factors_is_refused():
    said = "factors of a program for up5k must have at most 16 bits, not 18"
    with pytest.raises(ValueError, match=f"^{said}$"):
        placed(mixed().build().blueprint, fabric=UP5K)
    learner = placed(mixed().build(fabric=UP5K).blueprint, fabric=UP5K).chip.learner
    assert learner
    assert learner.trace_bits == 16
    assert "DOES NOT FIT" not in (told := str(mixed().build(board="icebreaker")).splitlines()[-1])
    assert told.startswith("icebreaker: ")


@pytest.mark.parametrize(
    ("room", "said"),
    [
        (Room(posts=6), "posts must be a power of two from 2 on, not 6"),
        (Room(span_bits=-1), "span_bits must be 0 to 20, not -1"),
        (Room(span_bits=31), "span_bits must be 0 to 20, not 31"),
    ],
)
def test_room_that_no_chip_can_have_is_refused(room, said):
    with pytest.raises(ValueError, match=f"^{said}$"):
        placed(mixed().build().blueprint, room=room)


def test_an_epoch_that_no_register_can_count_is_refused():
    steps = 1 << 24
    placed(mixed(DerivativeSTDP(w_max=31, every=steps - 1)).build().blueprint)
    said = "an epoch on a chip must take at most 16,777,215 steps, not 16,777,216"
    with pytest.raises(ValueError, match=f"^{said}$"):
        placed(mixed(DerivativeSTDP(w_max=31, every=steps)).build().blueprint)


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"runs": 3}, "5 runs that learn, the chip has 3"),
        ({"synapses": 1}, "5 synapses that learn, the chip has 1"),
        ({"words": ()}, "learning by PairSTDP, the chip has another rule"),
    ],
)
def test_what_a_learner_lacks_is_told(change, missing):
    blueprint = mixed().build().blueprint
    placement = placed(blueprint)
    chip = replace(placement.chip, learner=replace(learner(placement), **change))
    with pytest.raises(ValueError, match=r".") as refusal:
        placed(blueprint, chip)
    assert str(refusal.value) == f"a network must fit its chip, not need {missing}"


def test_a_chip_without_a_learner_takes_no_rule():
    blueprint = mixed().build().blueprint
    chip = replace(placed(blueprint).chip, learner=None)
    said = "a network must fit its chip, not need learning by PairSTDP, the chip has none"
    with pytest.raises(ValueError, match=f"^{said}$"):
        placed(blueprint, chip)


# Equality


@pytest.mark.parametrize("seed", [1, 3, 11, 14, 23])
def test_a_network_that_learns_does_what_golden_does(seed):
    blueprint = one_rule(seed).build().blueprint
    state = follow(placed(blueprint, queue=64 * 256), 50)
    assert any(
        (learned.words["w"] != rows.learning.start[0]).any()
        for rows, learned in zip(blueprint.rows, state.learned, strict=True)
        if rows.learning and learned
    )
