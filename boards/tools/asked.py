"""What a design asks of synthesis, counted before that runs, and found again in the netlist.

Synthesis has taken products and a memory away and said nothing but a warning. What a design asks
is counted in its RTLIL, which Amaranth makes of the parameters:

============================ ====================================================================
cells that the design names  exactly as many: PLL, and single-port memories (SPRAM)
each memory, by its name     at least as many blocks as in the modes that suit it best, or half of
                             these if it has one lane, as bits that never change go; at most as
                             many as in the mode that suits it least; or, where synthesis prefers
                             lookup tables, at least one of their memories for 16 words of 4 bits;
                             a table that is never written may become logic
multipliers                  at least one for every product of two signals that is wide enough; at
                             most as many as for all products that are, as those with a constant
                             may become adders
============================ ====================================================================

Memories of 64 bits and fewer become flip-flops, which are not counted.
"""

import re
from collections import Counter
from typing import NamedTuple

from boards.parts.families import Family, Multiplier
from boards.tools.size import LaneMemory, least_blocks, most_blocks, small, tables, written

MULTIPLIERS = "multipliers"
CELL = re.compile(r"^  cell \\(\S+) ", re.MULTILINE)
PRODUCT = re.compile(r"^  cell [$]mul .*?^  end$", re.MULTILINE | re.DOTALL)
WIDTH = re.compile(r"parameter \\([ABY])_WIDTH (\d+)")
CONSTANT = re.compile(r"connect \\[AB] \d+'[01]+$", re.MULTILINE)
PIECE = re.compile(r"[.]\d+[.]\d+(_\w+)?$")
"""What synthesis adds to the name of a memory for each of its cells."""


class Wanted(NamedTuple):
    """How many cells there must be."""

    least: int
    most: int
    tables: int = 0
    """Or at least as many memories of lookup tables; 0 if they do not do."""

    def met(self, made: int, of_tables: int) -> bool:
        """Tell whether it is so."""
        return self.least <= made <= self.most or 0 < self.tables <= of_tables

    def __str__(self) -> str:
        """Say it in words."""
        text = f"{self.least}" if self.least == self.most else f"{self.least} to {self.most}"
        return text + (f", or {self.tables} of lookup tables," if self.tables else "")


def asked(il: str, memories: dict[str, LaneMemory], family: Family) -> dict[str, Wanted]:
    """Return how many cells there must be of what: of a memory, of a type, of multipliers.

    Parameters
    ----------
    il : str
        The design in RTLIL.
    memories : dict of str to LaneMemory
        Its memories, by name; see `boards.tools.size.memories`.
    family : Family
        Of the part.
    """
    changing = written(il)
    wanted = {
        name: Wanted(
            _least(memory, family) if name in changing else 0,
            most_blocks(memory, family),
            tables(memory) if family.table else 0,
        )
        for name, memory in memories.items()
        if not small(memory)
    }
    named = Counter(CELL.findall(il))
    wanted |= {kind: Wanted(named[kind], named[kind]) for kind in family.named}
    if family.multiplier:
        wanted[MULTIPLIERS] = _products(il, family.multiplier)
    return wanted


def _least(memory: LaneMemory, family: Family) -> int:
    """Return how many blocks synthesis must leave.

    In a memory of one lane, bits that never change go, such as the sign of a state that is never
    negative: which these are only synthesis knows, but they are not half of them.
    """
    blocks = least_blocks(memory, family)
    return blocks if memory.lanes > 1 else -(-blocks // 2)


def _products(il: str, multiplier: Multiplier) -> Wanted:
    """Return how many multipliers there must be."""
    least = most = 0
    for text in PRODUCT.findall(il):
        width = {name: int(bits) for name, bits in WIDTH.findall(text)}
        if min(width["A"], width["B"]) < multiplier.least or width["Y"] < multiplier.least_result:
            continue
        least += not CONSTANT.search(text)
        most += -(-width["A"] // multiplier.most) * -(-width["B"] // multiplier.most)
    return Wanted(least, most)


def missed(wanted: dict[str, Wanted], cells: dict[str, str], family: Family) -> list[str]:
    """Say in a line each what is not in a netlist as it is wanted.

    Parameters
    ----------
    wanted : dict of str to Wanted
        As of `asked`.
    cells : dict of str to str
        Types of the netlist's cells, by their names.
    family : Family
        Of the part.
    """
    made, of_tables = Counter(), Counter()
    for name, kind in cells.items():
        if kind in family.named:
            made[kind] += 1
        elif kind in family.blocks:
            made[PIECE.sub("", name)] += 1
        elif kind == family.table:
            of_tables[PIECE.sub("", name)] += 1
        elif family.multiplier and kind in family.multiplier.cells:
            made[MULTIPLIERS] += 1
    return [
        f"{name} must be {counts} in the netlist, not {made[name] or of_tables[name]}"
        for name, counts in wanted.items()
        if not counts.met(made[name], of_tables[name])
    ]
