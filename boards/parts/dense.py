"""The dense core on a board: what it is made for, and its top level."""

from typing import TYPE_CHECKING, Any

from golden.dense.params import Params
from golden.dense.registers import envelope
from golden.training.recipe import all_phases

if TYPE_CHECKING:
    from hdl.link.dense.top import DenseTop


def core_params(preset: str, rule: str, **changes: Any) -> Params:
    """Return what a core for a preset is made for, its registers ready for the first phase.

    Parameters and errors are those of `golden.training.recipe.all_phases`.
    """
    return envelope(all_phases(preset, rule, **changes))


def top(p: Params, preset: str, divisor: int, queue: int) -> "DenseTop":
    """Return the core behind its link; parameters are those of `hdl.link.dense.top.DenseTop`."""
    # Loads Amaranth, which a host of a board does not need.
    from hdl.link.dense.top import DenseTop

    return DenseTop(p, preset, divisor, queue)
