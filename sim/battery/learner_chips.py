"""Random network cores that learn, and random contents of what they learn with."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from golden.cells.program import Receptor
from golden.network.chip import Chip, unit
from golden.network.interface import (
    BRANCH_PRESENT,
    HEADER,
    INDEX_BITS,
    KIND_BITS,
    NOTED,
    Region,
    header,
)
from golden.network.rules import SumOfProducts
from golden.network.rules.interface import LAST_BITS, NUMBERS, ranges, standing_region
from golden.network.rules.learner import RULE, LearningUnit
from golden.network.rules.learning import learning
from golden.network.rules.rule import Rule
from golden.network.rules.several import as_one
from golden.network.rules.synapse import DELAY_BITS, Synapse
from golden.network.timing.memories import Memories
from golden.numbers.formats import Array, index_bits
from sim.battery.learners import rule

RULES = [number for number in range(72) if number % 12 < 6]
"""Of `sim.battery.learners.rule` those that need no reward."""
HIGH = 60.0
"""The largest weight."""
BARE, DRAWN = 0.25, 0.4
"""How often the rule has no traces, and how often it draws random words."""
NOTING, EAGER, FED, LEARNING, LISTENING = 0.9, 0.6, 0.8, 0.85, 0.8
"""How often the posts of a group are noted, such a one spikes often, a chain that learns has a row,
learning is on, and spikes come from outside."""


DELAYING = SumOfProducts(
    w_max=HIGH, w_rule=((0.01, ("y0", "d")), (-0.02, ("x0", "d")), (0.5, ("x0", "y1")))
)
"""Looks at the delay at every event."""


@dataclass(frozen=True, kw_only=True)
class Counting(Rule):
    """Every post adds as much to the weight, and every arrival takes as much from it.

    Whatever is left out, done twice or done in another order is seen, as no trace hides it.

    Parameters
    ----------
    up, down : float
        In the unit of the weight.
    """

    up: float = 1.0
    down: float = 0.75

    def on_pre(self, s: Synapse) -> None:
        """Take something."""
        s.w -= s.amount("down", self.down)

    def on_post(self, s: Synapse) -> None:
        """Add something."""
        s.w += s.amount("up", self.up)


def with_learner(chip: Chip, random: np.random.Generator) -> Chip:
    """Return a core with a learner in place of plastic axons."""
    chip = replace(chip, plastic_axons=0, releases=0, decays=0)
    receptor = next(r for kind in chip.kinds for r in kind.program.receptors)
    runs = int(random.integers(2, 33))
    synapses = int(random.integers(1 << chip.count_bits, 97))
    learner = replace(
        as_one([_drawn(chip, receptor, random) for _ in range(random.choice([1, 1, 2, 3]))]),
        runs=int(random.integers(1, runs + 1)),
        synapses=synapses if random.integers(2) else int(random.integers(1, synapses + 1)),
        posts=int(random.choice([2, 2, 4, 8])),
        span_bits=int(random.integers(1, 9)),
    )
    return replace(
        chip,
        runs=runs,
        synapses=synapses,
        queue=int(random.choice([3, 8, 16, 33])),
        learner=learner,
        branches=int(random.integers(0, 3)),
    )


def _drawn(chip: Chip, receptor: Receptor, random: np.random.Generator) -> LearningUnit:
    """Return a rule without sizes."""
    # Of fewer bits some rules would move nothing.
    bits = int(random.integers(14, 19))
    drawn = rule(HIGH, int(random.choice(RULES)))
    if random.random() < BARE:
        drawn = random.choice([Counting(w_max=HIGH), DELAYING])
    rounding = "random" if random.random() < DRAWN else "nearest"
    chosen = replace(drawn, bits=bits, rounding=rounding, norm=0.0)
    integers = learning(chosen, 1.0, receptor, np.zeros(1), 0, chip.fabric.operand_bits)
    return LearningUnit.of(integers, 0, 0, 0, 0)


def learn(memories: Memories, random: np.random.Generator) -> None:
    """Let some runs of a core learn that is filled with anything else, from any past.

    Every chain that learns has a row, an entry of the queue or none, so that it comes once in a
    step.
    """
    registers = memories.registers
    learned = _learned(memories, random)
    registers.update(learned=learned, learn=int(random.random() < LEARNING))
    registers.update(listen=int(random.random() < LISTENING))
    if "until" in registers:
        registers.update(period=int(random.integers(0, 6)), until=int(random.integers(0, 4)))
    _cut(memories, random)
    _note(memories, random)
    _past(memories, random)


def _learned(memories: Memories, random: np.random.Generator) -> int:
    """Return how many runs learn; the last run is still, for whatever needs such one."""
    chip, learner = memories.chip, unit(memories.chip)
    ends = np.cumsum(counts(memories)[: chip.runs - 1])
    fit = int(np.searchsorted(ends, learner.synapses, "right"))
    most = min(fit, learner.runs)
    return most if random.random() < 0.7 else int(random.integers(most + 1))


def counts(memories: Memories) -> Array:
    """Return the synapses of every run."""
    return memories.packed[Region.RUNS] & ((1 << memories.chip.count_bits) - 1)


def _cut(memories: Memories, random: np.random.Generator) -> None:
    """Give chains of runs that learn to axons and to entries of the queue, one each."""
    chip, packed, learned = memories.chip, memories.packed, memories.registers["learned"]
    bits, more = index_bits(chip.runs), 1 << (chip.count_bits + chip.gap_bits)
    packed[Region.RUNS][max(0, learned - 1)] &= ~more
    begins = np.concatenate(([0], np.cumsum(counts(memories))))
    ends = np.flatnonzero(~packed[Region.RUNS][:learned] & more)
    chains = list(zip([0, *(ends + 1).tolist()], ends.tolist(), strict=False))
    random.shuffle(chains)
    heads = [int(random.integers(first, last + 1)) for first, last in chains]
    rows, mask = packed[Region.ROW_RUNS], (1 << bits) - 1
    rows[(rows & mask) < learned] = 0
    spiking = referred(memories)
    # First those that no neuron has: they may spike from outside.
    axons = random.permutation(np.flatnonzero(spiking < 2))
    for axon in axons[np.argsort(spiking[axons], kind="stable")].tolist():
        if heads and random.random() < FED:
            run, delay = heads.pop(), int(random.integers(1, 4))
            rows[axon] = run | delay << bits | 1 << (bits + 8)
            packed[Region.ROW_SYNAPSES][axon] = begins[run]
    entries = packed[Region.QUEUE_RUNS]
    moved = ((entries & mask) < learned) | (random.random(chip.queue) < FED)
    for place in np.flatnonzero(moved).tolist():
        run, due = heads.pop() if heads else chip.runs - 1, entries[place] & ~mask
        entries[place] = run | due
        last = chip.synapses - counts(memories)[run]
        packed[Region.QUEUE_SYNAPSES][place] = (
            begins[run] if run < learned else random.integers(last + 1)
        )


class SpikingGroup(NamedTuple):
    """A record of the script."""

    address: int
    kind: int
    slot: int
    size: int
    axons: list[int]
    """First ones."""


def emitters(memories: Memories) -> Iterator[SpikingGroup]:
    """Yield the records of the script."""
    chip, address = memories.chip, 0
    script = memories.packed[Region.SCRIPT].tolist()
    for _ in range(memories.registers["groups"]):
        kind = script[address] & ((1 << KIND_BITS) - 1)
        _, slot, size, _, axon = script[address : address + HEADER]
        branches = script[address + HEADER : address + header(chip)]
        axons = [b & ((1 << INDEX_BITS) - 1) for b in branches if b & BRANCH_PRESENT]
        yield SpikingGroup(address, kind, slot, size, [axon, *axons])
        address += header(chip) + len(chip.kinds[kind].constants)


def referred(memories: Memories) -> Array:
    """Return how many neurons of groups have each axon."""
    found = np.zeros(memories.chip.axons, np.int64)
    for group in emitters(memories):
        for axon in group.axons:
            found[axon : axon + group.size] += 1
    return found


def _note(memories: Memories, random: np.random.Generator) -> None:
    """Note posts of groups of cells that share no slot."""
    chip = memories.chip
    taken = [np.zeros(kind.slots, np.bool_) for kind in chip.kinds]
    for group in emitters(memories):
        slots = taken[group.kind][group.slot : group.slot + group.size]
        if chip.kinds[group.kind].inlet_bits and not slots.any() and random.random() < NOTING:
            slots[:] = True
            memories.packed[Region.SCRIPT][group.address] |= NOTED
            if random.random() < EAGER:
                _excite(memories, group)


def _excite(memories: Memories, group: SpikingGroup) -> None:
    """Let a group spike at next to nothing, if its cells have a threshold."""
    chip, name = memories.chip, "threshold"
    kind = chip.kinds[group.kind]
    if name in kind.constants:
        place = group.address + header(chip) + kind.constants.index(name)
        memories.packed[Region.SCRIPT][place] = 0
    elif name in kind.varying:
        number = [(k, word.name) for k, word in chip.words].index((group.kind, name))
        memories.word(number)[group.slot : group.slot + group.size] = 0


def _past(memories: Memories, random: np.random.Generator) -> None:
    """Let there have been anything before: it lies behind this step."""
    step = memories.registers["step"]
    for name in ("run", "post"):
        region = memories.added[f"{name}_lasts"]
        size, _ = memories.extents[region]
        age = random.integers(1, 1 << random.choice([3, 6, 12, 22, LAST_BITS], size))
        ever = random.integers(0, 2, size) << LAST_BITS
        memories.fill(region, (step - age) % (1 << LAST_BITS) | ever)
    for name, (low, high) in ranges(unit(memories.chip)).items():
        region = memories.added[name]
        values = random.integers(low, high, memories.extents[region][0], endpoint=True)
        memories.fill(region, values)
    stand(memories, random)


def stand(memories: Memories, random: np.random.Generator) -> None:
    """Give synapses any numbers, and runs any delays, if their rule looks at such."""
    learner = unit(memories.chip)
    ends = dict.fromkeys(map(standing_region, learner.standing), 1 << DELAY_BITS)
    ends |= {standing_region(RULE): len(learner.shifts), NUMBERS: learner.synapses}
    for name in [name for name in ends if name in memories.added]:
        words, _ = memories.extents[memories.added[name]]
        memories.fill(memories.added[name], random.integers(0, ends[name], words))


def writable(memories: Memories, region: int, random: np.random.Generator) -> int | None:
    """Return what a host may write into a region of what is learned: None if it had better not."""
    learner = unit(memories.chip)
    ends = {f"learned_{word.name}": (word.low, word.high) for word in learner.words}
    for name in ("run_lasts", "post_lasts"):
        ends[name] = 0, (1 << (LAST_BITS + 1)) - 1
    for name, (low, high) in ends.items():
        if memories.added[name] == region:
            return int(random.integers(low, high, endpoint=True)) & 0xFFFFFFFF
    return None


def once(memories: Memories, external: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spikes from outside without those by which a run that learns would come twice."""
    chip, learned = memories.chip, memories.registers["learned"]
    rows, bits = memories.packed[Region.ROW_RUNS], index_bits(chip.runs)
    learns = (rows >> (bits + 8) == 1) & ((rows & ((1 << bits) - 1)) < learned)
    never = set(np.flatnonzero(learns & (referred(memories) > 0)).tolist())
    seldom, found = set(np.flatnonzero(learns).tolist()), []
    seen = never.copy()
    for end, value in external:
        if end:
            seen = never.copy()
        elif value in seen:
            continue
        elif value in seldom:
            seen.add(value)
        found.append((end, value))
    return found
