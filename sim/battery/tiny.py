"""Cells so small that a person can run them, with words so narrow that they saturate."""

from dataclasses import dataclass
from typing import Any

from golden.cells.cell import Cell
from golden.cells.trace import Trace
from golden.cells.value import select


@dataclass(frozen=True)
class Adder(Cell):
    """Adds up what arrives, in whole numbers; spikes at ``threshold``, and starts again at 0."""

    threshold: Any = 100
    v: Any = 0
    bits: int = 16

    def step(self, trace: Trace) -> None:
        """Add, compare, reset."""
        v = trace.state("v", self.bits, 0, self.v)
        v = v + trace.receptor("current", self.bits, 0)
        threshold = trace.constant("threshold", self.threshold, 0)
        fired = v >= threshold
        trace.write("v", select(fired, trace.number(0), v))
        trace.spike(fired, v - threshold)


@dataclass(frozen=True)
class Holder(Cell):
    """Has a receptor that lasts: g halves in every step, and v is what it was before it did."""

    bits: int = 12

    def step(self, trace: Trace) -> None:
        """Take in what arrives, use it, let it decay."""
        trace.state("v", self.bits + 1, 0, 0)
        g = trace.state("g", self.bits, 0, 0)
        x = g + trace.receptor("current", self.bits, 0)
        trace.write("v", x)
        trace.write("g", x.times2(-1))
        trace.spike(x >= trace.number(1 << (self.bits - 2)), x)


@dataclass(frozen=True)
class Seeping(Cell):
    """Leaks, with two receptors, noise of its own, and a refractory step, in ``bits`` bits."""

    rate: Any = 0.25
    threshold: Any = 20
    noise: int = 3
    bits: int = 8

    def step(self, trace: Trace) -> None:
        """Leak, add, compare with a random threshold, reset, and wait a step."""
        v = trace.state("v", self.bits, 2, 0)
        wait = trace.state("wait", 2, 0, 0)
        drive = trace.receptor("current", self.bits, 2) - trace.receptor("shunt", self.bits, 2)
        rate = trace.constant("rate", self.rate)
        moved = v + drive - (rate * v).rounded(4)
        threshold = trace.constant("threshold", self.threshold, 2)
        free = wait <= trace.number(0)
        fired = free & (moved >= threshold + trace.random(self.noise))
        trace.write("v", select(fired, trace.number(-8, 2), select(free, moved, v)))
        trace.write("wait", select(fired, trace.number(1), trace.number(0)))
        trace.spike(fired, moved)


@dataclass(frozen=True)
class Dice(Cell):
    """Has no state and hears nobody: it spikes if a random number of 8 bits is small."""

    threshold: Any = 60

    def step(self, trace: Trace) -> None:
        """Compare."""
        fired = trace.random(8) < trace.constant("threshold", self.threshold, 0)
        trace.spike(fired, trace.number(0))
