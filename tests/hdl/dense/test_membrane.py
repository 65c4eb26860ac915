# amaranth: UnusedElaboratable=no
"""The neurons' memory and adders in gates: every write and every distance against golden."""

from dataclasses import replace

import numpy as np
import pytest

from golden.dense import wta
from hdl.dense.membrane import Membrane
from sim.battery.networks import TINY
from tests.hdl.dense.lanes import (
    NONE,
    add,
    decay,
    distances,
    expected,
    integrate,
    leak,
    leak_sub,
    load,
    load_all,
    loads,
    play,
    rise,
)

SMALL = replace(
    TINY,
    n_neurons=24,
    n_lanes=8,
    v_width=4,
    theta_width=3,
    theta_init=0,
    weight_bits=3,
    w_min=-4,
    w_max=3,
    w_init_high=3,
)
"""Every number has its lane; three words, so that one can be issued in every cycle."""


def every(p, fmt):
    """Lay all numbers of a format out, from both ends, in as many words as it takes."""
    numbers = np.resize(np.array(fmt.values()), (p.n_words, p.n_lanes))
    assert set(numbers.flat) == set(fmt.values())
    return numbers


def with_weights(p, bits):
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    bounds = {"w_min": low, "w_max": high, "w_init_low": low, "w_init_high": high}
    return replace(p, weight_bits=bits, **bounds)


def words(p, make):
    return [make(word) for word in range(p.n_words)]


# By hand


def test_operations_by_hand():
    p = replace(SMALL, n_lanes=1, n_neurons=3, leak_shift=1, leak_sub=2, theta_decay_shift=1)
    one = np.array([3])
    issues = [load(0, 0, 6), load(0, 0, 5, theta=1), load(1, 0, -8)]
    issues += [integrate(p, 0, one), decay(p, 0), None, leak(p, 0), rise(p, 0, 0, 1)]
    issues += [None, leak_sub(p, 0), add(p, 1, -1), None, *distances(0, 4)]
    trace, sums, _ = expected(p, issues)
    written = [row[1:] for row in trace if row[0]]
    ones = 0b1111
    assert written == [
        *[(0, (6,)), (1, (5,)), (2, (8,))],
        *[(0, (7,)), (1, (3,)), (0, (4,)), (1, (4,))],
        *[(0, (2,)), (2, (-8 & ones,))],
    ]
    # v is 2 and theta 4: a distance of 2, less 1, less the limit of 4.
    assert sums[15].tolist() == [-3]
    play(p, issues)


@pytest.mark.parametrize("leak_sub", [0, 1], ids=["without", "with"])
def test_port_of_the_level_exists_only_with_leak_sub(leak_sub):
    members = Membrane(replace(SMALL, leak_sub=leak_sub)).signature.members
    assert ("v_reset" in members) == bool(leak_sub)


# Equality


WIDTHS = pytest.mark.parametrize(
    ("v_width", "theta_width"),
    [(2, 1), (4, 3), (3, 6)],
)


@WIDTHS
@pytest.mark.parametrize("weight_bits", [1, 4])
def test_every_v_and_weight_equal_golden(v_width, theta_width, weight_bits):
    p = with_weights(replace(SMALL, v_width=v_width, theta_width=theta_width), weight_bits)
    levels, issues = np.array(p.v.values()), []
    for some in np.resize(levels, (-(-levels.size // p.n_words), p.n_words)):
        for frozen in (NONE, np.arange(8) % 2, np.arange(1, 9) % 2):
            for row in np.resize(p.w.values(), (max(1, (1 << weight_bits) // 8), 8)):
                issues += [load_all(word, int(some[word])) for word in range(p.n_words)]
                issues += [integrate(p, word, row, frozen) for word in range(p.n_words)]
    sums = {int(v + w) for v in p.v.values() for w in p.w.values()}
    assert min(sums) < p.v.min < p.v.max
    play(p, issues)


@WIDTHS
def test_every_v_and_constant_equal_golden(v_width, theta_width):
    p = replace(SMALL, v_width=v_width, theta_width=theta_width, v_inhibit=1)
    largest, issues = (1 << v_width) - 1, []  # of the registers leak_sub and v_inhibit
    frozen = np.array([0, 0, 0, 1, 0, 0, 0, 0])
    for const in range(-largest, p.v.max + 1):
        issues += loads(p, every(p, p.v))
        issues += words(p, lambda word, const=const: add(p, word, const, frozen))
    play(p, issues)


def test_every_theta_and_rise_equal_golden():
    p, issues = SMALL, []
    for plus in p.theta.values():
        issues += loads(p, every(p, p.theta), theta=1)
        for lane in range(p.n_lanes):
            issues += words(p, lambda word, lane=lane, plus=plus: rise(p, word, lane, plus))
    memory = play(p, issues)
    assert (memory[1::2] == p.theta.max).all()


@pytest.mark.parametrize("shift", [1, 2, 3])
@pytest.mark.parametrize("v_reset", [-8, -1, 0, 3])
def test_every_leak_and_decay_equals_golden(shift, v_reset):
    p = replace(SMALL, v_reset=v_reset, leak_shift=shift, theta_decay_shift=shift, leak_sub=1)
    issues = loads(p, every(p, p.theta), theta=1)
    for frozen in (NONE, NONE + 1, np.arange(8) % 2):
        for sub in (1, 2, 7, 15):
            q = replace(p, leak_sub=sub)
            issues += loads(p, every(p, p.v))
            issues += words(p, lambda word, frozen=frozen: leak(p, word, frozen))
            issues += words(p, lambda word, q=q, frozen=frozen: leak_sub(q, word, frozen))
    for _ in range(4):
        issues += words(p, lambda word: decay(p, word))
    memory = play(p, issues)
    assert memory[1::2].max() == (1 << shift) - 1


@pytest.mark.parametrize("shift", [0, 1, 4], ids="shift{}".format)
@pytest.mark.parametrize(("v_width", "theta_width"), [(4, 3), (3, 3), (3, 4), (2, 1)])
def test_every_distance_equals_golden(v_width, theta_width, shift):
    p = replace(SMALL, n_neurons=32, v_width=v_width, theta_width=theta_width, theta_shift=shift)
    levels, issues = every(p, p.v), []
    issues += loads(p, levels)
    for theta in p.theta.values():
        issues += loads(p, np.full_like(levels, theta), theta=1)
        for limit in (p.margin.min, -1, 0, p.margin.max):
            issues += [issue for word in range(p.n_words) for issue in distances(word, limit)]
    _, sums, _ = expected(p, issues)
    ends = {-p.v.max - 1 - p.margin.max, (p.theta.max >> shift) - p.v.min - 1 - p.margin.min}
    assert ends <= {m for row in sums.values() for m in row.tolist()}
    play(p, issues)


def test_step_ends_as_golden_settles():
    p = replace(SMALL, v_inhibit=5, v_reset=-2)
    frozen, winner = np.arange(24) % 3 == 0, 10
    v = every(p, p.v)
    issues = loads(p, v)
    issues += words(p, lambda word: add(p, word, -5, frozen[8 * word :][:8].astype(np.int64)))
    issues += [None, None, load(winner // 8, winner % 8, p.v_reset)]
    flags = wta.Flags(frozen.astype(np.int64), np.zeros(24, dtype=np.bool_))
    settled, _ = wta.settle(p, v.flatten(), flags, winner)
    assert np.array_equal(play(p, issues)[::2].flatten(), settled)


@pytest.mark.parametrize("seed", range(12))
def test_random_issues_equal_golden_in_every_cycle(seed):
    rng = np.random.default_rng(seed)
    n_lanes = int(rng.integers(1, 9))
    p = replace(
        SMALL,
        n_lanes=n_lanes,
        n_neurons=n_lanes * int(rng.integers(3, 6)),
        v_width=int(rng.integers(2, 25)),
        theta_width=int(rng.integers(1, 25)),
        theta_shift=int(rng.choice((0, 1, 8))),
        leak_shift=int(rng.integers(1, 5)),
        leak_sub=int(rng.integers(1, 4)),
        theta_decay_shift=int(rng.integers(1, 5)),
    )
    issues = []
    while len(issues) < 500:
        frozen = rng.integers(2, size=8)
        const, plus = (int(rng.choice(f.values()[:: f.max + 1 >> 1])) for f in (p.v, p.theta))
        word, lane = len(issues) % p.n_words, int(rng.integers(p.n_lanes))
        row = rng.integers(p.w_min, p.w_max + 1, p.n_lanes)
        mine = frozen[:n_lanes]
        issues.append(
            [
                None,
                load(word, lane, const),
                load(word, lane, plus, theta=1),
                integrate(p, word, row, mine),
                leak(p, word, mine),
                leak_sub(p, word, mine),
                add(p, word, const, mine),
                rise(p, word, lane, plus),
                decay(p, word),
            ][int(rng.integers(9))]
        )
    assert play(p, issues).any()
