"""What is recorded while a network runs, and how a model hands it over."""

from dataclasses import dataclass, field

import numpy as np

from golden.numbers.formats import Array


@dataclass(frozen=True, slots=True)
class Tap:
    """A state variable of some neurons, every so many steps."""

    group: int
    variable: str
    neurons: Array
    """Within the group."""
    every: int = 1
    """It is read after each step t with ``t % every == 0``."""


@dataclass(slots=True)
class Chunk:
    """What happened in some steps."""

    steps: int
    """How many."""
    spike_steps: Array
    spike_neurons: Array
    """Numbers in the whole network; ascending within a step."""
    samples: list[Array] = field(default_factory=list)
    """Of every tap, shape (samples, neurons)."""


def due(first: int, steps: int, every: int) -> Array:
    """Return which of the steps ``first`` to ``first + steps - 1`` a tap reads."""
    return np.arange(first + -first % every, first + steps, every)
