"""A core that learns: cycles and weights that a person has worked out on the page."""

from math import log

import numpy as np
import pytest

from golden.network.interface import Phase, added
from golden.network.rules import DerivativeSTDP, PairSTDP, TripletSTDP
from golden.network.rules.interface import LAST_BITS, NUMBERS, learned_bits
from tests.hdl.network.learning.rules import SEED, SIZES, Eager, follow, learned, learner_chip
from tests.hdl.network.small import CELLS, Session, cycles, marked, phases

HALF = 1 / log(2)
"""ms in which a trace halves: of a spike k steps ago 2**-k is left."""
RULE = PairSTDP(pairs="nearest", w_max=100, a_plus=4, a_minus=4, tau_plus=HALF, tau_minus=HALF)
POINT = learned(RULE).weight.scale.point
V = CELLS
PLACES = 16
CHIP = learner_chip(RULE)
assert CHIP.learner is not None
LAT, TURN = CHIP.learner.latency(CHIP.fabric), CHIP.learner.turn(CHIP.fabric)
SILENCE = 4000
"""A threshold that nobody reaches."""


def session(counts=(1,), threshold=SILENCE, due=(0,), sizes=None, learn=1, bias=0):
    """Return a core of two neurons, whose runs are due in these steps, one after the other."""
    made = Session(learner_chip(RULE, sizes))
    made.group(2, (bias, threshold), noted=1, axon=8)
    begin = 0
    for run, (count, step) in enumerate(zip(counts, due, strict=True)):
        made.run(run, count)
        made.entry(run, run, begin, step)
        begin += count
    made.register("length", len(counts))
    for synapse in range(begin):
        made.synapse(synapse, slot=0, weight=-7)
        made.write(added(made.chip)["learned_w"], synapse, 10 << POINT)
    made.register("learn", learn)
    made.register("learned", len(counts))
    return made


def weights(rows):
    """Return cycle, synapse and weight of what is written, in the receptor's unit."""
    found = marked(rows, "learned", "learned_synapse", "learned_w")
    return [(c, synapse, weight / (1 << POINT)) for c, synapse, weight in found]


# By hand


def test_a_visit_without_posts_is_written_a_turn_after_it_entered_and_arrives_then():
    rows = session((2,)).rows(120)
    (w,) = cycles(rows, "phase", Phase.WALK)[:1]
    # Visible at w + 2, offered at w + 3, waiting and taken at w + 4, issued from there on.
    issued, entered = w + 5, w + 9
    assert weights(rows) == [(entered + TURN, 0, 10), (entered + TURN + 1, 1, 10)]
    assert marked(rows, "arrive", "slot", "sum") == [
        (entered + TURN + 2, 0, 10), (entered + TURN + 3, 0, 20)
    ]  # fmt: skip
    assert marked(rows, "mark", "mark_run") == [(issued - 1 + 3 + LAT, 0)]
    assert cycles(rows, "phase", Phase.WALK)[-1] == entered + TURN + 3


def test_a_post_is_noted_and_ends_emit():
    rows = session((1,), threshold=10).rows(160)
    e = cycles(rows, "phase", Phase.EMIT)[0]
    noted = e + 1 + 6 + LAT
    assert marked(rows, "note", "note_place", "note_count") == [(noted, 0, 1)]
    assert cycles(rows, "phase", Phase.EMIT)[-1] == noted


def test_what_waits_at_the_end_is_replayed_and_settled():
    made = session((1,), threshold=10)
    rows = made.rows(200)
    # The post of step 0 comes with the arrival of step 0: all of a_plus is added, once.
    assert weights(rows)[-1][1:] == (0, 14)
    names = [name for name, _ in phases(rows)]
    assert names[-5:-1] == ["ENDSTEP", "REPLAY", "SETTLE", "DONE"]
    (f, *_, last) = cycles(rows, "phase", Phase.REPLAY)
    # Addressed at f, offered at f + 1, taken at f + 2, issued at f + 3, entered at f + 7.
    assert last == f + 7 + TURN == weights(rows)[-1][0]
    assert len(cycles(rows, "phase", Phase.SETTLE)) == PLACES + 4


def test_depression_sees_the_post_before_the_arrival():
    # A post in step 0, run 0; then an arrival in step 2 at the same neuron: a quarter of a_minus.
    rows = session((1, 1), threshold=10, due=(0, 2)).rows(400, steps=3)
    assert [w for c, s, w in weights(rows) if s == 1] == [9, 9]
    assert [w for c, s, w in weights(rows) if s == 0] == [10, 14]


def test_posts_before_the_last_arrival_are_not_replayed_again():
    # Posts in step 0 (both runs arrive) and 3; run 0 arrives in 0 only, run 1 in 0 and 2.
    made = session((1, 1), threshold=10, due=(0, 0))
    made.row(0, 1, 1, 1)
    made.register("listen", 1)
    items = [(1, 0), (0, 0), (1, 0), (1, 0), (1, 0)]
    rows = made.rows(500, steps=3, external=items)
    by_run = {s: [w for _, own, w in weights(rows) if own == s] for s in (0, 1)}
    first = [w for w in by_run[1] if w != by_run[1][0]]
    assert by_run[0][0] == by_run[1][0] == 10
    assert first[0] == 14 - 4 / 2**2


@pytest.mark.parametrize("posts", [2, 4])
def test_a_full_place_is_replayed_before_walk(posts):
    made = session((1,), threshold=0, sizes={"posts": posts}, bias=1)
    rows = made.rows(150 * (posts + 1), steps=posts + 1)
    steps = rows["step"][rows["phase"] == Phase.REPLAY]
    assert sorted(set(steps.tolist())) == [posts, posts + 1]
    counts = [count for _, _, count in marked(rows, "note", "note_place", "note_count")]
    assert counts == [k for k in (*range(1, posts + 1), 1) for _ in range(2)]


def test_posts_wait_for_as_many_steps_as_span_bits_can_tell():
    made = session((1,), threshold=5, sizes={"span_bits": 2, "posts": 8})
    rows = made.rows(1000, steps=6)
    steps = rows["step"][rows["phase"] == Phase.REPLAY]
    # Noted in step 0, so steps 0 to 3 can be told.
    assert sorted(set(steps.tolist())) == [1 << 2]


def test_the_walker_waits_for_a_visit_that_enters_again():
    one = session((1,), threshold=0, bias=1).rows(1200, steps=2)
    made = session((1, TURN + 1), threshold=0, due=(0, 1), bias=1)
    rows = made.rows(1200, steps=2)
    w = cycles(rows, "phase", Phase.WALK)
    second = [c for c in w if rows["step"][c] == 1]
    # Every synapse of run 1 has a post to replay: it goes round twice, and one of them waits.
    left = [c for c, s, _ in weights(rows) if s >= 1 and c <= second[-1]]
    assert left[0] == second[0] + 9 + 2 * TURN
    assert np.diff(left).tolist()[: TURN - 1] == [1] * (TURN - 1)
    assert left[TURN] - left[TURN - 1] > 1
    assert len(one)


def test_without_learning_weights_are_transmitted_to_nearest():
    made = session((1, 1, 1), learn=0, due=(0, 0, 0))
    half = 1 << POINT - 1
    for synapse, weight in enumerate((5 * half, 5 * half - 1, 4 * half)):
        made.write(added(made.chip)["learned_w"], synapse, weight)
    rows = made.rows(200)
    assert [s for _, s in marked(rows, "arrive", "sum")] == [3, 3 + 2, 5 + 2]
    assert not rows["learned"].any()
    assert not rows["mark"].any()


def test_still_synapses_transmit_their_own_weight():
    made = session((1, 2), due=(0, 0))
    made.register("learned", 1)
    rows = made.rows(200)
    assert [s for _, s in marked(rows, "arrive", "sum")] == [10, 3, (-4) & 0xFFFF]
    assert [s for _, s, _ in weights(rows)] == [0]
    assert [run for _, run in marked(rows, "mark", "mark_run")] == [0]


def test_a_host_reads_what_it_wrote_and_what_was_settled():
    made = session((1,), threshold=10)
    regions = added(made.chip)
    made.write(regions["run_lasts"], 3, (1 << LAST_BITS) | 77)
    for name, index in (("run_lasts", 3), ("post_lasts", 2), ("learned_w", 0)):
        made.read(regions[name], index)
    made.rows(200)
    assert made.answers[-3:] == [(1 << LAST_BITS) | 77, 0, 10 << POINT]


def test_until_counts_down_and_begins_again():
    made = Session(learner_chip(DerivativeSTDP(w_max=25)))
    made.register("learn", 1)
    made.register("period", 3)
    made.register("until", 2)
    rows = made.rows(200, steps=8)
    ends = rows["step"][rows["phase"] == Phase.EPOCH].tolist()
    assert ends == [1, 4, 7]


# Equality


def drawn(rule, seed, steps, period=0):
    """Return a rule's words at the end in gates and, as golden does it, at once."""
    dice = np.random.default_rng(seed)
    made, integers = Session(learner_chip(rule)), learned(rule)
    made.group(4, (0, 60), noted=1, axon=8)
    runs = np.repeat(np.arange(6), dice.integers(1, 5, 6)).tolist()
    synapses = [(run, int(dice.integers(4))) for run in runs]
    words = {
        word.name: dice.integers(word.low, word.high, len(synapses), endpoint=True).tolist()
        for word in integers.words
    }
    for run in range(6):
        mine = [k for k, (own, _) in enumerate(synapses) if own == run]
        made.run(run, len(mine))
        made.row(run if run < 4 else run + 4, run, mine[0], 1 + run % 3)
    for k, (_, place) in enumerate(synapses):
        made.synapse(k, place, 0)
        for name, values in words.items():
            made.write(added(made.chip)[f"learned_{name}"], k, values[k])
    numbers = dice.permutation(len(synapses)).tolist()
    if NUMBERS in (regions := added(made.chip)):
        for k, number in enumerate(numbers):
            made.write(regions[NUMBERS], k, number)
    for name, value in {"learn": 1, "learned": 6, "listen": 1, "seed": SEED}.items():
        made.register(name, value)
    if period:
        made.register("period", period)
        made.register("until", period)
    items = []
    for _ in range(steps):
        items += [*((0, axon) for axon in range(4) if dice.random() < 0.25), (1, 0)]
    rows = made.rows(150 * steps, steps, external=items)
    eager = Eager(rule, synapses, words, numbers)
    ends = tuple(step for step in range(steps) if period and (step + 1) % period == 0)
    follow(eager, rows, ends)
    return last_words(integers, rows, words), eager.words, rows


def last_words(integers, rows, words):
    """Return what was written last of every word of every synapse."""
    found = {name: list(values) for name, values in words.items()}
    for word in integers.words:
        bits = learned_bits(word) + (word.low >= 0)
        for _, k, value in marked(rows, "learned", "learned_synapse", f"learned_{word.name}"):
            found[word.name][k] = value - (value >> bits - 1 << bits)
    return found


@pytest.mark.parametrize(
    ("rule", "period"),
    [
        (PairSTDP(pairs="nearest", w_max=100, a_plus=2, a_minus=2.5), 0),
        (PairSTDP(w_max=100, a_plus=2, a_minus=2.5), 0),
        (TripletSTDP(w_max=100, a3_plus=1), 0),
        (DerivativeSTDP(w_max=100, a_plus=3, a_minus=2), 7),
        (PairSTDP(w_max=100, a_plus=2, a_minus=2.5, bits=6, rounding="random"), 0),
    ],
    ids=["nearest", "all", "triplet", "derivative", "random"],
)
def test_late_is_at_once(rule, period):
    late, eager, rows = drawn(rule, 1, 25, period)
    assert late == eager
    assert len(marked(rows, "note")) > 9
    assert cycles(rows, "phase", Phase.REPLAY)
    assert SIZES["posts"] in rows["note_count"] or period
