"""State files: where a network is and what its monitors have kept, in an ``.npz``.

An archive of `golden.command.archive`. ``meta`` holds ``format``, ``version``, ``blueprint`` (the
hash of the network's integers), ``state`` (the hash of the state), ``step`` and ``monitors``, of
each its ``label`` and how much it has ``lost``. Members:

=========================== ================================================================
``words``                   state variables, group by group, in the order of their programs
``lengths``                 spikes in each of the last steps, the latest first
``history``                 these spikes: neurons, ascending within a step
``saturated``               cases, group by group
``saturated_first``         step of the first of these cases, or -1
``releases``                x, u and last of all rows with short-term plasticity, one by one
``sent``                    efficacies of the spikes in the history, rows by rows, step by step
``learned``                 of all rows that can learn, one by one: whether they do, 0 or 1; their
                            words and traces; steps of the last arrivals and posts, -2**40: none
``spikes``                  so far, of every group
``monitor N COLUMN``        what monitor N has kept
=========================== ================================================================

A file belongs to one blueprint: the network itself is what its Python file makes of the same
parameters and seed.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.builder.monitors.monitor import Monitor
from golden.command.archive import DAMAGE, Shapes, packed, unpacked
from golden.network.blueprint import Blueprint
from golden.network.release import ONE
from golden.network.state import NetworkState

FORMAT, VERSION = "goldspike-network-state", 1


class StateFileError(ValueError):
    """A state file that cannot be used; the text says why."""


def saved(blueprint: Blueprint, state: NetworkState, monitors: Sequence[Monitor]) -> bytes:
    """Return the file of a state."""
    meta = {
        "format": FORMAT,
        "version": VERSION,
        "blueprint": blueprint.sha256(),
        "state": state.sha256(),
        "step": state.step,
        "monitors": [{"label": m.label, "lost": m.lost} for m in monitors],
    }
    members = {
        "words": _flat([x for group in state.words for x in group.values()]),
        "lengths": np.array([len(spikes) for spikes in state.history], np.int64),
        "history": _flat(state.history),
        "saturated": np.array([n for g in state.saturated for n in g.values()], np.int64),
        "saturated_first": np.array(
            [
                first.get(name, -1)
                for counted, first in zip(state.saturated, state.first_saturated, strict=True)
                for name in counted
            ],
            np.int64,
        ),
        "releases": _flat([x for r in state.releases if r for x in (r.x, r.u, r.last)]),
        "sent": _flat([x for r in state.releases if r for x in r.sent]),
        "learned": _flat([x for learned in state.learned if learned for x in learned.arrays()]),
        "spikes": np.array(state.spikes, np.int64),
    }
    for number, monitor in enumerate(monitors):
        for name, column in monitor.contents().items():
            members[f"monitor {number} {name}"] = column
    return packed(meta, members)


def restored(path: Path, blueprint: Blueprint, monitors: Sequence[Monitor]) -> NetworkState:
    """Return the state in a file, and give monitors what they had kept.

    Raises
    ------
    StateFileError
        If it is the state of another network, differently recorded, damaged or impossible.
    OSError
        If it cannot be read.
    """
    content = path.read_bytes()
    try:
        meta, members = unpacked(content, lambda meta: _judged(meta, blueprint, monitors))
        state = _state(meta["step"], members, blueprint)
        if state.sha256() != meta["state"]:
            raise StateFileError("its state must have the hash that it claims")
        for number, (monitor, told) in enumerate(zip(monitors, meta["monitors"], strict=True)):
            kept = {name: members[f"monitor {number} {name}"] for name in monitor.COLUMNS}
            monitor.refill(kept, told["lost"], state.step)
    except DAMAGE as error:
        raise StateFileError(f"{path} must be an intact state of this network: {error}") from None
    return state


def _judged(meta: dict[str, Any], blueprint: Blueprint, monitors: Sequence[Monitor]) -> Shapes:
    """Refuse what is not this network's; return the shapes of its members."""
    if meta.get("format") != FORMAT:
        raise StateFileError(f"format must be {FORMAT!r}")
    if meta.get("version") != VERSION:
        raise StateFileError(f"version must be {VERSION}, not {meta.get('version')!r}")
    ours, theirs = blueprint.sha256(), meta.get("blueprint")
    if theirs != ours:
        raise StateFileError(f"it is of another network, {str(theirs)[:8]}, not {ours[:8]}")
    recorded = [monitor.label for monitor in monitors]
    if [told["label"] for told in meta["monitors"]] != recorded:
        raise StateFileError(f"monitors must be of {', '.join(recorded) or 'nothing'}")
    if not all(type(told["lost"]) is int for told in meta["monitors"]):
        raise StateFileError("monitors must say how much they have lost")
    step = meta["step"]
    if type(step) is not int or not 0 <= step < 1 << 32:
        raise StateFileError(f"step must be 0 to 4294967295, not {step!r}")
    programs = [(g.program, g.size) for g in blueprint.groups if g.program]
    shapes: dict[str, tuple[int | None, ...]] = {
        "words": (sum(len(program.states) * size for program, size in programs),),
        "lengths": (min(step, blueprint.longest),),
        "history": (None,),
        "saturated": (sum(len(set(program.counters())) for program, _ in programs),),
        "saturated_first": (sum(len(set(program.counters())) for program, _ in programs),),
        "releases": (3 * sum(len(r.start) - 1 for r in blueprint.rows if r.release),),
        "sent": (None,),
        "learned": (None,),
        "spikes": (len(blueprint.groups),),
    }
    for number, monitor in enumerate(monitors):
        for name, shape in monitor.shapes().items():
            shapes[f"monitor {number} {name}"] = shape
    return shapes


def _state(step: int, members: dict[str, NDArray[np.int64]], blueprint: Blueprint) -> NetworkState:
    state = NetworkState.start(blueprint)
    words, cases = iter(np.split(members["words"], _ends(blueprint))), iter(members["saturated"])
    for group, own in zip(blueprint.groups, state.words, strict=True):
        for word in group.program.states if group.program else ():
            own[word.name] = next(words)
            most = 1 << (word.width - 1)
            if ((own[word.name] < -most) | (own[word.name] >= most)).any():
                raise StateFileError(f"{word.name} of {group.name} must fit {word.width} bits")
    firsts = iter(members["saturated_first"].tolist())
    for counted, first in zip(state.saturated, state.first_saturated, strict=True):
        counted.update({name: int(next(cases)) for name in counted})
        first.update({name: x for name, x in zip(counted, firsts, strict=False) if x >= 0})
    state.step, state.spikes = step, members["spikes"].tolist()
    if min(*state.spikes, members["saturated"].min(initial=0)) < 0:
        raise StateFileError("what is counted must not be negative")
    state.history = _history(members["lengths"], members["history"], blueprint.neurons)
    _releases(state, members["releases"], members["sent"], blueprint)
    _learned(state, members["learned"], blueprint)
    return state


def _learned(state: NetworkState, words: NDArray[np.int64], blueprint: Blueprint) -> None:
    """Fill in what rows have learned."""
    for rows, learned in zip(blueprint.rows, state.learned, strict=True):
        if learned:
            words = learned.refill(rows, words, state.step)
    if len(words):
        raise StateFileError("what is learned must be of rows that learn")


def _releases(
    state: NetworkState, words: NDArray[np.int64], sent: NDArray[np.int64], blueprint: Blueprint
) -> None:
    """Fill in the state of rows with short-term plasticity."""
    at = 0
    for rows, release in zip(blueprint.rows, state.releases, strict=True):
        if release is None:
            continue
        (release.x, release.u, release.last), words = _cut(words, len(release.x))
        group = blueprint.groups[rows.source]
        for spikes in state.history:
            n = int(np.sum((spikes >= group.first) & (spikes < group.first + group.size)))
            release.sent.append(sent[at : at + n])
            at += n
        if (release.last >= state.step).any():
            raise StateFileError("spikes must be of the past")
        for part in (release.x, release.u, *release.sent):
            if ((part < 0) | (part > ONE)).any():
                raise StateFileError(f"x, u and efficacies must be 0 to {ONE}")
    if at != len(sent):
        raise StateFileError("efficacies must be as many as spikes")


def _cut(
    words: NDArray[np.int64], size: int
) -> tuple[tuple[NDArray[np.int64], ...], NDArray[np.int64]]:
    """Return the first three of ``size`` words, and the rest."""
    return tuple(words[: 3 * size].reshape(3, size)), words[3 * size :]


def _ends(blueprint: Blueprint) -> NDArray[np.int64]:
    """Return where each state variable ends among all words, but the last."""
    sizes = [g.size for g in blueprint.groups if g.program for _ in g.program.states]
    return np.cumsum(sizes, dtype=np.int64)[:-1]


def _history(
    lengths: NDArray[np.int64], neurons: NDArray[np.int64], most: int
) -> list[NDArray[np.int64]]:
    if (lengths < 0).any() or (lengths > most).any() or lengths.sum() != len(neurons):
        raise StateFileError("history must be as long as it says")
    history = np.split(neurons, np.cumsum(lengths)[:-1]) if len(lengths) else []
    for spikes in history:
        if len(spikes) and not (
            spikes[0] >= 0 and spikes[-1] < most and (np.diff(spikes) > 0).all()
        ):
            raise StateFileError("history must be neurons in ascending order")
    return history


def _flat(parts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(0, np.int64), *parts]).astype(np.int64)
