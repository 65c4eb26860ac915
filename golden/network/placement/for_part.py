"""A network on a chip that is made for it, of a board's part."""

from dataclasses import replace

from golden.network.blueprint import Blueprint
from golden.network.chip import Kind
from golden.network.placement.parts import BoardPart
from golden.network.placement.placement import Placement
from golden.network.placement.sizing import placed
from golden.numbers.hash import ROUNDS


def placed_for(blueprint: Blueprint, part: BoardPart) -> Placement:
    """Place a network, built for the part's fabric, on a chip that is made for it.

    Raises
    ------
    ValueError
        If no core can do it.
    """
    laid = placed(blueprint, fabric=part.fabric, queue=part.queue)
    kinds = tuple(_paced(kind, part) for kind in laid.chip.kinds)
    chip = replace(laid.chip, kinds=kinds, single_port=part.single_port > 0)
    return replace(laid, chip=chip)


def _paced(kind: Kind, part: BoardPart) -> Kind:
    """Return a kind whose neurons enter as the part has them."""
    if any(v.operation == "multiply" for v in kind.program.values):
        return replace(kind, interval=part.interval, multipliers=part.shared)
    if part.serial and kind.random and not kind.program.states:
        return replace(kind, interval=ROUNDS + 1, serial=True)
    return kind
