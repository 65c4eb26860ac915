"""The register map: parameters that can be changed at run time, and the scalars of the state."""

from collections.abc import Iterable
from dataclasses import fields, replace

from amaranth.hdl import Module, Shape, Signal, unsigned
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.dense.params import Params
from hdl.dense.layout import COUNT_BITS, index_bits
from hdl.dense.membrane import sum_width
from hdl.dense.reward import REWARDS
from hdl.numbers.formats import shape
from hdl.numbers.lfsr import STATE_WIDTH, seeded

STATE = ("offset", "lfsr", "presented", "decay_count")
"""Registers that are part of the learned state; they live in their stages."""
DATA_WIDTH = 32
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


def register_map(p: Params) -> dict[str, Shape]:
    """Return the registers of a core in the order of their indices, with their shapes.

    ``encoder_lfsr`` is the start state that follows from ``encoder_seed``; ``reward`` an index of
    `golden.dense.limits.REWARDS`; ``decay_count`` is ``presented % theta_decay_period``.

    Raises
    ------
    ValueError
        If the common offset does not fit a register.
    """
    if p.offset_plus and p.offset.width > DATA_WIDTH:
        raise ValueError(
            f"theta_width + offset_shift must be at most {DATA_WIDTH}, not {p.offset.width}"
        )
    present = {
        "n_steps": shape(p.last),
        "period_num": _up_to(p.period_num) if p.encoder == "periodic" else None,
        "period_offset": _up_to(p.period_offset) if p.encoder == "periodic" else None,
        "encoder_lfsr": unsigned(STATE_WIDTH) if p.encoder == "bernoulli" else None,
        "v_reset": shape(p.v),
        "leak_sub": unsigned(p.v.width) if p.leak_sub else None,
        "v_th": shape(p.v),
        "activity_gain": unsigned(16) if p.activity_gain else None,
        "refrac": _up_to(p.refrac) if p.refrac else None,
        "v_inhibit": unsigned(p.v.width) if p.v_inhibit else None,
        "bar_losers": unsigned(1) if p.bar_losers else None,
        "force_spike": unsigned(1),
        "stop_after": unsigned(COUNT_BITS),
        "theta_plus": shape(p.theta),
        "offset_plus": shape(p.offset) if p.offset_plus else None,
        "theta_decay_period": unsigned(32) if p.theta_decay_shift else None,
        "w_min": shape(p.w),
        "w_max": shape(p.w),
        "ltp_window": _up_to(p.ltp_window),
        "a_minus": unsigned(16),
        "ltd_window": _up_to(p.ltd_window) if p.ltd_window else None,
        "soft_bounds": unsigned(1),
        "reward": unsigned(index_bits(len(REWARDS))) if p.reward != "none" else None,
        "reward_margin": unsigned(sum_width(p) + 1) if p.reward != "none" else None,
        "drop_chance": unsigned(8) if p.drop_chance else None,
        "vote_spikes": _up_to(p.vote_spikes),
        "ballot": unsigned(1) if p.ballot else None,
        "offset": shape(p.offset) if p.offset_plus else None,
        "lfsr": unsigned(STATE_WIDTH),
        "presented": shape(p.presented),
        "decay_count": unsigned(32) if p.theta_decay_shift else None,
    }
    return {name: kind for name, kind in present.items() if kind is not None}


def _up_to(most):
    return unsigned(index_bits(most + 1))


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
        "encoder_lfsr": seeded(p.encoder_seed),
        "ltp_window": p.ltp_window,
        "ltd_window": p.ltd_window,
        "reward": REWARDS.index(p.reward),
    }
    found = {}
    for name, kind in register_map(built).items():
        if name not in STATE:
            value = int(derived.get(name, getattr(p, name, 0)))
            cut = name in ("leak_sub", "v_inhibit", "stop_after", "reward_margin")
            found[name] = min(value, (1 << kind.width) - 1) if cut else value
    return found


class Registers(wiring.Component):
    """The run-time parameters; all of them are outputs of the parameters' names.

    Members
    -------
    write, index, data : In(1), In(8), In(32)
        Write a register.
    value : Out(32)
        The register ``index``, combinational, sign-extended if it is signed.
    """

    def __init__(self, p: Params):
        self.p = p
        self.map = register_map(p)
        ports = {"write": In(1), "index": In(8), "data": In(DATA_WIDTH), "value": Out(DATA_WIDTH)}
        for name, kind in self.map.items():
            ports[name] = In(kind) if name in STATE else Out(kind)
        super().__init__(ports)

    def elaborate(self, platform):
        m = Module()
        start = values(self.p, self.p)
        with m.Switch(self.index):
            for index, name in enumerate(self.map):
                with m.Case(index):
                    m.d.comb += self.value.eq(getattr(self, name))
        for index, (name, kind) in enumerate(self.map.items()):
            if name in STATE:
                continue
            register = Signal(kind, name=name, init=start[name])
            m.d.comb += getattr(self, name).eq(register)
            with m.If(self.write & (self.index == index)):
                m.d.sync += register.eq(self.data)
        return m
