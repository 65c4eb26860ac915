"""What is known of a board before anything is built: its part, its core, its clock and its line."""

from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from golden.training.recipe import BOTH
from hdl.link.protocol import LEAST_DIVISOR, borne

MOST_BAUD_ERROR = 0.02
"""Of the rate that the divisor gives, and at most half of what a receiver bears at that divisor:
the other half is the far end's."""


@dataclass(frozen=True, kw_only=True)
class Board:
    """One board with one core; a variant is ``dataclasses.replace(board, ...)``.

    Raises
    ------
    ValueError
        If the clock cannot make the line's rate.
    """

    name: str
    title: str
    """What is printed on it."""
    family: str
    """A name of `boards.parts.families`."""
    platform: str
    """``module:class`` of the pins; imported when a bitstream is made and not before."""
    part: str
    """Options of place and route that name the part."""
    route: str = ""
    """More options of place and route."""
    pack: str = ""
    """Options of the packer that name the part."""
    seeds: int = 2
    """Of place and route: enough that one of them meets the clock."""
    clock_in_hz: int
    """Of the board's oscillator."""
    clock_hz: int
    """Of the core, one that the part's PLL makes, to 1 Hz."""
    baud: int
    other_baud: int = 0
    """The rate of clocks that cannot make that one; 0 if there is none."""
    core: str = "dense"
    """A module of `boards.parts` that makes it."""
    preset: str
    rule: str = BOTH
    """One of `golden.training.recipe.RULES`, or its `BOTH`."""
    queue: int = 512
    """Bytes of requests that the link holds."""
    cells: int
    """Lookup tables (with their flip-flops) of the part."""
    memories: int
    """Block memories of the part."""

    def __post_init__(self):
        most = min(MOST_BAUD_ERROR, min(borne(self.divisor)) / 2)
        if abs(self.baud_error) >= most:
            raise ValueError(
                f"clock must make {self.baud} baud to {100 * most:.3g} %, "
                f"not to {100 * abs(self.baud_error):.1f} % from {self.clock_hz / 1e6:g} MHz"
            )

    @property
    def divisor(self) -> int:
        """Clock cycles of a bit on the line."""
        return max(LEAST_DIVISOR, round(self.clock_hz / self.baud))

    @property
    def baud_error(self) -> float:
        """How far the line's rate is from `baud`, relative to it."""
        return self.clock_hz / self.divisor / self.baud - 1

    def clocked(self, clock_hz: int) -> "Board":
        """Return it with another clock and, if that cannot make its rate, the other one.

        Raises
        ------
        ValueError
            If the clock can make neither.
        """
        try:
            return replace(self, clock_hz=clock_hz)
        except ValueError:
            if not self.other_baud:
                raise
            return replace(self, clock_hz=clock_hz, baud=self.other_baud)

    @property
    def made_by(self) -> Any:
        """The module of its core, as `boards.parts.dense`: ``core_params`` and ``top``."""
        return import_module(f"boards.parts.{self.core}")

    def params(self, **changes: Any) -> Any:
        """Return what the core is made for: all phases of the preset's recipe for the rule.

        Parameters
        ----------
        changes
            Of the recipe, as for `golden.training.recipe.recipe`.

        Raises
        ------
        ValueError, TypeError
            If it is impossible.
        """
        return self.made_by.core_params(self.preset, self.rule, **changes)
