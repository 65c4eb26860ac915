"""Normally distributed noise of a cell's own."""

from typing import Any

from golden.cells.trace import Trace
from golden.cells.value import Value

BYTES = 4
WIDTH = 8 * BYTES
MEAN = BYTES * 255 // 2
DEVIATION = (BYTES * (256**2 - 1) / 12) ** 0.5
"""Of the sum of four bytes, which is normal but for its ends at 3.45 deviations."""


def normal(trace: Trace, name: str, deviation: Any) -> Value:
    """Return another number of mean 0 in every step and neuron: one random word, one product.

    ``(b - MEAN) * deviation / DEVIATION``, b the sum of the four bytes of a random word, as noise
    currents of `golden.network.source` are.
    """
    word = trace.random(WIDTH)
    total = word.lowest(8)
    for place in range(8, WIDTH, 8):
        total = total + word.floored(-place).times2(-place).lowest(8)
    swing = trace.constant(f"deviation of {name}", deviation / DEVIATION)
    return (total - trace.number(MEAN)) * swing
