"""Which parameters a core can run with."""

from golden.dense.limits import REWARDS
from golden.dense.params import Params

FIXED = (
    "height",
    "width",
    "n_neurons",
    "n_lanes",
    "n_classes",
    "single_port",
    "encoder",
    "receptive_field",
    "rf_stride",
    "rf_shift",
    "rate_shift",
    "v_width",
    "theta_width",
    "weight_bits",
    "vote_bits",
    "leak_shift",
    "activity_shift",
    "offset_shift",
    "theta_decay_shift",
    "dw_shift",
)
"""Parameters that are fixed when the core is made."""
OPTIONAL = (
    "leak_sub",
    "activity_gain",
    "v_inhibit",
    "bar_losers",
    "offset_plus",
    "drop_chance",
    "ballot",
)
"""Registers that a core without the feature has not."""
AT_MOST = ("refrac", "ltp_window", "ltd_window", "vote_spikes")
"""Registers that say how much of a table or ring is in use."""


def check(built: Params, p: Params) -> None:
    """Raise ValueError if a core made for ``built`` cannot run with parameters ``p``."""
    for name in FIXED:
        ours, theirs = getattr(built, name), getattr(p, name)
        if ours != theirs:
            raise ValueError(f"{name} must be {ours!r} in this core, not {theirs!r}")
    for name in OPTIONAL:
        if getattr(p, name) and not getattr(built, name):
            raise ValueError(f"{name} must be off in this core, not {getattr(p, name)}")
    for name in AT_MOST:
        ours, theirs = getattr(built, name), getattr(p, name)
        if theirs > ours:
            raise ValueError(f"{name} must be at most {ours} in this core, not {theirs}")
    if REWARDS.index(p.reward) > REWARDS.index(built.reward):
        raise ValueError(f"reward must be at most {built.reward!r} in this core, not {p.reward!r}")
