# amaranth: UnusedElaboratable=no
"""The register map by hand, numbers that are cut against golden, and every register in gates."""

from dataclasses import replace

import numpy as np
import pytest

from golden.dense import membrane, reward, wta
from golden.dense.params import Params
from golden.dense.registers import STATE, register_map, values
from hdl.dense.registers import Registers
from sim.battery.networks import TINY
from tests.hdl.bench import run

FULL = replace(
    TINY,
    **{"encoder": "bernoulli", "encoder_seed": 3, "v_reset": -6, "leak_sub": 5, "v_th": -7},
    activity_gain=40000,
    refrac=4,
    v_inhibit=9,
    bar_losers=True,
    stop_after=65536,
    offset_plus=65535,
    theta_plus=11,
    theta_decay_shift=1,
    theta_decay_period=(1 << 32) - 1,
    a_plus=(3, 2, 1),
    a_minus=65535,
    a_late=(2, 1, 1, 1, 1, 1, 1),
    **{"reward": "error", "reward_margin": 12, "drop_chance": 255, "ballot": True},
)
PERIODIC = replace(TINY, encoder="periodic", period_num=700, period_offset=64, vote_spikes=1)
WIDE = replace(FULL, v_width=24, theta_width=24, offset_shift=8, weight_bits=16)
SPARE = "n_steps:u10 v_th:s8 force_spike:u1 stop_after:u11 theta_plus:u8 "
PERIOD = "period_num:u10 period_offset:u7"
ENDS = "w_min:s5 w_max:s5 ltp_window:u1 a_minus:u16 soft_bounds:u1 vote_spikes:u%d lfsr:u32"
ALL = (
    "n_steps:u10 encoder_lfsr:u32 v_reset:s8 leak_sub:u8 v_th:s8 activity_gain:u16 refrac:u3 "
    "v_inhibit:u8 bar_losers:u1 force_spike:u1 stop_after:u11 theta_plus:u8 offset_plus:u16 "
    "theta_decay_period:u32 w_min:s5 w_max:s5 ltp_window:u2 a_minus:u16 ltd_window:u3 "
    "soft_bounds:u1 reward:u2 reward_margin:u11 drop_chance:u8 vote_spikes:u7 ballot:u1 "
    "offset:u16 lfsr:u32 presented:u32 decay_count:u32"
)
WIDE_ALL = (
    "n_steps:u10 encoder_lfsr:u32 v_reset:s24 leak_sub:u24 v_th:s24 activity_gain:u16 refrac:u3 "
    "v_inhibit:u24 bar_losers:u1 force_spike:u1 stop_after:u11 theta_plus:u24 offset_plus:u32 "
    "theta_decay_period:u32 w_min:s16 w_max:s16 ltp_window:u2 a_minus:u16 ltd_window:u3 "
    "soft_bounds:u1 reward:u2 reward_margin:u27 drop_chance:u8 vote_spikes:u7 ballot:u1 "
    "offset:u32 lfsr:u32 presented:u32 decay_count:u32"
)
MAPS = {
    "tiny": (TINY, SPARE + ENDS % 7),
    "periodic": (PERIODIC, SPARE.replace("u10", "u10 " + PERIOD) + ENDS % 1),
    "full": (FULL, ALL),
    "wide": (WIDE, WIDE_ALL),
}
WORD = 1 << 32


async def write(ctx, dut, index, data):
    ctx.set(dut.index, index)
    ctx.set(dut.data, data % WORD)
    ctx.set(dut.write, 1)
    await ctx.tick()
    ctx.set(dut.write, 0)


async def told(ctx, dut):
    """Read all registers back through ``value``, which is the bits of the port's."""
    found = {}
    for index, (name, kind) in enumerate(dut.map.items()):
        ctx.set(dut.index, index)
        await ctx.tick()
        value = ctx.get(dut.value)
        assert value == ctx.get(getattr(dut, name)) % (1 << kind.width)
        found[name] = kind.wrap(value)
    return found


# By hand


@pytest.mark.parametrize("name", MAPS)
def test_order_and_widths(name):
    p, expected = MAPS[name]
    found = register_map(p).items()
    assert [f"{name}:{'us'[kind.signed]}{kind.width}" for name, kind in found] == expected.split()
    signature = Registers(p).signature.members
    assert [*signature][4:] == [*register_map(p)]


def test_values_by_hand():
    expected = (
        "n_steps=4 encoder_lfsr=3668340011 v_reset=-6 leak_sub=5 v_th=-7 activity_gain=40000 "
        "refrac=4 v_inhibit=9 bar_losers=1 force_spike=0 stop_after=2047 theta_plus=11 "
        "offset_plus=65535 theta_decay_period=4294967295 w_min=-16 w_max=15 ltp_window=3 "
        "a_minus=65535 ltd_window=7 soft_bounds=0 reward=2 reward_margin=12 drop_chance=255 "
        "vote_spikes=64 ballot=1"
    )
    assert " ".join(f"{name}={value}" for name, value in values(FULL, FULL).items()) == expected


def test_seed_zero_starts_at_one():
    assert values(replace(FULL, encoder_seed=0), FULL)["encoder_lfsr"] == 1


def test_values_of_what_is_switched_off():
    p = replace(FULL, leak_sub=0, refrac=0, bar_losers=False, a_plus=(), a_late=(), ballot=False)
    p = replace(p, v_inhibit=0, activity_gain=0, drop_chance=0, vote_spikes=1, n_steps=1)
    found = values(replace(p, reward="class"), FULL)
    names = "leak_sub refrac bar_losers ltp_window ltd_window ballot v_inhibit activity_gain"
    assert {found[name] for name in [*names.split(), "drop_chance"]} == {0}
    assert (found["reward"], found["vote_spikes"], found["n_steps"]) == (1, 1, 1)
    assert [*found] == [name for name in register_map(FULL) if name not in STATE]


CUT = {"leak_sub": 255, "v_inhibit": 255, "reward_margin": 2047}


@pytest.mark.parametrize(("name", "largest"), CUT.items())
def test_numbers_out_of_reach_are_cut(name, largest):
    for value, held in ((largest, largest), (largest + 1, largest), ((1 << 23) - 1, largest)):
        p = replace(FULL, **{name: value})
        assert values(p, p)[name] == held


# Equality: what is cut does the same in golden


@pytest.mark.parametrize("v_reset", [-128, -1, 0, 127])
def test_cut_leak_and_inhibition_do_the_same(v_reset):
    p = replace(FULL, v_reset=v_reset, leak_sub=70000, v_inhibit=70000)
    cut = replace(p, **{name: values(p, p)[name] for name in ("leak_sub", "v_inhibit")})
    assert cut != p
    for v in p.v.values():
        pair, flags = np.array((v, v)), wta.start(p)
        leaks = [membrane.leak(q, pair, flags.refrac_left).tolist() for q in (p, cut)]
        settled = [wta.settle(q, pair, flags, 0)[0].tolist() for q in (p, cut)]
        assert leaks[0] == leaks[1]
        assert settled[0] == settled[1]


def test_cut_reward_margin_does_the_same():
    p = replace(FULL, reward_margin=(1 << 24) - 1)
    cut = replace(p, reward_margin=values(p, p)["reward_margin"])
    right = np.array((True, False))  # One far ahead of the other.
    far = np.array((p.v.max - p.v.min, p.v.min - p.v.max - p.theta.max)), right | True, right, 0
    assert cut != p
    assert len(reward.lessons(p, *far)) == 2
    assert reward.lessons(cut, *far) == reward.lessons(p, *far)


# In gates


@pytest.mark.parametrize("p", [TINY, PERIODIC, FULL, WIDE, Params()], ids=[*MAPS, "default"])
def test_registers_start_with_the_values_of_their_core(p):
    dut = Registers(p)

    async def bench(ctx):
        assert await told(ctx, dut) == values(p, p) | {name: 0 for name in STATE if name in dut.map}

    run(dut, bench)


@pytest.mark.parametrize("p", [FULL, PERIODIC, WIDE], ids=["full", "periodic", "wide"])
def test_a_write_changes_its_register_only(p):
    dut, expected = Registers(p), values(p, p)
    state = {name: 77 + i for i, name in enumerate(STATE) if name in dut.map}

    async def bench(ctx):
        for name, value in state.items():
            ctx.set(getattr(dut, name), value)
        for index, (name, kind) in enumerate(dut.map.items()):
            low = -(1 << kind.width - 1) if kind.signed else 0
            for value in (low, low + (1 << kind.width) - 1, -2, 0x5A5A5A5A, 1):
                await write(ctx, dut, index, value)
                if name not in STATE:
                    expected[name] = (value - low) % (1 << kind.width) + low
                assert await told(ctx, dut) == expected | state

    run(dut, bench)


def test_nothing_changes_without_a_register_or_a_strobe():
    dut, expected = Registers(TINY), values(TINY, TINY)

    async def bench(ctx):
        for index in range(len(dut.map), 256):
            await write(ctx, dut, index, 0x5A5A5A5A)
            ctx.set(dut.index, index % len(dut.map))
            await ctx.tick()  # With data, but no strobe.
        assert await told(ctx, dut) == expected | {"lfsr": 0}

    run(dut, bench)
