"""A rule's programs, interpreted, give what golden's evaluation gives."""

from dataclasses import replace

import numpy as np
import pytest

from golden.cells.evaluate import evaluate
from golden.cells.trace import OPERAND_BITS, Trace
from golden.network.rules.decays import AGE_MOST
from golden.network.rules.learner import SIDES, LearningUnit
from golden.network.rules.learning import learning
from golden.network.rules.words import REWARD_MOST
from golden.network.timing.learning.programs import encoded, executed, result
from golden.network.timing.learning.tables import PRE, programs
from golden.network.timing.learning.words import FIRST_KEY, OWNER
from golden.numbers.compiled import entry
from golden.numbers.hash import round_keys
from sim.battery.learners import rule
from sim.battery.tiny import Adder

PLACEABLE = [number for number in range(60) if number % 12 != 10]
"""Rules but sums of products, of which many know the delay."""


@entry
def interpreted(number, encoded_programs, given, out):
    """Run a program on each row that is given; its results are those of ``out``'s columns."""
    for i in range(len(given)):
        encoded_programs.hashed[OWNER] = i
        executed(number, encoded_programs, given[i])
        for j in range(out.shape[1]):
            out[i, j] = result(number, encoded_programs, j)


def unit(number: int) -> LearningUnit:
    """Return the learner of a rule of `sim.battery.learners`."""
    made = replace(rule(60.0, number), norm=0.0, bits=12 + number % 7)
    receptor = Adder(bits=12).program(1.0).receptors[0]
    return LearningUnit.of(learning(made, 1.0, receptor, np.zeros(1), 0), 4, 8, 2, 4)


def drawn(learner: LearningUnit, random: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    """Return any words, traces and ages but 0: no side has two events in a step."""
    found = {w.name: random.integers(w.low, w.high + 1, n) for w in learner.words}
    for word in learner.traces:
        low, high = word.ends(OPERAND_BITS)
        found[word.name] = random.integers(low, high + 1, n)
    found["reward"] = random.integers(-REWARD_MOST, REWARD_MOST + 1, n)
    for side in SIDES:
        ages = random.integers(1, 1 << random.integers(1, 21, n))
        found[f"{side} age"] = np.minimum(ages, AGE_MOST)
    return found


@pytest.mark.parametrize("number", PLACEABLE)
def test_programs_of_a_rule_give_what_golden_gives(number):
    learner, random, n = unit(number), np.random.default_rng(number), 300
    seen = drawn(learner, random, n)
    sides = [w.name for side in SIDES for w in learner.side(side)]
    rewards = ["reward", "reward age"] if learner.rewarded else []
    names = [*(w.name for w in learner.words), *sides, *rewards, "pre age", "post age"]
    given = np.stack([seen[name] for name in names], axis=1)
    marks = [learner.marks.get(side) for side in SIDES]
    keys, made = round_keys(number, 5), programs(learner)
    made.hashed[FIRST_KEY:] = keys
    acts = learner.on_pre, learner.on_post, learner.on_epoch, learner.on_reward
    for place, program in enumerate([*acts, *marks]):
        if program is None:
            continue
        expected = evaluate(program, seen, {}, keys, np.arange(n)).states
        wanted = list(expected.values())
        out = np.empty((n, len(wanted)), np.int64)
        interpreted(place, made, given, out)
        # Words first, what is sent behind them: in the order in which programs write.
        assert list(expected)[: len(learner.words)] == names[: len(learner.words)] or place > PRE
        np.testing.assert_array_equal(out.T, wanted)


def test_every_operation_gives_what_golden_gives():
    trace, random, n = Trace(1.0, OPERAND_BITS), np.random.default_rng(1), 400
    a, b = (trace.given(name, -900, 900, 2) for name in "ab")
    p, q = a < b, b > trace.number(7, 1)
    places = trace.given("s", 0, 20, 0)
    found = {
        "and": p & q,
        "or": p | q,
        "not": ~p,
        "sums": (a + b) - (a * b),
        "shifted": (a * b).shifted(places),
        "lowest": a.lowest(5) + b.rounded(0) + a.floored(1) + b.rounded(6),
        "clipped": a.clipped(-100, 333) + b.saturated(-9, 10, "b"),
    }
    for name, value in found.items():
        trace.give(name, value)
    nothing = trace.number(0)
    trace.spike(nothing, nothing)
    program = trace.program()
    seen = {name: random.integers(-900, 901, n) for name in "ab"} | {"s": random.integers(0, 21, n)}
    expected = evaluate(program, seen, {}, [], np.arange(n)).states
    made = encoded([program], {name: i for i, name in enumerate(seen)}, [list(found)])
    out = np.empty((n, len(found)), np.int64)
    interpreted(0, made, np.stack(list(seen.values()), axis=1), out)
    np.testing.assert_array_equal(out.T, [expected[name] for name in found])
