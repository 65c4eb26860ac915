"""WALK, REPLAY and EPOCH with a ring on a grid, against the page cycle by cycle."""

import numpy as np
import pytest

from golden.cells.trace import OPERAND_BITS
from golden.cycles.track import Track
from golden.network.chip import unit
from golden.network.interface import Phase, Region, strobes
from golden.network.timing.learning.plasticity import Plasticity
from golden.network.timing.memories import Memories
from golden.network.timing.record import Sheet
from golden.numbers.formats import index_bits
from sim.battery.chips import random_contents
from tests.network.timing.learning.literal import LiteralRing
from tests.network.timing.learning.test_eager import learning_chip
from tests.network.timing.test_walk import shown

FIRST = 5


def waiting(memories: Memories, random: np.random.Generator) -> tuple[Plasticity, Sheet]:
    """Return a learner with posts that wait anywhere, and the grid on which it is laid."""
    chip, step = memories.chip, memories.registers["step"]
    sheet = Sheet(chip)
    for name in ("head", "length"):
        sheet.show(name, 0, memories.registers[name])
    track = Track(sheet, FIRST)
    made = Plasticity(memories, track)
    made.begin([])
    counts, when, traces = made.posts.arrays
    ago = int(random.integers(1, 1 << unit(chip).span_bits))
    counts[:] = np.minimum(random.integers(0, unit(chip).posts + 1, len(counts)), ago)
    for place, count in enumerate(counts.tolist()):
        when[place, :count] = np.sort(random.choice(ago, count, replace=False))
    for i, word in enumerate(unit(chip).side("post")):
        traces[:, :, i] = random.integers(0, word.ends(OPERAND_BITS)[1] + 1, when.shape)
    made.posts.base, made.posts.pending = (step - ago) % (1 << 32), True
    return made, sheet


def crowd(memories: Memories) -> None:
    """Let all entries that the queue has room for be due."""
    chip, registers = memories.chip, memories.registers
    entries, bits = memories.packed[Region.QUEUE_RUNS], index_bits(chip.runs)
    entries[:] = entries & ((1 << bits) - 1) | (registers["step"] & 255) << bits
    registers["length"] = chip.queue


def told(sheet: Sheet, last: int, memories: Memories) -> dict[str, list]:
    """Return what a grid shows."""
    rows = sheet.finish(last + 3)
    about = strobes(memories.chip)
    return {name: shown(rows, name, *about[name]) for name in ("learned", "mark", "arrive")}


@pytest.mark.parametrize("phase", ["walk", "replay", "epoch"])
@pytest.mark.parametrize("seed", range(60))
def test_a_ring_is_what_the_page_says_cycle_by_cycle(phase, seed):
    random = np.random.default_rng([seed, 15])
    chip = learning_chip(random)
    while phase == "epoch" and not unit(chip).on_epoch:
        chip = learning_chip(random)
    memories = random_contents(chip, random)
    if phase == "walk":
        crowd(memories)
    else:
        memories.registers["learn"] = 1
    if phase == "epoch":
        memories.registers.update(period=3, until=1)
    plasticity, sheet = waiting(memories, random)
    literal = LiteralRing(memories, plasticity, phase)
    act = {"walk": plasticity.walk, "replay": plasticity.finish, "epoch": plasticity.after}
    act[phase]()
    last = literal.run(FIRST) if phase == "walk" else literal.sweep(FIRST)
    rows = sheet.finish(last + 200)
    number = Phase[phase.upper()]
    assert np.flatnonzero(rows["phase"] == number).tolist() == list(range(FIRST, last + 1))
    found = told(sheet, last, memories)
    assert found == {
        "learned": literal.writes,
        "mark": literal.marks,
        "arrive": literal.arrivals,
    }
    for name, words in literal.held.items():
        if phase == "walk" or name not in ("post_lasts", *(f"post_trace_{i}" for i in range(9))):
            assert memories.words(memories.added[name]).tolist() == words
