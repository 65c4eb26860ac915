"""One cell by itself: its program, run with a constant input."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.cells.evaluate import StepOutcome, evaluate
from golden.cells.program import Program, Receptor, Scale
from golden.cells.value import Value
from golden.network.blueprint import Blueprint, Group
from golden.network.engine.engine import Engine
from golden.network.source import Drive
from golden.network.state import NetworkState
from golden.network.taps import Tap
from golden.numbers.hash import round_keys

SEARCH = 200.0
"""ms within which a current must make spikes to count as enough."""
THROUGH = ("and", "or", "not", "select")
"""Operations through which a threshold is looked for."""
STILL = ("constant", "number")
"""Operations that give the same in every step."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What some copies of a cell did."""

    states: Mapping[str, NDArray[np.int64]]
    """Shape (steps, copies)."""
    spikes: NDArray[np.bool_]
    """The same."""


def single(program: Program, neuron: int = 0) -> Program:
    """Return the program of one neuron of a group, so that all copies of it are the same."""

    def own(value: Any) -> Any:
        return value[neuron] if np.ndim(value) else value

    def scaled(scale: Scale) -> Scale:
        return replace(scale, unit=own(scale.unit), zero=own(scale.zero))

    return replace(
        program,
        states=tuple(
            replace(s, start=np.asarray(own(s.start)), scale=scaled(s.scale))
            for s in program.states
        ),
        receptors=tuple(replace(r, scale=scaled(r.scale)) for r in program.receptors),
        constants=tuple(
            replace(c, values=np.asarray(own(c.values)), exact=np.asarray(own(c.exact)))
            for c in program.constants
        ),
    )


def entrance(program: Program) -> Receptor:
    """Return where a current flows in: the receptor of that name, or the first one."""
    named = [r for r in program.receptors if r.name == "current"]
    return (named or list(program.receptors))[0]


def stepped(
    program: Program, states: Mapping[str, NDArray[np.int64]], current: NDArray[np.int64], step: int
) -> StepOutcome:
    """Do one step of copies of a cell; ``current`` arrives at its entrance, nothing elsewhere."""
    arrivals = {r.name: np.zeros_like(current) for r in program.receptors}
    arrivals[entrance(program).name] = current
    # Keys of a step take longer than most cells.
    keys = round_keys(1, step) if any(v.operation == "random" for v in program.values) else []
    return evaluate(program, states, arrivals, keys, np.arange(len(current)))


def trial(program: Program, current: NDArray[np.int64], steps: int, states: bool = True) -> Trial:
    """Run copies of a cell from their start, each with a constant current, in the engine.

    Parameters
    ----------
    states : bool
        Whether they are wanted.
    """
    n = len(current)
    level = current[None].astype(np.int32)
    drive = Drive(0, entrance(program).name, 0, np.zeros(1, np.int64), level)
    blueprint = Blueprint(1.0, 1, (Group("cell", 0, n, program),), (), (drive,))
    names = [s.name for s in program.states] if states else []
    taps = [Tap(0, name, np.arange(n)) for name in names]
    model = Engine(blueprint, NetworkState.start(blueprint), taps)
    spikes, done = np.zeros((steps, n), np.bool_), 0
    seen: dict[str, list[NDArray[np.int64]]] = {name: [] for name in names}
    while done < steps:
        chunk = model.advance(steps - done)
        spikes[chunk.spike_steps, chunk.spike_neurons] = True
        for name, samples in zip(names, chunk.samples, strict=True):
            seen[name].append(samples)
        done += chunk.steps
    return Trial({name: np.concatenate(x) for name, x in seen.items()}, spikes)


def enough(program: Program, dt: float) -> float:
    """Return a current that a cell answers: the smallest of those twice as large each.

    It makes a spike, or half as many again as there are without a current.

    Raises
    ------
    ValueError
        If none does.
    """
    receptor = entrance(program)
    levels = np.append(0, np.int64(1) << np.arange(receptor.width - 1))
    spikes = trial(program, levels, round(SEARCH / dt), states=False).spikes.sum(axis=0)
    more = spikes > spikes[0] * 1.5
    if not more.any():
        raise ValueError(f"a current into {receptor.name} must make the cell spike, and none does")
    return float(receptor.scale.quantity(levels[more.argmax()]))


def threshold(program: Program) -> float | None:
    """Return the constant that a spike's condition compares the potential with; None if none."""
    waiting = [program.values[program.spike]]
    while waiting:
        value = waiting.pop(0)
        operands = [program.values[place] for place in value.operands]
        if value.operation == "less":
            found = _level(program, _compared(program, operands))
            if found is not None:
                return found
        if value.operation in THROUGH:
            waiting += operands
    return None


def _level(program: Program, operands: list[Value]) -> float | None:
    """Return the potential at which a comparison changes; None if it is no constant."""
    for fixed, other in (operands, operands[::-1]):
        if fixed.operation == "number" and fixed.detail == 0 and other.operation == "add":
            # Equations write v > threshold as v + -threshold > 0.
            parts = [program.values[place] for place in other.operands]
            for still, moving in (parts, parts[::-1]):
                if still.operation in STILL and _is_potential(program, moving):
                    return _quantity(program, still, -1)
            return None
        if fixed.operation in STILL and _knows(program, other):
            return _quantity(program, fixed)
    return None


def _is_potential(program: Program, value: Value) -> bool:
    """Tell whether a value is the potential itself, as it would be written without a reset."""
    return value.operation == "saturate" and value.detail[2] == program.potential


def _compared(program: Program, operands: list[Value]) -> list[Value]:
    """Return what a comparison is about: of ``v - threshold < 0``, v and the threshold."""
    plain = [
        program.values[value.operands[0]] if value.operation == "left" else value
        for value in operands
    ]
    zeros = [v.operation == "number" and v.detail == 0 for v in plain]
    if any(zeros):
        difference = plain[zeros.index(False)] if not all(zeros) else plain[0]
        if difference.operation == "subtract":
            return [program.values[place] for place in difference.operands]
    return plain


def _knows(program: Program, value: Value) -> bool:
    """Tell whether a value is made of the potential, as a counter of refractory steps is not."""
    waiting, seen = [value.index], set()
    while waiting:
        place = waiting.pop()
        if place not in seen:
            seen.add(place)
            found = program.values[place]
            if found.operation == "state" and found.detail == program.potential:
                return True
            waiting += found.operands
    return False


def _quantity(program: Program, value: Value, sign: int = 1) -> float | None:
    """Return what a constant is on the scale of the potential; None if neurons differ in it."""
    if value.operation == "number":
        integer = value.detail
    else:
        integer = next(c.values for c in program.constants if c.name == value.detail)
    scale = program.state(program.potential).scale
    if np.ndim(integer) or np.ndim(scale.unit) or np.ndim(scale.zero):
        return None
    return float(Scale(value.point, scale.unit, scale.zero).quantity(sign * np.asarray(integer)))
