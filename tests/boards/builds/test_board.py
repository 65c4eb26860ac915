"""The boards: what is known of them fits together."""

from dataclasses import replace

import pytest

from boards.parts.board import BOARDS, board
from boards.parts.clocks import dividers
from boards.parts.dense import core_params
from boards.parts.families import FAMILIES
from golden.dense.registers import values
from golden.training.recipe import names, recipe

# By hand


def test_bit_of_the_icebreaker_is_four_cycles():
    assert board("icebreaker").divisor == 4
    assert board("icebreaker").baud_error == pytest.approx(1 / 128)


def test_divisor_is_the_nearest():
    slower = replace(board("hx8k"), clock_hz=80_000_000, baud=3_000_000)
    assert slower.divisor == 27
    assert slower.baud_error == pytest.approx(-1 / 81)


def test_core_of_both_rules_has_what_either_needs():
    p = core_params("tiny", "both")
    assert (p.reward, p.ballot, len(p.a_plus)) == ("error", True, 32)
    assert p.n_steps == core_params("tiny", "stdp").n_steps == 8


# Refusals


def test_unknown_board_is_refused():
    with pytest.raises(ValueError, match=r"^board must be one of icebreaker, hx8k, .*, not 'x'$"):
        board("x")


def test_unknown_rule_is_refused():
    with pytest.raises(ValueError, match=r"^rule must be one of stdp, rstdp, both, not 'x'$"):
        core_params("tiny", "x")


def test_clock_that_makes_another_rate_is_refused():
    with pytest.raises(
        ValueError, match=r"^clock must make 3000000 baud to 2 %, not to 6\.7 % from 16 MHz$"
    ):
        replace(board("icebreaker"), clock_hz=16_000_000, baud=3_000_000)


def test_with_four_cycles_a_bit_the_rate_must_be_nearer():
    with pytest.raises(
        ValueError,
        match=r"^clock must make 8000000 baud to 1\.25 %, not to 1\.6 % from 32\.5 MHz$",
    ):
        replace(board("icebreaker"), clock_hz=32_500_000)


def test_another_clock_has_the_rate_that_it_can_make():
    fast, slow = (board("icebreaker").clocked(hz) for hz in (31_875_000, 24_000_000))
    assert (fast.baud, fast.divisor) == (8_000_000, 4)
    assert (slow.baud, slow.divisor) == (6_000_000, 4)
    with pytest.raises(ValueError, match=r"^clock must make 6000000 baud"):
        board("icebreaker").clocked(27_000_000)
    with pytest.raises(ValueError, match=r"^clock must make 5333333 baud"):
        board("hx8k").clocked(50_000_000)


# Equality


@pytest.mark.parametrize("name", BOARDS)
def test_clock_is_one_that_the_pll_makes(name):
    entry = board(name)
    pll = FAMILIES[entry.family].pll
    assert round(dividers(pll, entry.clock_in_hz, entry.clock_hz).hz) == entry.clock_hz


@pytest.mark.parametrize("name", BOARDS)
@pytest.mark.parametrize("rule", ["stdp", "rstdp"])
def test_core_runs_every_phase_of_its_preset(name, rule):
    entry = board(name)
    assert entry.preset in names()
    for _, p in recipe(entry.preset, rule).schedule(600):
        assert values(p, replace(entry, rule=rule).params())
        assert values(p, replace(entry, rule="both").params())
