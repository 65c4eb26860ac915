"""What registers mean, what a core refuses and what it must be made for."""

from dataclasses import replace

import pytest
from hypothesis import given

from golden.dense import core, engine
from golden.dense.declaration import ParameterKind, declarations
from golden.dense.engine import Learner
from golden.dense.params import Params
from golden.dense.registers import check, codes, envelope, name_of, params, values
from golden.dense.timing import Machine
from sim.battery.networks import TINY
from tests.shared.cases import parameters

REWARDED = replace(TINY, reward="error", a_plus=(3, 2), a_late=(1,))
PERIODIC = replace(TINY, encoder="periodic", period_num=900)


def tables(p: Params) -> tuple[int, ...]:
    return (*p.a_plus, *p.a_late)


# By hand


def test_kinds_of_parameters():
    declared = declarations(Params)
    kinds = {
        kind: [n for n, each in declared.items() if each.kind is kind] for kind in ParameterKind
    }
    assert kinds[ParameterKind.HOST] == ["theta_init", "w_init_low", "w_init_high"]
    assert kinds[ParameterKind.FIXED][:3] == ["height", "width", "n_neurons"]
    assert kinds[ParameterKind.FIXED][-2:] == ["dw_shift", "vote_bits"]
    assert len(kinds[ParameterKind.REGISTER]) == 27


def test_names_of_registers():
    named = (Params.n_steps, Params.a_plus, Params.a_late, Params.encoder_seed)
    assert [*map(name_of, named)] == ["n_steps", "ltp_window", "ltd_window", "encoder_lfsr"]


def test_envelope_takes_what_needs_more():
    small = replace(TINY, leak_sub=1, refrac=2, v_th=9, a_plus=(1, 2), reward="error")
    large = replace(TINY, leak_sub=5, refrac=1, v_th=7, a_plus=(3,), ballot=True)
    assert envelope([small, large]) == replace(small, leak_sub=5, ballot=True)


def test_a_level_of_rest_below_zero_needs_its_register():
    low = replace(TINY, v_reset=-3)
    assert [envelope(each).v_reset for each in ([TINY, low], [low, TINY])] == [-3, -3]
    assert "v_reset" not in values(TINY, TINY)
    assert values(low, low)["v_reset"] == -3
    assert values(TINY, low)["v_reset"] == 0
    with pytest.raises(ValueError, match=r"^v_reset must be off in this core, not -3$"):
        check(TINY, low)


def test_registers_mean_the_tables_in_use():
    held = codes(REWARDED) | {"ltp_window": 1, "ltd_window": 1, "reward": 1, "v_th": -3}
    expected = replace(REWARDED, a_plus=(3,), reward="class", v_th=-3)
    assert params(REWARDED, held, tables(REWARDED)) == expected


def test_registers_that_are_wider_than_what_they_hold_may_hold_more():
    assert check(PERIODIC, replace(PERIODIC, period_num=1023)) is None


# Refusals


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"reward": 3}, "reward must be 0 to 2, not 3"),
        ({"ltp_window": 3}, "ltp_window must be 0 to 2, not 3"),
        ({"ltd_window": 2}, "ltd_window must be 0 to 1, not 2"),
        ({"encoder_lfsr": 0}, "encoder_lfsr must stand for some encoder_seed, not be 0"),
        ({"w_min": 15}, "w_min must be -16 to 14, not 15"),
        ({"refrac": 1}, "refrac must be off in this core, not 1"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_registers_that_mean_nothing(changes, text):
    machine = Machine.loaded(REWARDED, REWARDED, core.initial(REWARDED, 1))
    machine.registers |= changes
    with pytest.raises(ValueError, match=f"^{text}$"):
        machine.params()


@pytest.mark.parametrize(
    ("built", "changes", "text"),
    [
        (PERIODIC, {"period_num": 1024}, "period_num must be at most 1023 in this core, not 1024"),
        (
            replace(TINY, reward="class"),
            {"reward": "error"},
            "reward must be at most class in this core, not error",
        ),
        (
            REWARDED,
            {"a_late": (1, 2)},
            "ltd_window must be at most 1 in this core, not 2",
        ),
        (TINY, {"vote_bits": 9}, "vote_bits is fixed in hardware: it must be 8, not 9"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_core_that_was_made_for_less(built, changes, text):
    p = replace(built, **changes)
    for refused in (check, lambda built, p: values(p, built)):
        with pytest.raises(ValueError, match=f"^{text}$"):
            refused(built, p)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("refrac", "refrac must be off in the engine, which does not read it, not 2"),
        ("v_th", "v_th must be known in the engine, which does not read it, not 0"),
        ("leak_shift", "leak_shift must be off in the engine, which does not read it, not 1"),
    ],
)
def test_engine_refuses_what_its_code_does_not_name(monkeypatch, name, text):
    p = replace(TINY, refrac=2, leak_shift=1)
    monkeypatch.setattr(engine, "READ", engine.READ - {name})
    with pytest.raises(ValueError, match=f"^{text}$"):
        Learner(p, core.initial(p, 1)).warm_up()


# Equality


@given(parameters())
def test_what_registers_hold_means_their_parameters(p):
    assert params(p, codes(p), tables(p)) == p
    held = values(p, p)
    assert values(params(p, held, tables(p)), p) == held
