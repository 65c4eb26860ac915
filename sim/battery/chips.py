"""Random network cores and random contents of their memories, which no placement would make."""

from dataclasses import replace

import numpy as np

from golden.cells import Izhikevich
from golden.cells.schedule import GENERIC, Fabric
from golden.network.chip import Chip, Kind
from golden.network.interface import (
    BRANCH_PRESENT,
    JUNCTION_SHIFT_AT,
    JUNCTION_SLOT_BITS,
    RELEASE_WORDS,
    SILENT,
    SPIKED_BITS,
    WINNERS_AT,
    BusRequest,
    Region,
    added,
    extents,
    header,
)
from golden.network.timing.memories import CELLS, Memories
from golden.numbers.formats import Array, index_bits
from sim.battery.learner_chips import learn
from sim.battery.tiny import Adder, Dice, Holder, Seeping

PROGRAMS = {
    "adder": (Adder(threshold=40, bits=8), ("threshold",)),
    "leaky": (Seeping(noise=4, bits=9), ("threshold", "rate")),
    "holder": (Holder(bits=10), ()),
    "dice": (Dice(), ("threshold",)),
    "izhikevich": (Izhikevich(substeps=2), ("d",)),
}
"""Cells, and which of their constants may vary."""
CHOSEN = (0.3, 0.25, 0.15, 0.2, 0.1)
"""How often each is."""
JOINED = 0.3
"""How often there are gap junctions."""
PLASTIC = 0.4
"""How often there are axons with short-term plasticity."""


def random_chip(random: np.random.Generator, fabric: Fabric = GENERIC) -> Chip:
    """Return a core of one to three kinds of few slots."""
    fabric = replace(fabric, word_cycles=int(random.integers(1, 3)))
    names = random.choice(list(PROGRAMS), int(random.integers(1, 4)), False, CHOSEN)
    kinds = [random_kind(name, random, fabric) for name in names.tolist()]
    if not any(kind.inlet_bits for kind in kinds):
        kinds.append(random_kind("adder", random, fabric))
    own = bool(random.integers(2))
    count_bits = int(random.integers(1, 5))
    made = Chip(
        kinds=tuple(kinds),
        fabric=fabric,
        script_words=int(random.integers(24, 64)),
        axons=int(random.integers(4, 24)),
        runs=int(random.integers(2, 24)),
        synapses=int(random.integers(1 << count_bits, 64)),
        queue=int(random.choice([1, 2, 3, 5, 8, 16, 33])),
        count_bits=count_bits,
        gap_bits=int(random.integers(0, 9)),
        family_bits=int(random.integers(0, 4)),
        weight_bits=int(random.integers(1, 12)) if own else 0,
        family_weight_bits=0 if own else int(random.integers(1, 12)),
        elects=bool(random.integers(2)),
        single_port=bool(random.integers(2)),
    )
    made = _joined(made, random) if random.random() < JOINED else made
    return _plastic(made, random) if random.random() < PLASTIC else made


def _joined(chip: Chip, random: np.random.Generator) -> Chip:
    """Give a core gap junctions, if a kind of it can have some."""
    if not any(kind.inlet_bits and kind.program.potential for kind in chip.kinds):
        return chip
    return replace(
        chip,
        junctions=int(random.integers(1, 5)),
        junction_factor_bits=int(random.integers(1, 33)),
        junction_offset_bits=int(random.choice([0, int(random.integers(1, 59))])),
    )


def _plastic(chip: Chip, random: np.random.Generator) -> Chip:
    """Give a core axons with short-term plasticity, all of them or some."""
    return replace(
        chip,
        plastic_axons=int(random.integers(1, chip.axons + 1)),
        branches=int(random.integers(0, 4)),
        releases=int(random.integers(1, 4)),
        decays=int(random.integers(262, 400)),
    )


def random_kind(name: str, random: np.random.Generator, fabric: Fabric) -> Kind:
    """Return a kind of `PROGRAMS`."""
    cell, may_vary = PROGRAMS[name]
    program = cell.program(1.0, fabric.operand_bits)
    varying = tuple(c.name for c in program.constants if c.name in may_vary and random.integers(2))
    kind = Kind(
        name=name,
        program=program,
        slots=int(random.integers(1, 12)),
        varying=varying,
        inlet_bits=tuple(int(random.integers(4, 27)) for _ in program.receptors),
        interval=int(random.choice([1, 1, 2, 3, 7])),
    )
    return replace(kind, serial=kind.random and kind.interval == 7)


def random_contents(chip: Chip, random: np.random.Generator) -> Memories:
    """Return a core with anything in its memories that has a meaning."""
    memories = unlearned_contents(chip, random)
    if chip.learner:
        learn(memories, random)
    return memories


def unlearned_contents(chip: Chip, random: np.random.Generator) -> Memories:
    """Return a core with anything in its memories but for what it learns with.

    Runs are chains that end; rows and entries of the queue begin anywhere in them; a synapse may
    be of any inlet.
    """
    memories = Memories(chip)
    tails = _runs(memories, random)
    run = random.integers(0, chip.runs, chip.axons)
    delay, present = random.integers(0, 256, chip.axons), random.random(chip.axons) < 0.85
    if random.integers(2):
        delay = random.integers(1, 4, chip.axons)
    bits = index_bits(chip.runs)
    memories.packed[Region.ROW_RUNS][:] = run | delay << bits | present << (bits + 8)
    memories.packed[Region.ROW_SYNAPSES][:] = _begins(chip, tails[run], random)
    queued = random.integers(0, chip.runs, chip.queue)
    due = random.integers(0, 4, chip.queue)
    memories.packed[Region.QUEUE_RUNS][:] = queued | due << bits
    memories.packed[Region.QUEUE_SYNAPSES][:] = _begins(chip, tails[queued], random)
    memories.cells[:] = 0
    for region in range(CELLS, CELLS + len(chip.words)):
        words, width = memories.extents[region]
        memories.fill(region, random.integers(0, 1 << width, words))
    if chip.junctions:
        _junctions(memories, random)
    if chip.plastic_axons:
        _releases(memories, random)
    _script(memories, random)
    _registers(memories, random)
    return memories


def _runs(memories: Memories, random: np.random.Generator) -> Array:
    """Write runs, synapses and families; return how many synapses follow from each run on."""
    chip = memories.chip
    tails = np.zeros(chip.runs, np.int64)
    for run in reversed(range(chip.runs)):
        count = int(random.integers(1, 1 << chip.count_bits))
        behind = int(tails[run + 1]) if run + 1 < chip.runs else 0
        more = bool(behind) and count + behind <= chip.synapses and random.random() < 0.6
        count = min(count, chip.synapses)
        gap = int(random.integers(0, 1 << chip.gap_bits)) if random.integers(2) else 0
        gap = min(gap, int(random.integers(1, 300)))
        family = int(random.integers(0, 1 << chip.family_bits))
        word = count | gap << chip.count_bits
        place = chip.count_bits + chip.gap_bits
        memories.packed[Region.RUNS][run] = word | int(more) << place | family << (place + 1)
        tails[run] = count + (behind if more else 0)
    slots = min(chip.kinds[kind].slots for kind, _ in chip.inlets)
    slot = random.integers(0, slots, chip.synapses)
    weight = random.integers(0, 1 << chip.weight_bits, chip.synapses)
    memories.packed[Region.SYNAPSES][:] = slot | weight << chip.slot_bits
    inlet = random.integers(0, len(chip.inlets), 1 << chip.family_bits)
    weight = random.integers(0, 1 << chip.family_weight_bits, 1 << chip.family_bits)
    memories.packed[Region.FAMILIES][:] = weight | inlet << chip.family_weight_bits
    return tails


def _junctions(memories: Memories, random: np.random.Generator) -> None:
    """Join neurons of any kinds that have a potential, by any factors."""
    chip, words = memories.chip, []
    drawn = [k for k, kind in enumerate(chip.kinds) if kind.program.potential]
    inlets = [i for i, (kind, _) in enumerate(chip.inlets) if kind in drawn]
    for _ in range(chip.junctions):
        before, inlet = int(random.choice(drawn)), int(random.choice(inlets))
        behind = chip.inlets[inlet][0]
        slots = [int(random.integers(chip.kinds[kind].slots)) for kind in (before, behind)]
        numbers = random.integers(0, 1 << 32, 3).tolist()
        high = int(random.integers(1 << JUNCTION_SHIFT_AT))
        shift = int(random.integers(1, 64))
        words += [slots[0] | before << JUNCTION_SLOT_BITS, slots[1] | inlet << JUNCTION_SLOT_BITS]
        words += [*numbers, high | shift << JUNCTION_SHIFT_AT]
    memories.fill(added(chip)["junctions"], np.array(words))
    memories.registers["junctions"] = chip.junctions


def _releases(memories: Memories, random: np.random.Generator) -> None:
    """Let plastic axons have any past, and releases anything in tables that lie within decays."""
    chip, regions = memories.chip, added(memories.chip)
    for name in ("queue_efficacies", "plastic_values", "plastic_lasts", "decays"):
        words, width = memories.extents[regions[name]]
        memories.fill(regions[name], random.integers(0, 1 << width, words))
    # Some have spiked shortly before step 0, within the reach of coarse tables.
    lasts = memories.packed[regions["plastic_lasts"]]
    lately = random.random(chip.plastic_axons) < 0.5
    lasts[lately] = (1 << SPIKED_BITS + 1) - random.integers(1, 2048, np.count_nonzero(lately))
    memories.fill(
        regions["plastic_releases"], random.integers(0, chip.releases, chip.plastic_axons)
    )
    constants = random.integers(0, 1 << 32, (chip.releases, RELEASE_WORDS))
    for table in (1, 4):
        last = random.integers(0, 6, chip.releases)
        constants[:, table] = random.integers(0, chip.decays - last)
        constants[:, table + 1] = last
        constants[:, table + 2] = random.integers(0, chip.decays - 255, chip.releases)
    memories.fill(regions["releases"], constants.ravel())


def _begins(chip: Chip, tails: Array, random: np.random.Generator) -> Array:
    """Return addresses of synapses behind which so many more lie."""
    return random.integers(0, chip.synapses - tails + 1)


def _script(memories: Memories, random: np.random.Generator) -> None:
    """Write groups of any kinds, anywhere in their slots."""
    chip, script = memories.chip, []
    most = int(random.integers(0, 5))
    for count in range(most + 1):
        memories.registers["groups"] = count
        number = int(random.integers(len(chip.kinds)))
        kind = chip.kinds[number]
        length = header(chip) + len(kind.constants)
        if count == most or len(script) + length > chip.script_words:
            break
        first, last = np.sort(random.integers(0, min(kind.slots, chip.axons), 2)).tolist()
        size = last - first + 1
        winners = int(random.integers(0, size + 1)) if chip.elects and random.integers(2) else 0
        silent = SILENT if random.integers(4) == 0 else 0
        axon = int(random.integers(0, chip.axons - size + 1))
        neuron = int(random.integers(0, (1 << 24) - size))
        script += [number | winners << WINNERS_AT | silent, first, size, neuron, axon]
        script += [_branch(chip, size, random) for _ in range(chip.branches)]
        script += _constants(kind, random)
    memories.packed[Region.SCRIPT][: len(script)] = script


def _branch(chip: Chip, size: int, random: np.random.Generator) -> int:
    """Return a branch that is present, or any word of one that is not."""
    axon, present = int(random.integers(0, chip.axons - size + 1)), bool(random.integers(2))
    return axon | BRANCH_PRESENT if present else int(random.integers(BRANCH_PRESENT))


def _constants(kind: Kind, random: np.random.Generator) -> list[int]:
    """Return the cell's own constants, or any that it may have."""
    taken = {c.name: c.values for c in kind.program.constants}
    formats, own = kind.program.formats, random.integers(3)
    found = [
        int(taken[name])
        if own
        else int(random.integers(formats[name].low, formats[name].high, endpoint=True))
        for name in kind.constants
    ]
    return [value & 0xFFFFFFFF for value in found]


def _registers(memories: Memories, random: np.random.Generator) -> None:
    chip, values = memories.chip, memories.registers
    values["step"] = int(random.choice([0, 1, 254, 65534, (1 << 32) - 2, 77]))
    values["seed"] = int(random.integers(1 << 32))
    values["listen"] = int(random.integers(2))
    values["quiet"] = int(random.integers(3))
    values["head"] = int(random.integers(chip.queue))
    values["length"] = int(random.integers(chip.queue + 1))
    counters = (name for kind in chip.kinds for name in (f"{kind.name}_{n}" for n in kind.counted))
    for name in ("lost", *counters):
        values[name] = int(random.choice([0, 65533]))
    today = values["step"] & 255
    bits = index_bits(chip.runs)
    entries = memories.packed[Region.QUEUE_RUNS]
    due = (today + (entries >> bits)) & 255
    entries[:] = (entries & ((1 << bits) - 1)) | due << bits


def writes(memories: Memories) -> list[BusRequest]:
    """Return the requests that fill all memories and registers."""
    return [
        BusRequest(1, region, index, value)
        for region in range(len(memories.extents))
        for index, value in enumerate(memories.words(region).tolist())
    ]


def reads(chip: Chip) -> list[BusRequest]:
    """Return the requests that read all memories and registers."""
    return [
        BusRequest(0, region, index)
        for region, (words, _) in enumerate(extents(chip))
        for index in range(words)
    ]
