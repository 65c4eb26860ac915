"""A network from options, on the smallest chip that takes it."""

from argparse import Namespace, _ArgumentGroup
from collections.abc import Sequence

from golden.builder.network import Network
from golden.cells.schedule import FABRICS
from golden.command.console import InputError
from golden.command.frame import Parser
from golden.network.placement import Placement, placed
from golden.network.placement.for_part import placed_for
from golden.network.placement.parts import PARTS, part_of
from golden.simulation.asked import refuse_unready
from golden.simulation.named import network_file
from golden.simulation.scripts import NetworkFile, assigned


def add_chip_options(parser: Parser) -> _ArgumentGroup:
    """Add which network it is, and what its chip is made of; return their group."""
    group = parser.add_argument_group("a network of any cells, instead of the dense core")
    group.add_argument("--network", metavar="NAME", help="as of golden.simulate: a name or a file")
    group.add_argument(
        "--fabric",
        choices=list(FABRICS),
        help="family of parts that the network is built for (default: one that takes its factors)",
    )
    group.add_argument("--board", choices=list(PARTS), help="build it for this board's gates")
    return group


def one_family(args: Namespace) -> None:
    """Refuse a family of parts beside a board.

    Raises
    ------
    InputError
        If both are given.
    """
    if args.fabric and args.board:
        raise InputError("--fabric must not be given with --board, which has its own")


def named(network: str, seed: int | None, changes: Sequence[str]) -> tuple[NetworkFile, Network]:
    """Return where a network is from, and the network with its parameters changed.

    Raises
    ------
    ValueError
        If there is none of that name, or it is not all there.
    """
    script = network_file(network)
    given = dict(assigned(script, text) for text in changes)
    net = script.network(script.seed if seed is None else seed, given)
    refuse_unready(script, net)
    return script, net


def smallest(net: Network, fabric: str | None, board: str | None) -> Placement:
    """Build a network for a family of parts or a board, and place it on the smallest chip."""
    if board:
        return placed_for(net.build(board=board).blueprint, part_of(board))
    if fabric:
        family = FABRICS[fabric]
        return placed(net.build(fabric=family).blueprint, fabric=family)
    return placed(net.build().blueprint)
