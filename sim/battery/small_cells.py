"""Cells so small that many cores can be made of them: narrow words, all that a kind may have."""

from dataclasses import dataclass
from typing import Any

from golden.cells.cell import Cell
from golden.cells.trace import Trace
from golden.cells.value import select


@dataclass(frozen=True)
class Bucket(Cell):
    """Adds up what arrives; spikes at ``threshold`` and is empty then."""

    threshold: Any = 40
    bits: int = 8

    def step(self, trace: Trace) -> None:
        """Add, compare, reset."""
        v = trace.state("v", self.bits, 0, 0) + trace.receptor("current", self.bits, 0)
        threshold = trace.constant("threshold", self.threshold, 0)
        fired = v >= threshold
        trace.write("v", select(fired, trace.number(0), v))
        trace.spike(fired, v - threshold)


@dataclass(frozen=True)
class Noisy(Cell):
    """Leaks, has two receptors and a random threshold, and rests for a step after a spike."""

    rate: Any = 0.25
    threshold: Any = 12
    bits: int = 9

    def step(self, trace: Trace) -> None:
        """Leak, add, compare with a random threshold, reset, rest."""
        v = trace.state("v", self.bits, 2, 0)
        rest = trace.state("rest", 2, 0, 0)
        drive = trace.receptor("plus", self.bits, 2) - trace.receptor("minus", self.bits - 1, 2)
        rate = trace.constant("rate", self.rate, 7)
        moved = v + drive - (rate * v).rounded(4)
        threshold = trace.constant("threshold", self.threshold, 2)
        free = rest <= trace.number(0)
        fired = free & (moved >= threshold + trace.random(4))
        trace.write("v", select(fired, trace.number(-8, 2), select(free, moved, v)))
        trace.write("rest", select(fired, trace.number(1), trace.number(0)))
        trace.spike(fired, moved)


@dataclass(frozen=True)
class Dice(Cell):
    """Has no state: it spikes if a random number of 8 bits is below ``threshold``."""

    threshold: Any = 60

    def step(self, trace: Trace) -> None:
        """Compare."""
        fired = trace.random(8) < trace.constant("threshold", self.threshold, 0)
        trace.spike(fired, trace.number(0))
