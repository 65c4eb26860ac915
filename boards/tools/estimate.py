"""How many cells of a board a core would take, from what was built before: an estimate.

Cells grow with lanes, as each has its own adder and its own rule, and with the bits of a lane's
weights. Parts of one maker have their own cells and their own cost of a lane; what a bit costs is
taken to be the same in all, because only the builds of one maker differ in it::

    cells = at_rest[maker] + n_lanes * (lane[maker] + bit * weight_bits)

The coefficients are fitted to the budgets, which are builds that were made. All else that a core is
made for (encoder, field, formats, whether memories are shared) is as in the board's own preset: a
core of 16 lanes of 8 bits, with membranes of 20 bits where the Tang Nano 20K's preset has 13, was
packed into 7,359 of its cells, and the estimate is 6,024.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from boards.parts.board import BOARDS
from boards.parts.families import FAMILIES
from boards.tools.budget import BUDGETS, budget
from golden.training.recipe import recipe

MAKERS = sorted({family.tools for family in FAMILIES.values()})
"""The tools tell them apart."""


def estimated_cells(name: str, n_lanes: int, weight_bits: int) -> int | None:
    """Return the cells of a board's core with other lanes and weights, or None if none was built.

    Parameters
    ----------
    name : str
        Of a board; any other name has no estimate.
    n_lanes, weight_bits : int
        Of the core.
    """
    if name not in BOARDS or not budget(name, BUDGETS):
        return None
    return round(float(_terms(BOARDS[name].family, n_lanes, weight_bits) @ _fitted()))


def _terms(family: str, lanes: int, bits: int) -> NDArray[np.float64]:
    """Return what the coefficients are multiplied with."""
    mine = np.array([FAMILIES[family].tools == each for each in MAKERS], float)
    return np.concatenate([mine, lanes * mine, [lanes * bits]])


@lru_cache
def _fitted() -> NDArray[np.floating]:
    """Return the coefficients: at rest and a lane by maker, and a bit."""
    built = [board for name, board in BOARDS.items() if budget(name, BUDGETS)]
    params = [recipe(board.preset, "stdp").params for board in built]
    terms = [_terms(b.family, p.n_lanes, p.weight_bits) for b, p in zip(built, params, strict=True)]
    cells = [budget(board.name, BUDGETS)["cells"] for board in built]
    return np.linalg.lstsq(np.array(terms), np.array(cells), rcond=None)[0]
