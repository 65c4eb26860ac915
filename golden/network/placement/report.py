"""What a placed network needs: bits and blocks of memory, cycles of a step."""

from dataclasses import replace
from typing import NamedTuple

from golden.cells.program import Program
from golden.network.blueprint import Blueprint
from golden.network.chip import DUE_BITS, Chip, Kind
from golden.network.interface import (
    DATA_BITS,
    JUNCTION_WORDS,
    SETTLED,
    Region,
    added,
    extents,
    header,
)
from golden.network.placement.for_part import placed_for
from golden.network.placement.parts import FEW_BITS, SINGLE_PORT, BoardPart, blocks
from golden.network.placement.placement import Placement
from golden.network.rules.interface import learned_bits
from golden.network.rules.learner import LearningUnit
from golden.numbers.formats import index_bits
from golden.numbers.hash import DROPPED, ROUNDS, WORD_BITS

KEYS_CYCLES = DROPPED + ROUNDS
JUNCTION_CYCLES = 15
"""Of one; every further one takes as many as it has words."""
PREFIXES = "kMG"


class MemoryNeed(NamedTuple):
    """A memory of a chip."""

    name: str
    words: int
    width: int
    copies: int = 1
    """Of a word that a pipeline reads twice."""
    of_cells: bool = False
    """It is a word of cells."""

    @property
    def bits(self) -> int:
        """Of all its words."""
        return self.words * self.width * self.copies


def memories(chip: Chip) -> list[MemoryNeed]:
    """Return all memories of a chip, in the order of their regions; tables of cells last."""
    sizes = extents(chip)
    found = [
        MemoryNeed(region.name.lower(), *sizes[region])
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
    found += [MemoryNeed(name, *sizes[region]) for name, region in added(chip).items()]
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


def still_cycles(placement: Placement) -> int:
    """Return the cycles of a step in which nothing is on its way and nobody spikes."""
    chip = placement.chip
    total = KEYS_CYCLES * chip.random + 1 + int(placement.listens) + 1
    if junctions := len(placement.junctions.ahead):
        total += JUNCTION_WORDS * (junctions - 1) + JUNCTION_CYCLES
    plans = [kind.schedule(chip.fabric) for kind in chip.kinds]
    for tenant in placement.placed:
        kind, plan = chip.kinds[tenant.kind], plans[tenant.kind]
        load = header(chip) + len(kind.constants) + 1 + max(0, plan.settling - SETTLED)
        total += load + (tenant.group.size - 1) * kind.interval + plan.latency + 2
    return total


def of_blocks(need: MemoryNeed, part: BoardPart) -> bool:
    """Tell whether a memory is made of a part's block memories, not of its cells."""
    tables = need.words <= part.tables and not (need.of_cells and part.cells_in_blocks)
    return not tables and need.words * need.width > FEW_BITS


def block_needs(chip: Chip, part: BoardPart) -> tuple[int, int]:
    """Return the block memories and the large ones of one port that a chip takes of a part."""
    small = large = 0
    for need in memories(replace(chip, single_port=part.single_port > 0)):
        if part.single_port and need.name in {"runs", "synapses"}:
            large += blocks(need.words, need.width, SINGLE_PORT)
        elif of_blocks(need, part):
            small += need.copies * blocks(need.words, need.width, part.modes)
    return small, large


def multipliers(chip: Chip) -> int:
    """Return the multipliers of a chip's programs: not those of releases and gap junctions."""
    plans = [kind.schedule(chip.fabric) for kind in chip.kinds]
    if chip.learner:
        plans += chip.learner.schedules(chip.fabric).values()
    return sum(plan.multipliers for plan in plans)


def report(placement: Placement, part: BoardPart) -> list[str]:
    """Return lines about what it needs, and whether a board's memories take it."""
    chip = placement.chip
    needs = memories(chip)
    runs, synapses = (next(n for n in needs if n.name == name) for name in ("runs", "synapses"))
    common = "common weights" if chip.weight_bits == 0 else "own weights"
    weights = f"{synapses.width} bits with {common}, {shown(runs.bits + synapses.bits)}"
    names = tuple(f"{kind.name} " for kind in chip.kinds)
    cells = sum(n.bits for n in needs if n.name.startswith(names))
    small, large = block_needs(chip, part)
    fits = small <= part.blocks and large <= part.single_port
    counted = f"{small:,} of {part.blocks} block memories"
    if part.single_port:
        counted += f", {large:,} of {part.single_port} large ones"
    if part.multipliers is not None:
        products = multipliers(chip)
        fits &= products <= part.multipliers
        counted += f", {products:,} of {part.multipliers} multipliers"
    kinds = ", ".join(f"{kind.slots:,} {kind.name}" for kind in chip.kinds)
    verdict = "fits" if fits else "DOES NOT FIT"
    return [
        f"chip: {kinds}; {shown(sum(n.bits for n in needs))} in all, cells {shown(cells)}",
        f"rows: {runs.words:,} runs of {runs.width} bits, {synapses.words:,} synapses of {weights}",
        f"a still step takes {still_cycles(placement):,} cycles; a synapse that is reached 1 more",
        *([_learning(placement, chip.learner)] if chip.learner else []),
        f"{part.name}: {counted}: {verdict}, beside logic and link",
    ]


def _learning(placement: Placement, learner: LearningUnit) -> str:
    """Return a line about what learns, with the fewest cycles of REPLAY and SETTLE."""
    synapses, runs = placement.chains.learning, placement.runs.learning
    bits = sum(learned_bits(word) for word in learner.words)
    return (
        f"learning: {synapses:,} synapses of {bits} bits in {runs:,} runs; at least every "
        f"{1 << learner.span_bits} steps with spikes all are looked at, in "
        f"{synapses + placement.chip.places:,} cycles or more"
    )


def told(blueprint: Blueprint, part: BoardPart) -> list[str]:
    """Return the report of a network that is placed for a board, or why no core can do it."""
    try:
        return report(placed_for(blueprint, part), part)
    except ValueError as error:
        return [f"{part.name}: {error}"]


def shown(bits: int) -> str:
    """Return a number of bits for a person."""
    value, unit = float(bits), ""
    for larger in PREFIXES:
        if value < 10_000:
            break
        value, unit = value / 1000, larger
    return f"{value:,.0f} {unit}bit"
