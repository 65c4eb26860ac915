"""What of a rule is refused, or counted in steps, before its text is read."""

from dataclasses import fields
from numbers import Real
from typing import Any

import numpy as np

from golden.cells.trace import OPERAND_BITS
from golden.network.rules.learner import RULE
from golden.network.rules.rule import Rule
from golden.network.rules.synapse import DELAY, SENT, WEIGHT, one_of
from golden.network.rules.words import REWARD, LearnedWord, Variable

ROUNDINGS = ("nearest", "random")
LEAST_BITS = 2
TAKEN = (WEIGHT, SENT, REWARD, DELAY, RULE, "synapse")
"""What a program, or a chip, knows by these names."""
LAST_EPOCH = (1 << 32) - 1
"""Steps: no run has more."""
NORM_MOST = (1 << 40) - 1
"""So that what weights are multiplied by is exact in int64."""


def checked(rule: Rule) -> None:
    """Refuse parameters of any rule that make no sense, and what cannot be put off."""
    if hasattr(rule, "on_step"):
        raise ValueError(
            "a rule must act at spikes, not in every step, as on_step would: what changes without "
            "an event cannot be put off until somebody looks"
        )
    for field in fields(rule):
        given = getattr(rule, field.name)
        if isinstance(field.default, float):
            finite(field.name, given)
        if isinstance(field.default, bool) and not isinstance(given, bool):
            raise ValueError(f"{field.name} must be True or False, not {given!r}")
    one_of(ROUNDINGS, "rounding", rule.rounding)
    _check_bits("bits", rule.bits)
    if not rule.w_min < rule.w_max:
        raise ValueError(f"w_max must be above w_min, {rule.w_min:g}, not {rule.w_max:g}")
    names = [variable.name for variable in rule.kept()]
    for variable in rule.kept():
        _check_variable(variable, names)


def finite(name: str, value: Any) -> float:
    """Return a number.

    Raises
    ------
    ValueError
        If it is none.
    """
    if isinstance(value, bool) or not isinstance(value, Real) or not np.isfinite(float(value)):
        raise ValueError(f"{name} must be a number, not {value!r}")
    return float(value)


def _check_bits(name: str, given: Any) -> None:
    if type(given) is not int or not LEAST_BITS <= given <= OPERAND_BITS:
        raise ValueError(f"{name} must be {LEAST_BITS} to {OPERAND_BITS}, not {given}")


def _check_variable(v: Variable, names: list[str]) -> None:
    """Refuse a variable that cannot be kept, or whose name stands for something else."""
    if not v.name.isidentifier() or v.name in TAKEN or names.count(v.name) > 1:
        raise ValueError(
            f"a variable must have a name of its own, a word other than {', '.join(TAKEN)}, "
            f"not {v.name!r}"
        )
    _check_bits(f"bits of {v.name}", v.bits)
    for name in ("low", "high", "start", "tau"):
        finite(f"{name} of {v.name}", getattr(v, name))
    if not v.low < v.high:
        raise ValueError(f"high of {v.name} must be above its low, {v.low:g}, not {v.high:g}")
    if not v.low <= v.start <= v.high:
        raise ValueError(f"{v.name} must start at {v.low:g} to {v.high:g}, not {v.start:g}")


def period(rule: Rule, dt: float) -> int:
    """Return the steps of an epoch."""
    if not rule.every <= LAST_EPOCH * dt:
        raise ValueError(f"every must be at most {LAST_EPOCH * dt:g} ms, not {rule.every:g} ms")
    steps = round(rule.every / dt)
    if rule.every < 0 or steps * dt != rule.every:
        raise ValueError(f"every must be steps of {dt:g} ms, not {rule.every:g} ms")
    if not steps and (type(rule).on_epoch is not Rule.on_epoch or rule.norm):
        raise ValueError("every must be above 0 ms for a rule with an epoch, not 0 ms")
    return steps


def norm(rule: Rule, word: LearnedWord) -> int:
    """Return the norm of a target's weights, in their integers."""
    total = int(word.scale.integer(rule.norm))
    most = float(word.scale.quantity(NORM_MOST))
    if not 0 <= total <= NORM_MOST:
        raise ValueError(f"norm must be 0 to {most:g} for the bits of w, not {rule.norm:g}")
    if rule.norm and not total:
        least = float(word.scale.quantity(1)) / 2
        raise ValueError(f"norm must be at least {least:g} for the bits of w, not {rule.norm:g}")
    return total
