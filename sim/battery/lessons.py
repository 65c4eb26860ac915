"""What the memories of a small core hold that learns: runs as the page wants them, any past."""

from collections.abc import Sequence

import numpy as np

from golden.network.chip import Chip, unit
from golden.network.interface import BusRequest, Region, added, registers
from golden.network.rules.interface import LAST_BITS, OFF, REWARD_BITS, ranges
from golden.network.rules.words import REWARD, REWARD_MOST
from golden.network.timing.memories import Memories
from golden.numbers.formats import Array, index_bits
from sim.battery.groups import SmallGroup
from sim.battery.learner_chips import stand

LATELY = 12
"""Steps before the first one in which spikes were."""


def teach(
    loaded: Memories, random: np.random.Generator, learn: int, period: int, off: bool
) -> None:
    """Let the first runs learn, each of one axon's row, and give them and their targets a past.

    Some are switched ``off``.
    """
    chip, learner = loaded.chip, unit(loaded.chip)
    learned = int(random.integers(learner.runs - 1, learner.runs + 1))
    _rows(loaded, random, learned)
    step, regions = loaded.registers["step"], added(chip)
    for name, number in regions.items():
        words, _ = loaded.extents[number]
        if name.endswith("_lasts"):
            last = (step - random.integers(1, LATELY, words)) % (1 << LAST_BITS)
            there = random.random(words) < 0.6
            last &= ~((~there & (not off)) * OFF)
            loaded.fill(number, last | there << LAST_BITS)
    for name, (low, high) in ranges(learner).items():
        words, _ = loaded.extents[regions[name]]
        loaded.fill(regions[name], random.integers(low, high, words, endpoint=True))
    stand(loaded, random)
    epochs = {"period": period, "until": max(period - 1, 1)} if learner.on_epoch else {}
    epochs |= {REWARD: 1} if learner.rewarded else {}
    loaded.registers |= {"learn": learn, "learned": learned, "length": 0} | epochs


def given(chip: Chip, random: np.random.Generator) -> list[BusRequest]:
    """Return what a host writes to give a reward to some places."""
    region, due = added(chip)["rewards"], 1 << REWARD_BITS
    places = np.flatnonzero(random.random(chip.places) < 0.6).tolist()
    amounts = random.integers(-REWARD_MOST, REWARD_MOST, len(places), endpoint=True).tolist()
    register = list(registers(chip)).index(REWARD)
    return [
        *(
            BusRequest(1, region, place, due | amount & (due - 1))
            for place, amount in zip(places, amounts, strict=True)
        ),
        BusRequest(1, Region.REGISTERS, register, 1),
    ]


def _rows(loaded: Memories, random: np.random.Generator, learned: int) -> None:
    """Write runs: of those that learn, and of the others, some are one axon's, one after another.

    No run is of two axons: so none comes twice in a step.
    """
    chip, learner, run, begin = loaded.chip, unit(loaded.chip), 0, 0
    axons = random.permutation(chip.axons).tolist()
    while axons and run < chip.runs:
        axon = axons.pop()
        chain = min(int(random.integers(1, 3)), (learned if run < learned else chip.runs) - run)
        _row(loaded, axon, run, begin, int(random.integers(1, 4)))
        for _ in range(chain):
            rest, room = learned - run - 1, learner.synapses - begin
            if run >= learned:
                rest, room = chip.runs - run - 1, chip.synapses - begin
            count = min(int(random.integers(1, 4)), room - rest)
            chain -= 1
            gap = int(random.integers(3))
            family = int(random.integers(1 << chip.family_bits))
            place = chip.count_bits + chip.gap_bits
            word = count | gap << chip.count_bits | (chain > 0) << place | family << (place + 1)
            loaded.packed[Region.RUNS][run] = word
            run, begin = run + 1, begin + count
    for axon in axons:
        loaded.packed[Region.ROW_RUNS][axon] = 0


def _row(loaded: Memories, axon: int, run: int, synapse: int, delay: int) -> None:
    bits = index_bits(loaded.chip.runs)
    loaded.packed[Region.ROW_RUNS][axon] = run | delay << bits | 1 << (bits + 8)
    loaded.packed[Region.ROW_SYNAPSES][axon] = synapse


def free_axons(chip: Chip, groups: Sequence[SmallGroup]) -> Array:
    """Return the axons that are nobody's."""
    taken = np.zeros(chip.axons, np.bool_)
    for group in groups:
        for first in (group.axon, *group.branches):
            if first is not None:
                taken[first : first + group.size] = True
    return np.flatnonzero(~taken)
