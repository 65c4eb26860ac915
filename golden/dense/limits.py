"""What the parameters of a core may be; one sentence for each that may not."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from golden.dense.params import Params

ENCODERS = ("rate", "periodic", "bernoulli", "latency")
RECEPTIVE_FIELDS = ("none", "surround", "oriented")
REWARDS = ("none", "class", "error")
LAST_BITS = 10
"""Bits of an axon's time stamp, so a presentation has at most ``2**LAST_BITS - 1`` steps."""

RANGES = {
    "height": (1, 512),
    "width": (1, 512),
    "n_neurons": (1, 65536),
    "n_lanes": (1, 65536),
    "n_classes": (1, 256),
    "n_steps": (1, (1 << LAST_BITS) - 1),
    "rate_shift": (0, 8),
    "period_num": (1, 1 << 20),
    "period_offset": (1, 1 << 12),
    "rf_shift": (0, 16),
    "rf_stride": (1, 512),
    "encoder_seed": (0, (1 << 32) - 1),
    "v_width": (2, 24),
    "leak_shift": (0, 23),
    "leak_sub": (0, (1 << 23) - 1),
    "activity_gain": (0, (1 << 16) - 1),
    "activity_shift": (0, 16),
    "refrac": (0, (1 << LAST_BITS) - 1),
    "v_inhibit": (0, (1 << 24) - 1),
    "stop_after": (0, 1 << 16),
    "theta_width": (1, 24),
    "offset_shift": (0, 16),
    "theta_decay_shift": (0, 23),
    "theta_decay_period": (1, (1 << 32) - 1),
    "weight_bits": (1, 16),
    "dw_shift": (0, 16),
    "a_minus": (0, (1 << 16) - 1),
    "reward_margin": (0, (1 << 24) - 1),
    "drop_chance": (0, 255),
    "vote_spikes": (1, 64),
    "vote_bits": (1, 16),
}


def check_params(p: Params) -> None:
    """Raise TypeError or ValueError, "X must be Y, not Z", at the first impossible parameter."""
    for field in fields(p):
        _check_kind(field.name, field.type, getattr(p, field.name))
    for name, (low, high) in RANGES.items():
        check_range(name, getattr(p, name), low, high)
    _check_choice("encoder", p.encoder, ENCODERS)
    _check_choice("receptive_field", p.receptive_field, RECEPTIVE_FIELDS)
    _check_choice("reward", p.reward, REWARDS)
    if p.n_axons == 0:
        raise ValueError(
            f"rf_stride must leave room for a cell in {p.height} x {p.width} pixels, "
            f"not be {p.rf_stride}"
        )
    _check_formats(p)
    _check_windows(p)


def _check_kind(name, kind, value):
    if kind == "tuple[int, ...]" or kind == tuple[int, ...]:
        if not isinstance(value, tuple) or any(type(x) is not int for x in value):
            raise TypeError(f"{name} must be a tuple of integers, not {value!r}")
    elif type(value) is not kind:
        raise TypeError(f"{name} must be {kind.__name__}, not {value!r}")


def check_range(name: str, value: int, low: int, high: int) -> None:
    """Raise ValueError unless ``low <= value <= high``."""
    if not low <= value <= high:
        raise ValueError(f"{name} must be {low} to {high}, not {value}")


def _check_choice(name, value, choices):
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, not {value!r}")


def _check_formats(p):
    for name in ("w_min", "w_max"):
        check_range(name, getattr(p, name), p.w.min, p.w.max)
    if p.w_min >= p.w_max:
        raise ValueError(f"w_max must exceed w_min={p.w_min}, not be {p.w_max}")
    check_range("w_init_low", p.w_init_low, p.w_min, p.w_max)
    check_range("w_init_high", p.w_init_high, p.w_init_low + 1, p.w_max + 1)
    check_range("v_reset", p.v_reset, p.v.min, p.v.max)
    check_range("v_th", p.v_th, p.v.min, p.v.max)
    for name in ("theta_init", "theta_plus"):
        check_range(name, getattr(p, name), 0, p.theta.max)
    check_range("offset_plus", p.offset_plus, 0, p.offset.max)
    check_range("n_lanes", p.n_lanes, 1, p.n_neurons)


def _check_windows(p):
    for name in ("a_plus", "a_late"):
        table = getattr(p, name)
        if len(table) > p.last.max:
            raise ValueError(
                f"{name} must be at most {p.last.max} steps long, as the spike ages count no "
                f"further, not {len(table)}"
            )
        for gain in table:
            check_range(f"every gain of {name}", gain, 0, (1 << 16) - 1)
