"""Published behaviours of cells: a cell, a current, a step and a time, by name."""

from golden.cells.behaviours.adex import ADEX
from golden.cells.behaviours.behaviour import Behaviour
from golden.cells.behaviours.izhikevich import IZHIKEVICH

BEHAVIOURS = {
    "izhikevich": {b.name: b for b in IZHIKEVICH},
    "adex": {b.name: b for b in ADEX},
}
"""By kind of cell and name."""


def behaviour(cell: str, name: str) -> Behaviour:
    """Return a behaviour of "izhikevich" or "adex".

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    if cell not in BEHAVIOURS:
        raise ValueError(f"cell must be one of {', '.join(BEHAVIOURS)}, not {cell}")
    if name not in BEHAVIOURS[cell]:
        raise ValueError(f"behaviour must be one of {', '.join(BEHAVIOURS[cell])}, not {name}")
    return BEHAVIOURS[cell][name]


__all__ = ["BEHAVIOURS", "Behaviour", "behaviour"]
