"""Currents over time: what `Network.current` is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from golden.builder.given import numbers, shape, whole
from golden.builder.population import Part
from golden.builder.units import LAST_STEP, milliseconds
from golden.cells.program import Receptor
from golden.network.blueprint import Group
from golden.network.source import NOISE_DEVIATION, NOISE_POINT, Drive


@dataclass(frozen=True, slots=True, eq=False)
class Waveform:
    """A current that changes at given times.

    Parameters
    ----------
    times : sequence of times in ms
        Ascending; before the first one the current is 0.
    levels : array of shape (times,) or (times, neurons)
        From each of them on.
    """

    times: tuple[Fraction, ...]
    levels: np.ndarray

    def __post_init__(self):
        values = numbers(self.levels, "level of a current")
        if not self.times or values.ndim not in {1, 2} or len(values) != len(self.times):
            raise ValueError(
                "a current must have a level for each of its times, not "
                f"{shape(values)} for {len(self.times)}"
            )
        object.__setattr__(self, "levels", values)


def steps(times: Sequence[Any], levels: Any) -> Waveform:
    """Return a current that jumps to a level at each of some times."""
    found = tuple(milliseconds(t, "time of a current") for t in times)
    late = [(a, b) for a, b in zip(times, times[1:], strict=False) if not _before(a, b)]
    if late:
        raise ValueError(
            f"times of a current must ascend, not go from {late[0][0]} to {late[0][1]}"
        )
    return Waveform(found, levels)


def _before(one: Any, other: Any) -> bool:
    return milliseconds(one, "time of a current") < milliseconds(other, "time of a current")


def pulse(amount: Any, start: Any, stop: Any) -> Waveform:
    """Return a current of ``amount`` from ``start`` to ``stop``."""
    level = numbers(amount, "amount of a current")
    return steps([start, stop], np.array([level, np.zeros_like(level)]))


def flowing(amount: Any, start: Any, stop: Any) -> Waveform:
    """Return a waveform as it is, or an amount from ``start`` to ``stop``, None for no end."""
    if isinstance(amount, Waveform):
        if stop is not None or milliseconds(start, "start") != 0:
            raise ValueError("a waveform must say itself when it flows, without start and stop")
        return amount
    if stop is None:
        return steps([start], numbers(amount, "amount of a current")[None])
    return pulse(amount, start, stop)


def pulses(amount: float, start: Any, width: Any, every: Any, n: int) -> Waveform:
    """Return ``n`` pulses, ``every`` so many ms from begin to begin."""
    whole(n, "n of pulses", 1)
    first, long, period = (milliseconds(t, "time of pulses") for t in (start, width, every))
    if not 0 < long < period:
        raise ValueError(f"width of pulses must be above 0 and below {every} ms, not {width}")
    times = [first + k * period + extra for k in range(n) for extra in (Fraction(0), long)]
    return Waveform(tuple(times), np.array([amount, 0.0] * n))


def ramp(first: float, last: float, start: Any, stop: Any, every: Any) -> Waveform:
    """Return a current that grows from ``first`` to ``last`` and ends at ``stop``.

    It changes ``every`` so many ms.
    """
    begin, end, step = (milliseconds(t, "time of a ramp") for t in (start, stop, every))
    if step <= 0 or end <= begin:
        raise ValueError(f"a ramp must end after {start} ms and have steps, not {stop} and {every}")
    n = -(-(end - begin) // step)
    times = [begin + k * step for k in range(n)]
    slope = (last - first) / float(end - begin)
    levels = [first + slope * float(t - begin) for t in times]
    return Waveform((*times, end), np.array([*levels, 0.0]))


@dataclass(frozen=True, slots=True)
class Current:
    """What `Network.current` and `Network.noise` were given."""

    target: tuple[Part, ...]
    waveform: Waveform
    deviation: Any
    receptor: str | None

    def drives(self, dt: float, groups: list[Group], purpose: int) -> list[Drive]:
        """Return it in integers, a drive for each part of its target."""
        found, at = [], 0
        size = sum(part.size for part in self.target)
        when = [round(t / Fraction(dt)) for t in self.waveform.times]
        if when[-1] > LAST_STEP:
            raise ValueError(
                f"a current must change before step {LAST_STEP}, not at "
                f"{float(self.waveform.times[-1]):g} ms"
            )
        if len(set(when)) < len(when):
            raise ValueError(
                f"a current must change once a step of {dt:g} ms at most, not more often"
            )
        for part in self.target:
            group = groups[part.population.number]
            receptor = group.receptor(self.receptor or group.entrance)
            own = slice(at, at + part.size)
            at += part.size
            levels = _levels(self.waveform.levels, size)[:, own]
            found.append(
                Drive(
                    part.population.number,
                    receptor.name,
                    part.first,
                    np.array(when, np.int64),
                    _integers(levels, receptor, group.name),
                    _noise(self.deviation, size, receptor, own),
                    purpose,
                )
            )
        return found


def _levels(levels: np.ndarray, size: int) -> np.ndarray:
    wide = levels[:, None] if levels.ndim == 1 else levels
    if wide.shape[1] not in {1, size}:
        raise ValueError(f"a current must have 1 or {size} values, not {wide.shape[1]}")
    return np.broadcast_to(wide, (len(wide), size))


def _integers(levels: np.ndarray, receptor: Receptor, name: str) -> np.ndarray:
    integers = receptor.scale.integer(levels)
    most = (1 << (receptor.width - 1)) - 1
    if (np.abs(integers) > most).any():
        limit = float(np.min(np.abs(receptor.scale.quantity(most))))
        raise ValueError(
            f"a current into {name} must be at most {limit:g} in magnitude, not "
            f"{levels[np.abs(integers) > most][0]:g}"
        )
    lost = (integers == 0) & (levels != 0)
    # A ramp may pass close to 0; a level that a neuron has from the first change to the last not.
    if (lost | (levels == 0)).all(axis=0)[lost.any(axis=0)].any():
        raise ValueError(
            f"a current into {name} must not round to 0: {levels[lost][0]:g} is less than "
            f"half of {float(np.min(np.abs(receptor.scale.quantity(1)))):g}"
        )
    return integers.astype(np.int32)


def _noise(deviation: Any, size: int, receptor: Receptor, own: slice) -> np.ndarray | None:
    given = numbers(deviation, "deviation of a noise")
    if not given.any():
        return None
    if given.ndim and given.shape != (size,):
        raise ValueError(f"a noise must have 1 or {size} deviations, not {shape(given)}")
    if not (given >= 0).all():
        raise ValueError(f"deviation of a noise must be 0 or more, not {given.min():g}")
    each = np.broadcast_to(given, (size,))[own]
    unit = receptor.scale.quantity(1) * NOISE_DEVIATION / 2**NOISE_POINT
    factors = np.rint(np.minimum(each / unit, 2.0**32)).astype(np.int64)
    if ((factors == 0) & (each > 0)).any() or factors.max(initial=0) >= 1 << 31:
        raise ValueError(
            f"deviation of a noise must be about {float(np.min(unit)):.1g} to "
            f"{float(np.min(unit)) * 2**31:.1g} here, not {each[each > 0][0]:g}"
        )
    return factors.astype(np.int32)
