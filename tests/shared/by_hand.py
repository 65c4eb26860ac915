"""What tests by hand are written in: arrays, states, pixels, and what is known of random words."""

import numpy as np
from numpy.typing import NDArray

from golden.dense import homeostasis
from golden.dense.core import Presentation, State
from golden.dense.params import Params

AT = (255, 150, 100, 50)
"""Pixels that spike in step 0, 1, 2 and 3 of `TINY`."""

WORDS = (0x00042021, 0x04080601, 0x9DCCA8C5)
"""What the random register holds after 1, published with xorshift32; upper bytes 0, 4 and 157."""

ALL_ONES_NEXT = 0x1F << 22
"""A register whose next word has its upper ten bits set: 0x1F << 22 and its copy 5 bits higher."""


def ints(*values: int) -> NDArray[np.int64]:
    """Make an int64 array."""
    return np.array(values, dtype=np.int64)


def flags(*values: int) -> NDArray[np.bool_]:
    """Make a bool array from zeros and ones."""
    return np.array(values, dtype=np.bool_)


def network(p: Params, *rows: tuple[int, ...], **changes) -> State:
    """Make a state from one row of weights an axon; the random register holds 1."""
    last = np.zeros(p.n_axons, dtype=np.int64)
    return State(np.array(rows, dtype=np.int64), homeostasis.initial(p), 0, last, 1, 0)._replace(
        **changes
    )


def winners(presentation: Presentation) -> list[int]:
    """List the winner of every step."""
    return [step.winner for step in presentation.steps]


def sweeps(presentation: Presentation) -> list[tuple[int, ...]]:
    """List the sweeps of every step."""
    return [step.sweeps for step in presentation.steps]
