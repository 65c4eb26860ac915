"""The registers of a core: parameters that can be changed at run time, and scalars of the state."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from golden.dense.declaration import DATA, ParameterKind, Size, check_range, declarations
from golden.dense.params import Params
from golden.numbers import lfsr
from golden.numbers.formats import Fmt


class StateRegister(NamedTuple):
    """A register that a stage holds."""

    fmt: Callable[[Params], Fmt]
    exists: Callable[[Params], object] = lambda p: True


STATE = {
    "offset": StateRegister(lambda p: p.offset, lambda p: p.offset_plus),
    "lfsr": StateRegister(lambda p: lfsr.STATE),
    "presented": StateRegister(lambda p: p.presented, lambda p: p.theta_decay_shift),
    "decay_count": StateRegister(lambda p: p.presented, lambda p: p.theta_decay_shift),
}
"""Registers that are part of the learned state. ``decay_count`` is
``presented % theta_decay_period``, the others are fields of `golden.dense.core.State`."""


def envelope(phases: Iterable[Params]) -> Params:
    """Return parameters that a core must be made for to run all of these, those of the first else.

    Raises
    ------
    ValueError
        If a parameter that is fixed in hardware differs.
    """
    first, *others = phases
    for p in others:
        for name, declared, ours, theirs in _pairs(first, p):
            if declared.kind is ParameterKind.FIXED:
                _check_fixed(name, ours, theirs)
            elif declared.needs_more(ours, theirs):
                first = replace(first, **{name: theirs})
    return first


def check(built: Params, p: Params) -> None:
    """Raise ValueError if a core made for ``built`` cannot run with parameters ``p``."""
    for name, declared, ours, theirs in _pairs(built, p):
        if declared.kind is ParameterKind.FIXED:
            _check_fixed(name, ours, theirs)
        elif declared.kind is ParameterKind.REGISTER and declared.only(built):
            _check_built(built, declared, ours, theirs)


def _pairs(built, p):
    for name, declared in declarations(type(built)).items():
        yield name, declared, getattr(built, name), getattr(p, name)


def _check_fixed(name, ours, theirs):
    if ours != theirs:
        raise ValueError(f"{name} is fixed in hardware: it must be {ours}, not {theirs}")


def _check_built(built, declared, ours, theirs):
    code = declared.code(theirs)
    if not declared.exists(built):
        if code:
            raise ValueError(f"{declared.name} must be off in this core, not {theirs}")
        return
    most = declared.code(ours) if declared.size is Size.PLACES else declared.fmt(built).max
    if code > most and not declared.cut:
        most, theirs = (ours, theirs) if declared.choices else (most, code)
        raise ValueError(f"{declared.register} must be at most {most} in this core, not {theirs}")


def register_map(p: Params) -> dict[str, Fmt]:
    """Return the registers of a core in the order of their indices, with their formats.

    ``encoder_lfsr`` is the start state that follows from ``encoder_seed``, ``ltp_window`` and
    ``ltd_window`` are the lengths of ``a_plus`` and ``a_late``; ``reward`` is an index of
    `golden.dense.params.REWARDS`.

    Raises
    ------
    ValueError
        If the common offset does not fit a register.
    """
    if p.offset_plus and p.offset.width > DATA.width:
        raise ValueError(
            f"theta_width + offset_shift must be at most {DATA.width}, not {p.offset.width}"
        )
    declared = declarations(type(p)).values()
    chosen = {each.register: each.fmt(p) for each in declared if each.exists(p)}
    return chosen | {name: kept.fmt(p) for name, kept in STATE.items() if kept.exists(p)}


def name_of(parameter: Any) -> str:
    """Return the name of the register for a parameter, ``Params.n_steps`` for one."""
    return declarations(parameter.__objclass__)[parameter.__name__].register


def codes(p: Params) -> dict[str, int]:
    """Return what registers that lack nothing hold for ``p``."""
    return {
        each.register: each.code(getattr(p, name))
        for name, each in declarations(type(p)).items()
        if each.kind is ParameterKind.REGISTER
    }


def values(p: Params, built: Params) -> dict[str, int]:
    """Return what the registers of a core made for ``built`` must hold to run ``p``.

    Numbers that no membrane or count of spikes can reach are cut to the register's largest, which
    does the same.

    Raises
    ------
    ValueError
        If the core cannot run ``p``.
    """
    check(built, p)
    held = codes(p)
    return {
        name: min(held[name], kind.max)
        for name, kind in register_map(built).items()
        if name in held
    }


def params(built: Params, held: Mapping[str, int], table: Sequence[int], **others: Any) -> Params:
    """Return the parameters that registers mean; `values` undone.

    Parameters
    ----------
    held : mapping of int
        Registers by name; where one is missing, the parameter is as the core is made for.
    table : sequence of int
        The tables behind each other, each as long as in ``built``.
    others
        Parameters that the host chooses.

    Raises
    ------
    ValueError
        If they are impossible, or this core cannot run with them.
    """
    first, meant = 0, {}
    for name, each in declarations(type(built)).items():
        ours = getattr(built, name)
        code = held.get(each.register, 0) if each.kind is ParameterKind.REGISTER else 0
        if each.longest:
            check_range(each.register, code, 0, len(ours))
            meant[name] = tuple(table[first : first + code])
            first += len(ours)
        elif each.kind is ParameterKind.REGISTER and each.register in held:
            # Several seeds may give the same start, of which ours is as good as any.
            meant[name] = ours if code == each.code(ours) else each.value(code)
    p = replace(built, **meant, **others)
    check(built, p)
    return p
