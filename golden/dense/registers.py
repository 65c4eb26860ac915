"""The registers of a core: parameters that can be changed at run time, and scalars of the state."""

from collections.abc import Iterable
from dataclasses import fields, replace

from golden.dense.interface import BIT, COUNT, DATA, sum_width
from golden.dense.limits import REWARDS
from golden.dense.params import GAIN, Params
from golden.numbers import lfsr
from golden.numbers.formats import Fmt, index_bits

STATE = ("offset", "lfsr", "presented", "decay_count")
"""Registers that are part of the learned state; they live in their stages."""
VARIABLE = (
    "n_steps", "period_num", "period_offset", "encoder_seed", "v_reset",
    "leak_sub", "v_th", "activity_gain", "refrac", "v_inhibit",
    "bar_losers", "force_spike", "stop_after", "theta_plus", "offset_plus",
    "theta_decay_period", "w_min", "w_max", "a_plus", "a_minus",
    "a_late", "soft_bounds", "reward", "reward_margin", "drop_chance",
    "vote_spikes", "ballot", "theta_init", "w_init_low", "w_init_high",
)  # fmt: skip
"""Parameters that may differ from those a core is made for; the last three are the host's."""


def envelope(phases: Iterable[Params]) -> Params:
    """Return parameters that a core must be made for to run all of these, those of the first else.

    Raises
    ------
    ValueError
        If a parameter that is fixed in hardware differs.
    """
    first, *others = phases
    for p in others:
        for field in fields(Params):
            name, ours, theirs = field.name, getattr(first, field.name), getattr(p, field.name)
            if name in VARIABLE and _exceeds(name, theirs, ours):
                first = replace(first, **{name: theirs})
            elif name not in VARIABLE and ours != theirs:
                raise ValueError(f"{name} is fixed in hardware: it must be {ours}, not {theirs}")
    return first


def _exceeds(name, theirs, ours):
    """Tell whether a value needs hardware that the other does not."""
    if name in ("a_plus", "a_late"):
        return len(theirs) > len(ours)
    if name == "reward":
        return REWARDS.index(theirs) > REWARDS.index(ours)
    return name in ON_OFF and theirs > ours


ON_OFF = (
    "leak_sub", "activity_gain", "refrac", "v_inhibit", "bar_losers", "offset_plus",
    "drop_chance", "ballot", "vote_spikes", "period_num", "period_offset",
)  # fmt: skip
"""Parameters whose hardware is left out if they are 0, or is as large as they are."""


def register_map(p: Params) -> dict[str, Fmt]:
    """Return the registers of a core in the order of their indices, with their formats.

    ``encoder_lfsr`` is the start state that follows from ``encoder_seed``; ``reward`` an index of
    `golden.dense.limits.REWARDS`; ``decay_count`` is ``presented % theta_decay_period``.

    Raises
    ------
    ValueError
        If the common offset does not fit a register.
    """
    if p.offset_plus and p.offset.width > DATA.width:
        raise ValueError(
            f"theta_width + offset_shift must be at most {DATA.width}, not {p.offset.width}"
        )
    present = {
        "n_steps": p.last,
        "period_num": _up_to(p.period_num) if p.encoder == "periodic" else None,
        "period_offset": _up_to(p.period_offset) if p.encoder == "periodic" else None,
        "encoder_lfsr": lfsr.STATE if p.encoder == "bernoulli" else None,
        "v_reset": p.v,
        "leak_sub": _bits(p.v.width) if p.leak_sub else None,
        "v_th": p.v,
        "activity_gain": GAIN if p.activity_gain else None,
        "refrac": _up_to(p.refrac) if p.refrac else None,
        "v_inhibit": _bits(p.v.width) if p.v_inhibit else None,
        "bar_losers": BIT if p.bar_losers else None,
        "force_spike": BIT,
        "stop_after": COUNT,
        "theta_plus": p.theta,
        "offset_plus": p.offset if p.offset_plus else None,
        "theta_decay_period": DATA if p.theta_decay_shift else None,
        "w_min": p.w,
        "w_max": p.w,
        "ltp_window": _up_to(p.ltp_window),
        "a_minus": GAIN,
        "ltd_window": _up_to(p.ltd_window) if p.ltd_window else None,
        "soft_bounds": BIT,
        "reward": _bits(index_bits(len(REWARDS))) if p.reward != "none" else None,
        "reward_margin": _bits(sum_width(p) + 1) if p.reward != "none" else None,
        "drop_chance": _bits(8) if p.drop_chance else None,
        "vote_spikes": _up_to(p.vote_spikes),
        "ballot": BIT if p.ballot else None,
        "offset": p.offset if p.offset_plus else None,
        "lfsr": lfsr.STATE,
        "presented": p.presented,
        "decay_count": DATA if p.theta_decay_shift else None,
    }
    return {name: kind for name, kind in present.items() if kind is not None}


def _up_to(most):
    return _bits(index_bits(most + 1))


def _bits(width):
    return Fmt(width, signed=False)


def values(p: Params, built: Params) -> dict[str, int]:
    """Return what the registers of a core made for ``built`` must hold to run ``p``.

    Numbers that no membrane or count of spikes can reach are cut to the register's largest, which
    does the same.

    Raises
    ------
    ValueError
        If the core cannot run ``p``.
    """
    if (made := envelope((built, p))) != built:
        names = [f.name for f in fields(Params) if getattr(made, f.name) != getattr(built, f.name)]
        raise ValueError(
            f"{names[0]} must be one the core was made for, not {getattr(p, names[0])}"
        )
    derived = {
        "encoder_lfsr": lfsr.seeded(p.encoder_seed),
        "ltp_window": p.ltp_window,
        "ltd_window": p.ltd_window,
        "reward": REWARDS.index(p.reward),
    }
    found = {}
    for name, kind in register_map(built).items():
        if name not in STATE:
            value = int(derived.get(name, getattr(p, name, 0)))
            cut = name in ("leak_sub", "v_inhibit", "stop_after", "reward_margin")
            found[name] = min(value, kind.max) if cut else value
    return found
