"""What is said of a cell: the error of its step beside the error of its integers."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from golden.study.cells.compare import apart


@dataclass(frozen=True, slots=True)
class Row:
    """A cell with an input: spikes, and how far apart they are on the mean, in ms.

    `step_ms` is between the equation, solved to 1e-9, and float64 with the cell's step and order;
    `integer_ms` between that and the integers. Empty is what does not exist: a cell that is
    defined by its step has no other solution.
    """

    cell: str
    case: str
    dt_ms: float
    spikes_exact: int | None
    spikes_float: int
    spikes_integer: int
    step_ms: float | None
    integer_ms: float

    def cells(self) -> dict[str, Any]:
        """Return it as the cells of a table, times to a µs."""
        found = {k: "" if v is None else v for k, v in asdict(self).items()}
        for name in ("step_ms", "integer_ms"):
            if found[name] != "":
                found[name] = f"{found[name]:.3f}"
        return found


COLUMNS = tuple(Row.__dataclass_fields__)


def row(
    cell: str, case: str, dt: float, exact: ArrayLike | None, floats: ArrayLike, integers: ArrayLike
) -> Row:
    """Return a row.

    Parameters
    ----------
    exact : times in ms, or None
    floats, integers : arrays of steps
        Step t ends at ``(t + 1) dt``.
    """
    stepped, ours = ((np.asarray(x) + 1) * dt for x in (floats, integers))
    return Row(
        cell,
        case,
        dt,
        None if exact is None else len(np.asarray(exact)),
        len(stepped),
        len(ours),
        None if exact is None else apart(stepped, np.asarray(exact)),
        apart(ours, stepped),
    )
