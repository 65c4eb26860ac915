"""What a host must not have written, if a chip shall learn."""

import numpy as np

from golden.network.chip import unit
from golden.network.interface import Region
from golden.network.rules.interface import REWARD_BITS, ranges
from golden.network.rules.words import REWARD
from golden.network.timing.learning.tables import ends, targets
from golden.network.timing.memories import Memories
from golden.network.timing.script import Section
from golden.numbers.formats import Array, Fmt


def beginnings(memories: Memories) -> Array:
    """Return the first synapse of every run that learns, and the end of the last one.

    Raises
    ------
    ValueError
        If so many runs cannot learn, or not so many synapses.
    """
    learner, learned = unit(memories.chip), memories.registers["learned"]
    if learned > learner.runs:
        raise ValueError(f"learned must be 0 to {learner.runs}, not {learned}")
    counts = memories.packed[Region.RUNS][:learned] & ((1 << memories.chip.count_bits) - 1)
    found = np.concatenate(([0], np.cumsum(counts)))
    if found[-1] > learner.synapses:
        raise ValueError(
            f"runs that learn must have at most {learner.synapses} synapses, not {found[-1]}"
        )
    return found


def check(memories: Memories, begins: Array, groups: list[Section]) -> None:
    """Check where synapses that learn end, what they have learned, and whose posts are noted.

    Raises
    ------
    ValueError
        If something is not there, beyond its bounds, or noted twice.
    """
    _ends(memories, begins)
    _words(memories, int(begins[-1]))
    _noted(memories, groups)


def _ends(memories: Memories, begins: Array) -> None:
    chip = memories.chip
    inlet, slot = ends(memories, begins)
    if inlet.max(initial=0) >= len(chip.inlets):
        raise ValueError(f"inlet must be below {len(chip.inlets)}, not {inlet.max()}")
    outside = np.flatnonzero(slot >= targets(chip).slots[inlet])
    if len(outside):
        at = outside[0]
        most = targets(chip).slots[inlet[at]]
        raise ValueError(f"slot of synapse {at} must be below {most}, not {slot[at]}")


def _words(memories: Memories, synapses: int) -> None:
    for name, (low, high) in ranges(unit(memories.chip)).items():
        values, shape = memories.memory(memories.added[name])
        learned = name.startswith("learned_")
        signed = low < 0 if learned else name.startswith(REWARD)
        bits = REWARD_BITS if name == "rewards" else shape.width
        values = Fmt(bits, signed).wrap(values[:synapses] if learned else values)
        outside = values[(values < low) | (values > high)]
        if len(outside):
            raise ValueError(f"{name} must be {low} to {high}, not {outside[0]}")


def _noted(memories: Memories, groups: list[Section]) -> None:
    taken = np.zeros(memories.chip.places, np.bool_)
    for group in groups:
        if group.noted:
            kind = group.pipeline.kind
            if not kind.inlet_bits:
                raise ValueError(f"a group whose posts are noted must be cells, not {kind.name}")
            places = group.pipeline.first_place + group.slot
            if taken[places].any():
                raise ValueError(
                    f"groups whose posts are noted must have slots of their own, not both "
                    f"{group.slot[taken[places]][0]} of {kind.name}"
                )
            taken[places] = True
