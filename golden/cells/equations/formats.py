"""Formats: how many bits each variable has, from its range and from how slowly it moves.

A variable has `WIDTH` bits over its range, and another one for every halving of the rate at which
it moves at its start (up to `SLOWEST`): a change of ``k x`` in a step is lost below half a bit, so
a slow variable needs finer ones. Ranges that are not given come from a float dry run.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import mpmath
import numpy as np
import sympy

from golden.cells.equations.constants import Constants, curve
from golden.cells.equations.dynamics import Dynamics
from golden.cells.equations.floats import Floats, FloatStep, function
from golden.cells.equations.integrate import Update
from golden.cells.equations.parse import Expr, symbol

WIDTH = 18
SLOWEST = 10
WIDEST_STATE = 30
PULSE = 20
"""ms that an input stays low, then high, in the fourth of the dry run's courses."""
COURSES = 4
BEYOND = 1e12
"""In base units: where a dry run has diverged."""

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Format:
    """The word of a variable or input, in base units."""

    low: float
    high: float
    width: int
    """Bits, two's complement."""
    point: int
    source: str
    """Of the range: "given", "dry run" or "target"."""

    @property
    def ends(self) -> tuple[int, int]:
        """Integers at the ends of the range."""
        low, high = (int(np.rint(np.ldexp(x, self.point))) for x in (self.low, self.high))
        return low, high


def fitted(low: float, high: float, width: int, source: str) -> Format:
    """Return the finest format of a width that holds a range."""
    point = width - int(np.frexp(max(abs(low), abs(high)))[1])
    while np.rint(np.ldexp(high, point)) >= 2 ** (width - 1) or np.rint(np.ldexp(low, point)) < -(
        2 ** (width - 1)
    ):
        point -= 1
    return Format(low, high, width, point, source)


def ranges(
    dynamics: Dynamics,
    updates: tuple[Update, ...],
    constants: Constants,
    given: Mapping[str, Range],
    found: Mapping[str, Range],
    start: Mapping[str, np.ndarray],
) -> dict[str, tuple[Range, str]]:
    """Return the range of every variable, and where it comes from."""
    whole = {name: (ends, "given") for name, ends in given.items()}
    for name, ends in found.items():
        whole.setdefault(name, (ends, "dry run"))
    follow = bounded(dynamics, updates, constants) - set(given)
    for update in updates:
        name = update.variable.name
        if update.target is not None and name in follow:
            (mover,) = update.target.free_symbols & dynamics.moving
            ends = _reached(constants.shared(update.target), mover, whole[mover.name][0])
            at = start[name]
            low, high = min(ends[0], float(at.min())), max(ends[1], float(at.max()))
            whole[name] = _outward(low, high, 0.0, 5), "target"
    return whole


def bounded(dynamics: Dynamics, updates: tuple[Update, ...], constants: Constants) -> set[str]:
    """Return the variables that stay between the ends of what they go to.

    They follow a function of another variable, and nothing else changes them.
    """
    changed = {*dynamics.receptors, *(name for name, _ in dynamics.reset)}
    return {
        x.variable.name
        for x in updates
        if x.target is not None
        and x.target.free_symbols & dynamics.moving
        and constants.are_shared(x.target)
        and x.variable.name not in changed
    }


def _reached(target: Expr, mover: sympy.Symbol, over: Range) -> Range:
    value = curve(target, mover)
    places = [sympy.Rational(float(x)) for x in np.linspace(*over, 257)]
    seen = [float(x) for x in map(value, places) if x is not None]
    if not seen:
        raise ValueError(f"{target} must be a finite number over the range of {mover}")
    return min(seen), max(seen)


def dry_run(
    step: FloatStep,
    start: Mapping[str, np.ndarray],
    given: Mapping[str, Range],
    steps: int,
    dt: float,
) -> dict[str, Range]:
    """Return how far variables go in float64, widened by an eighth on both sides.

    Inputs, and variables that are receptors, follow `COURSES`: the low, the middle and the high end
    of their ranges, and pulses between the ends.

    Raises
    ------
    ValueError
        If a variable does not stay finite.
    """
    dynamics = step.dynamics
    arrays = [x for x in (*step.numbers, *start.values()) if x.ndim]
    shape = (COURSES, len(arrays[0]) if arrays else 1)
    names = [x.name for x in dynamics.variables]
    now = {name: np.broadcast_to(start[name], shape) for name in names}
    low = {name: x.copy() for name, x in now.items()}
    high = {name: x.copy() for name, x in now.items()}
    left = np.zeros(shape, np.int64)
    with np.errstate(all="ignore"):
        for t in range(steps):
            for name in (*dynamics.inputs, *dynamics.receptors):
                now[name] = np.broadcast_to(_courses(given[name], t * dt)[:, None], shape)
            now, left, _ = step.step(now, left)
            for name in names:
                low[name] = np.minimum(low[name], now[name])
                high[name] = np.maximum(high[name], now[name])
    found = {}
    for name in names:
        ends = float(np.min(low[name])), float(np.max(high[name]))
        if not np.isfinite(ends).all() or max(map(abs, ends)) > BEYOND:
            raise ValueError(f"range of {name} must be given: in a dry run it does not stay finite")
        found[name] = _outward(*ends, 0.125, 3)
    return found


def _courses(over: Range, time: float) -> Floats:
    low, high = over
    return np.array([low, (low + high) / 2, high, high if time % (2 * PULSE) >= PULSE else low])


def _outward(low: float, high: float, margin: float, bits: int) -> Range:
    """Widen a range, to multiples of its size by ``2**bits``: a power of two."""
    span = (high - low) or abs(high) or 1.0
    grain = float(np.ldexp(1.0, int(np.frexp(span)[1]) - bits))
    return (
        float(np.floor((low - margin * span) / grain) * grain),
        float(np.ceil((high + margin * span) / grain) * grain),
    )


def width(update: Update, constants: Constants, start: Mapping[str, np.ndarray]) -> int:
    """Return the bits of a variable from how fast it moves at its start."""
    slope = sympy.diff(update.increment, update.variable.symbol)
    names = sorted(constants.values, key=str)
    call = function(slope, [*(symbol(name) for name in start), *names])
    with np.errstate(all="ignore"):
        rate = np.max(np.abs(call(*start.values(), *(constants.values[x] for x in names))))
    if not np.isfinite(rate):
        return WIDTH
    slow = -int(mpmath.frexp(rate)[1]) if rate else SLOWEST
    return min(WIDTH + min(max(slow, 0), SLOWEST), WIDEST_STATE)
