"""What a placed network needs: bits and blocks of memory, cycles of a step."""

from golden.network.blueprint import Blueprint
from golden.network.chip import Chip
from golden.network.interface import JUNCTION_WORDS, SETTLED, header
from golden.network.placement.for_part import placed_for
from golden.network.placement.memories import block_needs, memories, moved
from golden.network.placement.parts import BoardPart
from golden.network.placement.placement import Placement
from golden.network.rules.interface import learned_bits
from golden.network.rules.learner import LearningUnit
from golden.numbers.hash import DROPPED, ROUNDS

KEYS_CYCLES = DROPPED + ROUNDS
JUNCTION_CYCLES = 15
"""Of one; every further one takes as many as it has words."""
PREFIXES = "kMG"


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


def multipliers(chip: Chip) -> int:
    """Return the multipliers of a chip's programs: not those of releases and gap junctions."""
    plans = [kind.schedule(chip.fabric) for kind in chip.kinds]
    if chip.learner:
        plans += chip.learner.schedules(chip.fabric).values()
    return sum(plan.multipliers for plan in plans)


def lacks_multipliers(chip: Chip, part: BoardPart) -> bool:
    """Tell whether a chip's programs take more multipliers than a part has."""
    return part.multipliers is not None and multipliers(chip) > part.multipliers


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
    fits = small <= part.blocks and large <= part.single_port and not lacks_multipliers(chip, part)
    counted = f"{small:,} of {part.blocks} block memories"
    if part.single_port:
        counted += f", {large:,} of {part.single_port} large ones"
    if tables := moved(needs, part):
        counted += f", {len(tables)} memories in lookup tables"
    if part.multipliers is not None:
        counted += f", {multipliers(chip):,} of {part.multipliers} multipliers"
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
    """Return the report of a network that is placed for a board.

    Raises
    ------
    ValueError
        If no core can do it.
    """
    try:
        return report(placed_for(blueprint, part), part)
    except ValueError as error:
        raise ValueError(f"{part.name}: {error}") from error


def shown(bits: int) -> str:
    """Return a number of bits for a person."""
    value, unit = float(bits), ""
    for larger in PREFIXES:
        if value < 10_000:
            break
        value, unit = value / 1000, larger
    return f"{value:,.0f} {unit}bit"
