"""The parts of six boards, as far as they decide whether a network fits."""

from dataclasses import dataclass, replace

from golden.cells.schedule import ECP5, GOWIN, ICE40HX, UP5K, Fabric


@dataclass(frozen=True, slots=True)
class BoardPart:
    """A board's part."""

    name: str
    fabric: Fabric
    blocks: int
    """Block memories."""
    single_port: int = 0
    """Large memories of one port: runs and synapses lie in them."""
    tables: int = 0
    """Memories of no more words are made of lookup tables."""
    multipliers: int | None = None
    """That take factors of the fabric; None where products are made of anything."""
    shared: int | None = None
    """Of these, how many the products of a kind share; None for one each."""
    interval: int = 1
    """Cycles from neuron to neuron, of kinds with products."""
    serial: bool = False
    """Sources of random spikes take the rounds of their random words one behind the other."""
    queue: int | None = None
    """Places for spikes on their way; None for one for every axon."""
    link_in_tables: bool = False
    """The link's memory is made of lookup tables, however large."""
    cells_in_blocks: bool = False
    """But not the words of cells, which would take nearly all tables that can be memories."""
    moved: int = 0
    """Memories of tables, each of 16 words of 4 bits, that may stand for blocks where these are
    too few."""


PARTS = {
    part.name: part
    for part in (
        # Few blocks, and 24 MHz: a word is read from one block, and chains are long.
        BoardPart(
            "icebreaker",
            replace(UP5K, budget=1200, ports=1, word_cycles=1),
            30,
            single_port=4,
            multipliers=8,
            interval=2,
            serial=True,
            queue=256,
        ),
        # Products are made of lookup tables: one multiplier for all of a kind.
        BoardPart("hx8k", ICE40HX, 32, shared=1, interval=8),
        BoardPart("ulx3s_25f", ECP5, 56, tables=64, multipliers=28, link_in_tables=True),
        # Blocks are what it has least of, registers what it has most of.
        BoardPart(
            "ulx3s_85f",
            replace(ECP5, ports=1),
            208,
            tables=64,
            multipliers=156,
            queue=1024,
            link_in_tables=True,
            moved=4000,
        ),
        BoardPart("tangnano9k", GOWIN, 26, tables=64, cells_in_blocks=True),
        BoardPart("tangnano20k", GOWIN, 46, tables=64),
    )
}


def part_of(board: str) -> BoardPart:
    """Return the part of a board by name.

    Raises
    ------
    ValueError
        If there is no such board.
    """
    if board not in PARTS:
        raise ValueError(f"board must be one of {', '.join(PARTS)}, not {board}")
    return PARTS[board]
