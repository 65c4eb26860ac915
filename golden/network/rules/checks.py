"""What of a rule is refused, or counted in steps, before its text is read."""

from dataclasses import fields

import numpy as np

from golden.cells.trace import OPERAND_BITS
from golden.network.rules.rule import Rule
from golden.network.rules.synapse import one_of
from golden.network.rules.words import LearnedWord

ROUNDINGS = ("nearest", "random")
LEAST_BITS = 2
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
        value = getattr(rule, field.name)
        if isinstance(field.default, float):
            try:
                finite = np.isfinite(float(value))
            except (TypeError, ValueError):
                finite = False
            if not finite:
                raise ValueError(f"{field.name} must be a number, not {value!r}")
    one_of(ROUNDINGS, "rounding", rule.rounding)
    if type(rule.bits) is not int or not LEAST_BITS <= rule.bits <= OPERAND_BITS:
        raise ValueError(f"bits must be {LEAST_BITS} to {OPERAND_BITS}, not {rule.bits}")
    if not rule.w_min < rule.w_max:
        raise ValueError(f"w_max must be above w_min, {rule.w_min:g}, not {rule.w_max:g}")


def period(rule: Rule, dt: float) -> int:
    """Return the steps of an epoch."""
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
