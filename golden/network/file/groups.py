"""Groups in a network's file: cells and sources of spikes.

Of each group ``name``, ``size``, ``winners`` (or null), ``program`` (or null;
`golden.network.file.programs`) and ``source``: null, ``chance`` (member ``group N thresholds``),
``metronome`` (``group N period`` and ``phase``) or ``train`` (``group N steps`` and ``neurons``),
as `golden.network.source` says.
"""

from typing import Any

import numpy as np

from golden.network.blueprint import Group
from golden.network.file.members import (
    FAR,
    Entry,
    MemberReader,
    MemberWriter,
    PlanFileError,
    each,
    shown,
)
from golden.network.file.programs import put_program, take_program
from golden.network.source import Chance, Metronome, SpikeSource, Train
from golden.numbers.hash import INDEX_BITS

SOURCES: dict[str, type[Chance] | type[Metronome] | type[Train]] = {
    "chance": Chance,
    "metronome": Metronome,
    "train": Train,
}
RANGES = {
    "thresholds": (0, 1 << 32),
    "period": (1, FAR),
    "phase": (0, FAR),
    "steps": (0, FAR),
}
"""Of members of a source, but for neurons."""


def put_groups(groups: tuple[Group, ...], writer: MemberWriter) -> list[dict[str, Any]]:
    """Return groups as JSON values, and put their arrays into members."""
    return [_put(group, f"group {number}", writer) for number, group in enumerate(groups)]


def _put(group: Group, at: str, writer: MemberWriter) -> dict[str, Any]:
    kind = next((k for k, made in SOURCES.items() if isinstance(group.source, made)), None)
    if kind:
        for name in SOURCES[kind].__dataclass_fields__:
            writer.put(f"{at} {name}", getattr(group.source, name))
    return {
        "name": group.name,
        "size": group.size,
        "winners": group.winners,
        "source": kind,
        "program": put_program(group.program, at, writer) if group.program else None,
    }


def take_groups(given: list[Any], dt: float, reader: MemberReader) -> tuple[Group, ...]:
    """Return groups.

    Raises
    ------
    ValueError
        If something is impossible.
    """
    first = 0

    def read(number: int, item: Any) -> Group:
        nonlocal first
        entry = Entry("it", item, "name size winners source program")
        at, size = f"group {number}", entry.whole("size", 1, (1 << INDEX_BITS) - first)
        program = source = winners = None
        if entry["source"] is None:
            program = take_program(entry["program"], at, size, dt, reader)
            if entry["winners"] is not None:
                winners = entry.whole("winners", 1, FAR)
        else:
            if entry["program"] is not None or entry["winners"] is not None:
                raise PlanFileError("a source must have no program and no winners")
            source = _source(entry.text("source"), at, size, reader)
        group = Group(entry.text("name"), first, size, program, source, winners)
        first += size
        return group

    groups = each("group", given, read)
    if len({group.name for group in groups}) < len(groups):
        raise PlanFileError("a group's name must be its own")
    return groups


def _source(kind: str, at: str, size: int, reader: MemberReader) -> SpikeSource:
    if kind not in SOURCES:
        raise PlanFileError(f"source must be one of {', '.join(SOURCES)}, not {shown(kind)}")
    if kind != "train":
        names = SOURCES[kind].__dataclass_fields__
        return SOURCES[kind](*(reader.take(f"{at} {x}", (size,), *RANGES[x]) for x in names))
    length = reader.length(f"{at} steps")
    steps = reader.take(f"{at} steps", (length,), *RANGES["steps"])
    neurons = reader.take(f"{at} neurons", (length,), 0, size - 1)
    later = (np.diff(steps) > 0) | ((np.diff(steps) == 0) & (np.diff(neurons) > 0))
    if not later.all():
        raise PlanFileError("a train must be in order, each neuron once a step")
    return Train(steps, neurons)
