"""Whether a network's chip fits a board's memories, before any tool has run: an estimate."""

from boards.parts.description import Board
from boards.parts.network import NetworkBuild
from golden.network.interface import SHOWN_STEP_BITS
from golden.network.placement.memories import MemoryNeed, large_blocks, memories, moved, taken
from golden.network.placement.parts import PARTS, BoardPart
from golden.network.placement.report import lacks_multipliers, multipliers
from golden.numbers.fields import BYTE
from hdl.link.network.protocol import value_bits

LARGEST = 6
"""Memories that a refusal names."""


def needs_of(p: NetworkBuild, queue: int, part: BoardPart) -> list[MemoryNeed]:
    """Return the memories of a core and its link, whose own has so many bytes."""
    return [
        *memories(p.chip),
        MemoryNeed("spikes", 2 * p.buffers.spikes, SHOWN_STEP_BITS),
        MemoryNeed("items", p.buffers.items - 1, value_bits(p.chip) + 1),
        *([] if part.link_in_tables else [MemoryNeed("link", queue, BYTE)]),
    ]


def needed_blocks(p: NetworkBuild, queue: int, part: BoardPart) -> dict[str, int]:
    """Return about how many block memories every part of a core and its link takes.

    Parameters
    ----------
    queue : int
        Bytes of the link's memory.
    """
    return taken(needs_of(p, queue, part), part)


def moved_memories(p: NetworkBuild, queue: int, part: BoardPart) -> list[str]:
    """Return the memories that are made of lookup tables, as blocks are too few."""
    return moved(needs_of(p, queue, part), part)


def refuse_large(board: Board, p: NetworkBuild) -> None:
    """Refuse a chip that has more memories or multipliers than a board's part.

    Raises
    ------
    ValueError
        With the largest memories, or how many multipliers.
    """
    part = PARTS[board.name]
    if lacks_multipliers(p.chip, part):
        raise ValueError(
            f"a network must fit {board.title}, with at most {part.multipliers} multipliers, "
            f"not need {multipliers(p.chip)}"
        )
    found = needed_blocks(p, board.queue, part)
    if (total := sum(found.values())) > part.blocks:
        largest = sorted(found.items(), key=lambda entry: -entry[1])[:LARGEST]
        named = ", ".join(f"{name} {number}" for name, number in largest)
        raise ValueError(
            f"a network must fit {board.title}, with at most {part.blocks} block memories, "
            f"not need about {total}: {named}"
        )
    if p.chip.single_port and (total := large_blocks(memories(p.chip))) > part.single_port:
        raise ValueError(
            f"a network must fit {board.title}, with at most {part.single_port} SPRAMs for runs "
            f"and synapses, not need {total}: {p.chip.runs:,} and {p.chip.synapses:,} of them"
        )
