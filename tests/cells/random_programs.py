"""Random programs: all operations, on states and arrivals that reach the ends of their ranges."""

import random
from collections.abc import Callable

import numpy as np

from golden.cells.program import Program
from golden.cells.trace import Trace
from golden.cells.units import exponential, interpolated, power2
from golden.cells.value import Value, maximum, minimum, select
from golden.numbers.formats import Array

NEURONS = 70
"""A block and a part of one."""
WIDE = 44
"""Bits beyond which a value is cut before it is used again."""


class Maker:
    """Makes one program out of a seed: ``size`` operations, the first ones of any larger size."""

    def __init__(self, seed: int, size: int):
        self.dice, self.size = random.Random(seed), size
        self.numbers = np.random.default_rng(seed)
        self.trace = Trace(1.0, self.dice.choice([16, 18]))
        self.values: list[Value] = []
        self.conditions: list[Value] = []
        self.operations: dict[str, Callable[[], Value | None]] = {
            name[1:]: getattr(self, name)
            for name in sorted(dir(self))
            if name.startswith("_") and not name.startswith("__")
        }

    def integers(self, low: int, high: int) -> Array:
        """Return a number for each neuron, often an end."""
        found = self.numbers.integers(low, high, NEURONS, endpoint=True)
        ends = self.numbers.random(NEURONS) < 0.3
        found[ends] = self.numbers.choice([low, high], int(ends.sum()))
        return found

    def take(self, width: int = WIDE) -> Value:
        """Return a value of at most so many bits."""
        recent = self.dice.random() < 0.6
        value = self.dice.choice(self.values[-6:] if recent else self.values)
        if value.width <= width:
            return value
        if self.dice.random() < 0.5:
            return value.fitted(width)
        return value.rounded(value.point - (value.width - width)).fitted(width)

    def near(self) -> tuple[Value, Value]:
        """Return two values whose points are not far from each other."""
        a, b = self.take(), self.take()
        if max(a.width, b.width) + abs(a.point - b.point) > WIDE:
            a, b = a.fitted(14), b.fitted(14)
            b = b.times2(b.point - a.point + self.dice.randrange(-6, 6))
        return a, b

    def program(self) -> Program:
        """Make it."""
        dice, trace = self.dice, self.trace
        shapes = [(f"s{i}", dice.randrange(2, 31), dice.randrange(-3, 22)) for i in range(4)]
        states = {}
        for name, width, point in shapes:
            start = self.integers(-(1 << (width - 1)), (1 << (width - 1)) - 1)
            states[name] = trace.state(name, width, point, start * 2.0**-point)
        self.values += [
            *states.values(),
            trace.receptor("r", dice.randrange(4, 33), dice.randrange(0, 16)),
        ]
        for i, shape in enumerate([(), NEURONS, NEURONS]):
            reals = self.numbers.choice([-1, 1], shape) * self.numbers.uniform(0.01, 1, shape)
            reals = reals * 2.0 ** dice.randrange(-9, 9)
            self.values.append(trace.constant(f"c{i}", reals))
        self.conditions.append(self.values[0] < self.values[1])
        names = list(self.operations)
        for _ in range(self.size):
            made = self.operations[dice.choice(names)]()
            if made is not None:
                self.values.append(made)
        for name, _, point in shapes:
            value = self.take(36)
            shift = dice.randrange(-4, 8)
            trace.write(name, value.times2(value.point - point - shift) + states[name])
        trace.spike(self.conditions[-1], self.take(30))
        return trace.program()

    def _add(self) -> Value:
        a, b = self.near()
        return a + b

    def _subtract(self) -> Value:
        a, b = self.near()
        return a - b

    def _multiply(self) -> Value:
        bits = self.trace.operand_bits
        a = self.take(bits)
        return a * (a if self.dice.random() < 0.3 else self.take(bits))

    def _factor(self) -> Value:
        return self.take().factor()

    def _round(self) -> Value:
        a = self.take()
        return a.rounded(a.point - self.dice.randrange(-4, 14))

    def _floor(self) -> Value:
        a = self.take()
        return a.floored(a.point - self.dice.randrange(-4, 14))

    def _times2(self) -> Value:
        return self.take().times2(self.dice.randrange(-8, 8))

    def _clip(self) -> Value:
        ends = sorted(self.dice.randrange(-(1 << 18), 1 << 18) for _ in range(2))
        return self.take().clipped(*ends)

    def _within(self) -> Value:
        a = self.take(20)
        square = a.fitted(12) * a.fitted(12)
        return (square + self.trace.number(7, square.point)).within(7, 1 << 23)

    def _minimum(self) -> Value:
        return minimum(*self.near())

    def _maximum(self) -> Value:
        return maximum(*self.near())

    def _select(self) -> Value:
        return select(self.dice.choice(self.conditions), *self.near())

    def _compare(self) -> None:
        a, b = self.near()
        self.conditions.append(self.dice.choice([a < b, a > b, a <= b, a >= b]))

    def _logic(self) -> None:
        p, q = (self.dice.choice(self.conditions) for _ in range(2))
        self.conditions.append(self.dice.choice([p & q, p | q, ~p]))

    def _random(self) -> Value:
        return self.trace.random(self.dice.randrange(1, 33))

    def _shift(self) -> Value:
        return self.take().shifted(self.take(20).lowest(self.dice.randrange(1, 7)).clipped(0, 62))

    def _low(self) -> Value:
        return self.take().lowest(self.dice.randrange(1, 33))

    def _table(self) -> Value:
        bits = self.dice.randrange(1, 8)
        size = self.dice.randrange(2, 31)
        table = tuple(self.numbers.integers(-(1 << size), 1 << size, 1 << bits).tolist())
        return self.take().lowest(bits).look_up(table, self.dice.randrange(0, 12))

    def _interpolated(self) -> Value:
        bits = self.dice.randrange(1, 6)
        table = tuple(self.numbers.integers(-16000, 16000, (1 << bits) + 1).tolist())
        low, shift = self.dice.randrange(-9, 9), self.dice.randrange(0, 12)
        return interpolated(self.take(20), table, self.dice.randrange(0, 12), low, shift)

    def _power2(self) -> Value:
        x = self.take(20)
        point, top = self.dice.randrange(0, 12), self.dice.randrange(1, 10)
        return power2(x.times2(x.point - self.dice.randrange(0, 16)), point, top, 8)

    def _exponential(self) -> Value:
        x = self.take(20)
        return exponential(x.times2(x.point - self.dice.randrange(4, 16)), 9, 8, 16)


def random_program(seed: int, size: int) -> tuple[Program, Array]:
    """Return a program of about ``size`` operations, and arrivals of four steps."""
    program = Maker(seed, size).program()
    numbers = np.random.default_rng([seed, 1])
    wide = numbers.integers(-(1 << 31), 1 << 31, (4, NEURONS))
    return program, wide >> numbers.integers(0, 28, (4, NEURONS))
