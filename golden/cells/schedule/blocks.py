"""Block memories of a family of parts, and how a wide memory is cut into columns of bits.

A block is used in one of some *modes*, so many words of so many bits. One of the ECP5 holds 18,432
bits in its wide modes and 16,384 in the others, and a memory of 80,000 words of 13 bits takes 79
blocks as a whole, but 40 for 9 of its bits and 20 for the other 4.
"""

from functools import cache

Modes = tuple[tuple[int, int], ...]
"""Words and bits of one block."""
SMALL: Modes = ((256, 16), (512, 8), (1024, 4), (2048, 2))
LARGE: Modes = ((512, 36), (1024, 18), (2048, 9), (4096, 4), (8192, 2), (16384, 1))
SINGLE_PORT: Modes = ((16384, 16),)


def blocks(words: int, width: int, modes: Modes) -> int:
    """Return how many blocks hold so many words, in the mode that takes the fewest."""
    return min(-(-words // depth) * -(-width // bits) for depth, bits in modes)


@cache
def columns(words: int, width: int, modes: Modes) -> tuple[int, ...]:
    """Return the bits of memories side by side that take the fewest blocks for words together.

    The lowest bits come first; one memory if that takes no more, or if there are no modes.
    """
    whole = (width,)
    if not modes:
        return whole
    best: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    for bits in range(1, width + 1):
        cuts: list[tuple[int, tuple[int, ...]]] = [(blocks(words, bits, modes), (bits,))]
        for last in range(1, bits):
            total, before = best[bits - last]
            cuts.append((total + blocks(words, last, modes), (*before, last)))
        best.append(min(cuts, key=lambda cut: (cut[0], len(cut[1]))))
    return best[width][1]


def cut_blocks(words: int, width: int, modes: Modes) -> int:
    """Return how many blocks hold so many words if they are cut into `columns`."""
    return sum(blocks(words, bits, modes) for bits in columns(words, width, modes))
