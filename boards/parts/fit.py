"""Whether a network's chip fits a board's memories, before any tool has run: an estimate."""

from collections import Counter

from boards.parts.description import Board
from boards.parts.network import NetworkBuild
from golden.network.interface import SHOWN_STEP_BITS, Region
from golden.network.placement.parts import PARTS, SINGLE_PORT, BoardPart, blocks
from golden.network.placement.report import MemoryNeed, memories, multipliers, of_blocks
from golden.numbers.fields import BYTE
from hdl.link.network.protocol import value_bits

LARGEST = 6
"""Memories that a refusal names."""
ON_ONE_PORT = (Region.RUNS.name.lower(), Region.SYNAPSES.name.lower())


def needed_blocks(p: NetworkBuild, queue: int, part: BoardPart) -> dict[str, int]:
    """Return about how many block memories every part of a core and its link takes.

    Parameters
    ----------
    queue : int
        Bytes of the link's memory.
    """
    chip, found = p.chip, Counter[str]()
    own = [
        MemoryNeed("spikes", 2 * p.buffers.spikes, SHOWN_STEP_BITS),
        MemoryNeed("items", p.buffers.items - 1, value_bits(chip) + 1),
        MemoryNeed("link", queue, BYTE),
    ]
    for need in (*memories(chip), *own):
        alone = chip.single_port and need.name in ON_ONE_PORT
        if of_blocks(need, part) and not alone:
            found[need.name] += need.copies * blocks(need.words, need.width, part.modes)
    return dict(found)


def large_blocks(p: NetworkBuild) -> int:
    """Return how many memories with one port runs and synapses take."""
    large = [need for need in memories(p.chip) if need.name in ON_ONE_PORT]
    return sum(blocks(need.words, need.width, SINGLE_PORT) for need in large)


def refuse_large(board: Board, p: NetworkBuild) -> None:
    """Refuse a chip that has more memories or multipliers than a board's part.

    Raises
    ------
    ValueError
        With the largest memories, or how many multipliers.
    """
    part = PARTS[board.name]
    if part.multipliers is not None and (products := multipliers(p.chip)) > part.multipliers:
        raise ValueError(
            f"a network must fit {board.title}, with at most {part.multipliers} multipliers, "
            f"not need {products}"
        )
    found = needed_blocks(p, board.queue, part)
    if (total := sum(found.values())) > part.blocks:
        largest = sorted(found.items(), key=lambda entry: -entry[1])[:LARGEST]
        named = ", ".join(f"{name} {number}" for name, number in largest)
        raise ValueError(
            f"a network must fit {board.title}, with at most {part.blocks} block memories, "
            f"not need about {total}: {named}"
        )
    if p.chip.single_port and (total := large_blocks(p)) > part.single_port:
        raise ValueError(
            f"a network must fit {board.title}, with at most {part.single_port} SPRAMs for runs "
            f"and synapses, not need {total}: {p.chip.runs:,} and {p.chip.synapses:,} of them"
        )
