"""JUNCTIONS: what flows through gap junctions is added to the sums at inlets."""

import numpy as np

from golden.network.interface import JUNCTION_SHIFT_AT, JUNCTION_SLOT_BITS, JUNCTION_WORDS
from golden.network.timing.memories import Memories
from golden.network.timing.record import Sheet
from golden.numbers.compiled import entry
from golden.numbers.formats import Array, Fmt

ARRIVAL = 14
"""Cycles from a junction's begin to its arrival."""
WORD_BITS = 32
SLOTS = (1 << JUNCTION_SLOT_BITS) - 1


def flowed(memories: Memories, sheet: Sheet, first: int) -> int:
    """Let the currents of all junctions flow; return the last cycle.

    Raises
    ------
    ValueError
        If there are not so many, or one is between what is not there.
    """
    chip, count = memories.chip, memories.registers["junctions"]
    if count > chip.junctions:
        raise ValueError(f"junctions must be 0 to {chip.junctions}, not {count}")
    words = memories.packed[memories.added["junctions"]][: JUNCTION_WORDS * count]
    before, behind, *factors, low, high = words.reshape(count, JUNCTION_WORDS).T
    slot, inlet = behind & SLOTS, behind >> JUNCTION_SLOT_BITS
    if inlet.max() >= len(chip.inlets):
        raise ValueError(f"inlet must be below {len(chip.inlets)}, not {inlet.max()}")
    owner = np.array([kind for kind, _ in chip.inlets])[inlet]
    one = _potential(memories, before >> JUNCTION_SLOT_BITS, before & SLOTS)
    other = _potential(memories, owner, slot)
    ahead, back = (Fmt(chip.junction_factor_bits, True).wrap(f) for f in factors)
    shift = high >> JUNCTION_SHIFT_AT
    if shift.min() < 1:
        raise ValueError(f"shift of a junction must be 1 or more, not {shift.min()}")
    offset = low | (high & ((1 << JUNCTION_SHIFT_AT) - 1)) << WORD_BITS
    if chip.junction_offset_bits:
        offset = Fmt(chip.junction_offset_bits, True).wrap(offset)
    else:
        offset[:] = 0
    flow = (ahead * one - back * other + offset + (1 << (shift - 1))) >> shift
    shown = np.empty(count, np.int64)
    place, bits = memories.bases[inlet] + slot, memories.sum_bits[inlet]
    summed(place, flow, bits, memories.cells, shown)
    cycles = first + JUNCTION_WORDS * np.arange(count) + ARRIVAL
    last = int(cycles[-1])
    sheet.reserve(last + 2)
    sheet.arrive(cycles, inlet, slot, shown)
    return last


def _potential(memories: Memories, kind: Array, slot: Array) -> Array:
    """Return the potentials of neurons by kind and slot."""
    kinds = memories.chip.kinds
    if kind.max() >= len(kinds):
        raise ValueError(f"kind of a junction must be 0 to {len(kinds) - 1}, not {kind.max()}")
    outside = slot >= np.array([k.slots for k in kinds])[kind]
    if outside.any():
        at = int(np.flatnonzero(outside)[0])
        here = kinds[kind[at]]
        raise ValueError(
            f"slot of a junction must be below {here.slots} of {here.name}, not {slot[at]}"
        )
    base = memories.potentials[kind]
    if base.min() < 0:
        here = kinds[kind[int(np.argmin(base))]]
        raise ValueError(f"a junction must join kinds with a potential, not {here.name}")
    return memories.cells[base + slot]


@entry
def summed(place, flow, bits, cells, shown):
    """Add flows (n,) to sums, one after the other; show each new sum as unsigned bits."""
    for i in range(len(place)):
        shown[i] = (cells[place[i]] + flow[i]) & ((1 << bits[i]) - 1)
        cells[place[i]] = shown[i] - ((shown[i] >> (bits[i] - 1)) << bits[i])
