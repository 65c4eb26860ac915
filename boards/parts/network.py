"""The network core on a board: what it is made for, and its top level."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from golden.builder.network import Network
from golden.network.chip import Chip
from golden.network.placement import Placement, placed
from golden.network.placement.for_part import placed_for
from golden.network.placement.parts import BoardPart
from golden.simulation.scripts import found
from hdl.link.network.protocol import Buffers

if TYPE_CHECKING:
    from hdl.link.network.top import NetworkTop

NAME = 16
"""Characters of a name that HELLO tells."""


class NetworkBuild(NamedTuple):
    """What a network core with its link is made for."""

    chip: Chip
    buffers: Buffers


@dataclass(frozen=True, kw_only=True)
class ChipPlan:
    """A board's network chip before it is made: what it takes of the part, and its own kinds.

    The kinds of the board's own chip are those of a network by name, which fits it.
    """

    network: str
    """A name of `golden.examples`."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Of the parameters of its function ``network``."""
    part: BoardPart
    clock_hz: int
    buffers: Buffers = field(default_factory=Buffers)

    def own(self) -> Chip:
        """Return the board's own chip."""
        script = found(self.network)
        net = script.network(script.seed, self.changes)
        return self.placement(net).chip

    def placement(self, net: Network) -> Placement:
        """Place a network on a chip that is made for it.

        Raises
        ------
        ValueError
            If no core can do it.
        """
        return placed_for(net.build(board=self.part.name).blueprint, self.part)

    def home(self, net: Network) -> Placement | None:
        """Place a network on the board's own chip; None if it does not fit that."""
        chip = self.own()
        try:
            return placed(net.build(chip=chip).blueprint, chip)
        except ValueError:
            return None


def home_of(plan: ChipPlan, board: str, net: Network, name: str) -> tuple[str, Placement]:
    """Place a network on a board's own chip if it fits that, else on one that is made for it.

    Parameters
    ----------
    board, name : str
        Names of the two chips.

    Returns
    -------
    name : str
        Of the chip that is taken.
    placement : Placement

    Raises
    ------
    ValueError
        If no core can do it.
    """
    if at_home := plan.home(net):
        return short(board), at_home
    return short(name), plan.placement(net)


def short(name: str) -> str:
    """Return a name as HELLO tells it: some characters of ASCII."""
    plain = "".join(c if c.isascii() and c.isprintable() else "_" for c in name)
    return plain[:NAME]


def top(p: NetworkBuild, preset: str, divisor: int, queue: int) -> "NetworkTop":
    """Return the core behind its link; parameters as of `hdl.link.network.top.NetworkTop`."""
    # Loads Amaranth, which a host of a board does not need.
    from hdl.link.network.top import NetworkTop

    return NetworkTop(p.chip, preset, divisor, p.buffers, queue)
