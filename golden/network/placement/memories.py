"""The memories of a chip, and of what a part makes them: block memories, or lookup tables."""

from dataclasses import replace
from typing import NamedTuple

from golden.cells.program import Program
from golden.cells.schedule.blocks import SINGLE_PORT, blocks, cut_blocks
from golden.network.chip import DUE_BITS, Chip, Kind
from golden.network.interface import DATA_BITS, Region, added, extents
from golden.network.placement.parts import BoardPart
from golden.network.rules.interface import regions
from golden.network.rules.learner import LearningUnit
from golden.numbers.formats import index_bits
from golden.numbers.hash import DROPPED, ROUNDS, WORD_BITS

FEW_BITS = 64
"""A memory with no more becomes flip-flops."""
CUT = Region.RUNS, Region.SYNAPSES
ON_ONE_PORT = frozenset(region.name.lower() for region in CUT)
"""Where a part has memories with one port, these lie in them."""
TABLE = (16, 4)
"""Words and bits of a memory of lookup tables."""
MOVED = "counts", "fired", "post_lasts", "row_runs", "row_synapses"
"""Memories that may be made of lookup tables, beside the words of cells: nobody works at once on
what they show, as the walk does on the queue."""


class MemoryNeed(NamedTuple):
    """A memory of a chip."""

    name: str
    words: int
    width: int
    copies: int = 1
    """Of a word that a pipeline reads twice."""
    of_cells: bool = False
    """It is a word of cells."""
    cut: bool = False
    """It is cut into columns (`golden.cells.schedule.blocks`)."""

    @property
    def bits(self) -> int:
        """Of all its words."""
        return self.words * self.width * self.copies


def memories(chip: Chip) -> list[MemoryNeed]:
    """Return all memories of a chip, in the order of their regions; tables of cells last."""
    sizes = extents(chip)
    found = [
        MemoryNeed(region.name.lower(), *sizes[region], cut=region in CUT)
        for region in Region
        if region != Region.REGISTERS
    ]
    if chip.single_port:
        found = _with_rows(chip, found)
    for kind in chip.kinds:
        copies = _copies(chip, kind)
        for word, source in zip(kind.words, _sources(kind), strict=True):
            need = MemoryNeed(
                f"{kind.name} {source[1]}", kind.slots, word.width, copies.get(source, 1), True
            )
            found.append(need)
    learned = regions(chip.learner, chip.places) if chip.learner else {}
    found += [
        MemoryNeed(name, *sizes[region], cut=name in learned)
        for name, region in added(chip).items()
    ]
    if chip.serial:
        found.append(MemoryNeed("keys", DROPPED + ROUNDS, WORD_BITS // 2))
    margin = DATA_BITS if chip.elects else 0
    found.append(MemoryNeed("fired", chip.slots, index_bits(chip.slots) + margin))
    for kind in chip.kinds:
        found += _tables(kind.name, kind.program)
    if chip.learner:
        found += _waiting(chip, chip.learner)
        programs = [chip.learner.on_pre, chip.learner.on_post, *chip.learner.marks.values()]
        programs += [chip.learner.on_epoch] if chip.learner.on_epoch else []
        found += [need for program in programs for need in _tables("learning", program)]
    return found


def _with_rows(chip: Chip, needs: list[MemoryNeed]) -> list[MemoryNeed]:
    """Return them with rows behind runs and synapses, but for the delays of rows."""
    row_bits = {"runs": index_bits(chip.runs) + 1, "synapses": index_bits(chip.synapses)}
    found = []
    for need in needs:
        if need.name == "row_runs":
            found.append(MemoryNeed("row_delays", chip.axons, DUE_BITS))
        elif need.name in row_bits:
            words = chip.rows_at(need.words) + chip.axons
            width = max(need.width, row_bits[need.name])
            found.append(need._replace(words=words, width=width))
        elif need.name != "row_synapses":
            found.append(need)
    return found


def _tables(name: str, program: Program) -> list[MemoryNeed]:
    tables = {v.detail: v.width for v in program.values if v.operation == "table"}
    return [MemoryNeed(f"{name} table", len(t), bits) for t, bits in tables.items()]


def _waiting(chip: Chip, learner: LearningUnit) -> list[MemoryNeed]:
    """Return the memories of posts that wait, of which a host sees nothing."""
    record = learner.span_bits + learner.trace_bits * len(learner.side("post"))
    return [
        MemoryNeed("counts", chip.places, learner.count_bits),
        MemoryNeed("records", chip.places * learner.posts, record),
    ]


def _sources(kind: Kind) -> list[tuple[str, str]]:
    """Return kind and name of every word, as the schedule calls them."""
    return [
        *(("state", s.name) for s in kind.program.states),
        *(("constant", name) for name in kind.varying),
        *(("arrival", r.name) for r in kind.program.receptors),
    ]


def _copies(chip: Chip, kind: Kind) -> dict[tuple[str, str], int]:
    schedule = kind.schedule(chip.fabric)
    return {
        (word.kind, word.name): len(schedule.reads[port]) for port, word in schedule.inputs.items()
    }


def block_needs(chip: Chip, part: BoardPart) -> tuple[int, int]:
    """Return the block memories and the large ones of one port that a chip takes of a part."""
    needs = memories(replace(chip, single_port=part.single_port > 0))
    small = sum(taken(needs, part).values())
    return small, large_blocks(needs) if part.single_port else 0


def large_blocks(needs: list[MemoryNeed]) -> int:
    """Return how many memories with one port runs and synapses take."""
    large = [need for need in needs if need.name in ON_ONE_PORT]
    return sum(blocks(need.words, need.width, SINGLE_PORT) for need in large)


def taken(needs: list[MemoryNeed], part: BoardPart) -> dict[str, int]:
    """Return how many block memories each memory takes of a part, by name: but those of none.

    Where they are more than the part has and it says so (`BoardPart.moved`), some are made of
    lookup tables instead: those that cost the fewest for a block, until what is left fits.
    """
    found: dict[str, int] = {}
    for need in needs:
        if number := _in_blocks(need, part):
            found[need.name] = found.get(need.name, 0) + number
    for name in moved(needs, part):
        del found[name]
    return found


def moved(needs: list[MemoryNeed], part: BoardPart) -> list[str]:
    """Return the memories that are made of lookup tables because a part has too few blocks."""
    excess = sum(_in_blocks(need, part) for need in needs) - part.blocks
    costs = []
    for need in needs:
        number = _in_blocks(need, part)
        if number and (need.of_cells or need.name in MOVED):
            costs.append((_in_tables(need) / number, need.name, number))
    found, left = [], part.moved
    tables = {need.name: _in_tables(need) for need in needs}
    for _, name, number in sorted(costs):
        if excess <= 0 or tables[name] > left:
            break
        found.append(name)
        excess, left = excess - number, left - tables[name]
    return found if excess <= 0 else []


def _in_blocks(need: MemoryNeed, part: BoardPart) -> int:
    """Return how many blocks a memory takes, if all can be made of them."""
    if part.single_port and need.name in ON_ONE_PORT:
        return 0
    tables = need.words <= part.tables and not (need.of_cells and part.cells_in_blocks)
    if tables or need.words * need.width <= FEW_BITS:
        return 0
    number = (cut_blocks if need.cut else blocks)(need.words, need.width, part.fabric.modes)
    return need.copies * number


def _in_tables(need: MemoryNeed) -> int:
    words, bits = TABLE
    return need.copies * -(-need.words // words) * -(-need.width // bits)
