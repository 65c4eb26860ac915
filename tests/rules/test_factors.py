"""Rules on parts whose multipliers take factors of 16 bits: what is left of a rule's numbers."""

import numpy as np
import pytest

from golden.builder import Network, Poisson
from golden.cells.program import Receptor, Scale
from golden.cells.schedule import ECP5, ICE40HX, UP5K
from golden.network.rules import MSTDP, DerivativeSTDP, PairSTDP
from golden.network.rules.learning import learning, narrowed
from golden.network.rules.synapse import Synapse
from sim.battery.tiny import Adder
from tests.rules.equality import compared

RECEPTOR = Receptor("in", 32, Scale(16))


def made(rule, operand_bits=16):
    """Return a rule in integers, with one synapse."""
    return learning(rule, 1.0, RECEPTOR, np.array([1.0]), 0, operand_bits)


def network(rule):
    """Return a cell that hears an input, by synapses that learn."""
    net = Network(dt=1, seed=3)
    rain, cell = net.input(5, Poisson(200), "rain"), net.population(1, Adder(60), "cell")
    return net, net.connect(rain, cell, weight=20, rule=rule)


def test_a_word_has_as_many_bits_as_a_factor_and_the_finest_point_that_leaves():
    # 10 needs 4 bits before its point, and a word one for its sign.
    for bits, operand_bits, point in ((18, 18, 13), (18, 16, 11), (17, 16, 11), (12, 16, 7)):
        word = made(PairSTDP(w_max=10, bits=bits), operand_bits).weight
        assert (word.scale.point, word.high) == (point, 10 << point)
    both = made(DerivativeSTDP(bits=13)).words
    # 8 needs 4 bits, too, as a word that holds -8 must hold it as well.
    assert [(word.name, word.high, word.scale.point) for word in both] == [
        ("w", 10 << 8, 8),
        ("sd", 8 << 11, 11),
    ]


def test_an_added_trace_cannot_overflow_a_factor():
    rule = made(PairSTDP(w_max=10, bits=18, tau_minus=3))
    for trace, bits, point in ((0, 18, 15), (0, 16, 13), (1, 18, 12), (1, 16, 10)):
        found, most = rule.traces[trace].format(bits)
        # With a spike in every step they come to 1 / (1 - e**(-1/tau)): to 3.5, and to 20.5.
        left = round(np.exp(-1 / rule.traces[trace].tau) * 2 ** (bits - 2))
        last, kept = -1, 0
        while kept != last:
            last, kept = kept, ((kept * left + (1 << bits - 3)) >> bits - 2) + (1 << found)
        assert found == point
        assert 1 << bits - 2 <= kept <= most < 1 << bits - 1
    assert all(
        program.operand_bits == 16 and all(c.range[1] < 1 << 15 for c in program.constants)
        for program in rule.programs
    )


def test_a_reward_is_rounded_before_it_is_a_factor():
    given = {}
    for bits in (16, 18):
        synapse = Synapse(MSTDP(), "reward", 1.0, made(MSTDP(), bits).words, bits)
        given[bits] = synapse.reward.point, synapse.reward.width, synapse.modulator(9).point
    # From -32 to 32; the largest one, 2**17 - 1, would be rounded to 2**15 if 10 were left.
    assert given == {16: (9, 16, 9), 18: (12, 18, 12)}


def test_what_a_factor_leaves_is_said():
    wide = DerivativeSTDP(bits=17)
    assert narrowed(wide, 18) == ""
    assert narrowed(wide, 16) == "; bits that a factor leaves: w 16 of 17, sd 16 of 18"
    lines = str(network(PairSTDP(w_max=40, bits=18))[0].build(fabric=UP5K)).splitlines()
    (line,) = (x for x in lines if "learns by" in x)
    assert line.startswith("rain to cell: learns by PairSTDP, w 0 to 20480 point 9")
    assert line.endswith("; bits that a factor leaves: w 16 of 18")


def test_a_gain_that_the_bits_of_a_narrower_factor_lose_is_refused():
    weak = PairSTDP(w_max=10, bits=18, a_plus=1e-4)
    assert made(weak, 18).weight.high == 10 << 13
    with pytest.raises(ValueError, match="^a_plus must be at least 0.000244 for the bits of w, "):
        made(weak)
    net, _ = network(PairSTDP(w_max=40, bits=18, a_plus=2e-4))
    said = "^rain to cell by PairSTDP: a_plus must be at least 0.000977 for the bits of w, not 0.0"
    with pytest.raises(ValueError, match=said):
        net.build(fabric=ICE40HX)


def test_a_network_for_such_a_part_learns_with_its_factors_and_others_as_ever():
    rule = PairSTDP(w_max=40, a_plus=3, a_minus=2, bits=18)
    hashes = {}
    for fabric in (None, ECP5, UP5K, ICE40HX):
        net, _ = network(rule)
        (rows,) = net.build(fabric).blueprint.rows
        assert rows.learning
        assert rows.learning.operand_bits == (16 if fabric in (UP5K, ICE40HX) else 18)
        hashes[fabric] = net.build().blueprint.sha256()
    assert hashes[None] == hashes[ECP5] != hashes[UP5K] == hashes[ICE40HX]


def test_weights_that_were_to_be_recorded_before_it_was_built_have_its_unit():
    net, synapses = network(PairSTDP(w_max=40, a_plus=3, a_minus=2, bits=18))
    seen = net.record(synapses, "w")
    net.build(fabric=UP5K)
    net.run("100 ms")
    assert np.array_equal(seen.values[-1], synapses.weights)
    assert np.unique(seen.values).size > 20


@pytest.mark.parametrize("part", range(3))
def test_small_random_networks_of_such_factors_learn_the_same_at_once_and_late(part):
    moved = sum(compared(seed, UP5K)["weights moved"] for seed in range(2 * part, 2 * part + 2))
    assert moved
