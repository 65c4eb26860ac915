"""WALK: every entry of the queue is looked at once, and runs that are due arrive."""

import numpy as np

from golden.network.chip import DUE_BITS, Chip
from golden.network.interface import Region
from golden.network.timing.memories import Memories
from golden.network.timing.queue import (
    COLUMNS,
    CYCLE,
    DUE,
    EFFICACY,
    KEPT,
    LENGTH,
    PLACE,
    RUN,
    SYNAPSE,
    run_bits,
    show_entries,
    wrapped,
)
from golden.network.timing.record import Sheet
from golden.network.timing.releases import nearest
from golden.numbers.compiled import compiled, entry
from golden.numbers.formats import Array

ARRIVAL, PLASTIC_ARRIVAL = 4, 6
"""Cycles from the issue of a synapse to its arrival, and in a chip with plastic axons."""
VISIBLE, GONE = 2, 1
"""Cycles from WALK's first one to that in which the queue's first entry is visible, and from that
in which a run goes to the waiting place to that in which its entry is put back or dropped."""
RUN_BITS, COUNT, GAP, SLOT, WEIGHT, FAMILY_WEIGHT, FLIGHT = range(7)
"""Places in what `sizes` returns."""


def sizes(chip: Chip) -> Array:
    """Return widths of fields of packed words, and the cycles of an arrival."""
    return np.array([
        run_bits(chip),
        chip.count_bits,
        chip.gap_bits,
        chip.slot_bits,
        chip.weight_bits,
        chip.family_weight_bits,
        PLASTIC_ARRIVAL if chip.plastic_axons else ARRIVAL,
    ])


@compiled
def signed(value, bits):
    """Return the low bits as a two's-complement number."""
    low = value & ((1 << bits) - 1)
    return low - ((low >> (bits - 1)) << bits)


@compiled
def fields(word, bits):
    """Return count, gap, more and family of a run."""
    count = word & ((1 << bits[COUNT]) - 1)
    gap = (word >> bits[COUNT]) & ((1 << bits[GAP]) - 1)
    rest = word >> (bits[COUNT] + bits[GAP])
    return count, gap, rest & 1, rest >> 1


@entry
def arrivals(today, head, length, queue_runs, runs, bits):
    """Return how many synapses of the queue's entries are due."""
    total = 0
    for k in range(length):
        word = queue_runs[wrapped(head + k, len(queue_runs))]
        if word >> bits[RUN_BITS] == today:
            run = word & ((1 << bits[RUN_BITS]) - 1)
            while True:
                count, gap, more, _ = fields(runs[run], bits)
                total += count
                run += 1
                if not more or gap:
                    break
    return total


@compiled
def landed(first, about, rows, sums, bits, out, at):
    """Let the synapses of a run arrive, the first in cycle ``first``."""
    (synapse, count, family, efficacy), (cells, bases, sum_bits) = about, sums
    _, synapses, families = rows
    inlet = families[family] >> bits[FAMILY_WEIGHT]
    weight = signed(families[family], bits[FAMILY_WEIGHT])
    for k in range(count):
        word = synapses[synapse + k]
        slot = word & ((1 << bits[SLOT]) - 1)
        if bits[WEIGHT]:
            weight = signed(word >> bits[SLOT], bits[WEIGHT])
        total = signed(cells[bases[inlet] + slot] + nearest(weight * efficacy), sum_bits[inlet])
        cells[bases[inlet] + slot] = total
        out[at + k, 0], out[at + k, 1], out[at + k, 2] = first + k, inlet, slot
        out[at + k, 3] = total & ((1 << sum_bits[inlet]) - 1)


@compiled
def delivered(visible, what, walker, rows, sums, bits, arrived):
    """Let an entry that is due arrive; return what becomes of it, and of the walker.

    A run is taken from the waiting place when the walker is idle or issues its last synapse; the
    place is free again in that cycle.
    """
    (run, synapse, due, efficacy), (free, issued, n_arrived) = what, walker
    fetched, kept, at = visible, 1, visible
    while True:
        at = max(fetched + 1, free)
        count, gap, kept, family = fields(rows[0][run], bits)
        free = max(at + 1, issued)
        issued = free + count
        first, about = free + 1 + bits[FLIGHT], (synapse, count, family, efficacy)
        landed(first, about, rows, sums, bits, arrived, n_arrived)
        n_arrived += count
        if kept:
            run, synapse, due = run + 1, synapse + count, (due + gap) & 255
        if gap or not kept:
            return run, synapse, due, kept, at + GONE, free, issued, n_arrived
        fetched = at + 1


@compiled
def moved_on(row, at, kept, what, place, left, queue, bits):
    """Put an entry at ``place`` back if it is kept, and show it; return how many are left."""
    (queue_runs, queue_synapses, efficacies), (run, synapse, due, efficacy) = queue, what
    tail = wrapped(place + left, len(queue_runs))
    if kept:
        queue_runs[tail], queue_synapses[tail] = run | due << bits[RUN_BITS], synapse
        efficacies[tail] = efficacy
    else:
        left -= 1
    row[CYCLE], row[KEPT], row[PLACE], row[LENGTH] = at, kept, tail, left
    row[RUN], row[SYNAPSE], row[DUE], row[EFFICACY] = run, synapse, due, efficacy
    return left


@entry
def walked(first, today, head, left, queue, rows, sums, bits, moved, arrived):
    """Walk; return the last cycle.

    Parameters
    ----------
    first : int
        The first cycle.
    left : int
        Entries of the queue.
    queue, rows, sums : tuples of arrays
        Runs, synapses and efficacies of the queue; runs, synapses, families; sums, where those of
        an inlet begin, how wide they are.
    moved : array of shape (entries, `COLUMNS`)
        Gets what happens to every entry.
    arrived : array of shape (arrivals, 4)
        Gets cycle, inlet, slot and sum of every arrival.
    """
    (queue_runs, queue_synapses, efficacies), length = queue, left
    size, visible, n_arrived = len(queue_runs), first + VISIBLE, 0
    free = issued = last = first
    for k in range(length):
        place = wrapped(head + k, size)
        word, synapse, efficacy = queue_runs[place], queue_synapses[place], efficacies[place]
        run, due, kept, at = word & ((1 << bits[RUN_BITS]) - 1), word >> bits[RUN_BITS], 1, visible
        if due == today:
            run, synapse, due, kept, at, free, issued, n_arrived = delivered(
                visible,
                (run, synapse, due, efficacy),
                (free, issued, n_arrived),
                rows,
                sums,
                bits,
                arrived,
            )
            last = issued + bits[FLIGHT]
        left = moved_on(moved[k], at, kept, (run, synapse, due, efficacy), place, left, queue, bits)
        visible = at + 1
    return max(last, visible - 1)


def walk(memories: Memories, sheet: Sheet, first: int) -> int:
    """Walk through the queue; return the last cycle of it."""
    chip, registers, packed = memories.chip, memories.registers, memories.packed
    head, length = registers["head"], registers["length"]
    if not length:
        return first
    today, bits = registers["step"] & ((1 << DUE_BITS) - 1), sizes(chip)
    runs, entries = packed[Region.RUNS], packed[Region.QUEUE_RUNS]
    arrived = np.empty((arrivals(today, head, length, entries, runs, bits), 4), np.int64)
    moved = np.empty((length, COLUMNS), np.int64)
    last = walked(
        first,
        today,
        head,
        length,
        (entries, packed[Region.QUEUE_SYNAPSES], memories.efficacies),
        (runs, packed[Region.SYNAPSES], packed[Region.FAMILIES]),
        (memories.cells, memories.bases, memories.sum_bits),
        bits,
        moved,
        arrived,
    )
    sheet.reserve(last + 2)
    sheet.arrive(*arrived.T)
    show_moved(memories, sheet, moved)
    return last


def show_moved(memories: Memories, sheet: Sheet, moved: Array) -> None:
    """Show what has happened to the entries (n, `COLUMNS`), and keep it."""
    registers = memories.registers
    show_entries(sheet, moved[moved[:, KEPT] == 1])
    heads = (registers["head"] + 1 + np.arange(len(moved))) % memories.chip.queue
    sheet.follow("head", moved[:, CYCLE] + 1, heads)
    sheet.follow("length", moved[:, CYCLE] + 1, moved[:, LENGTH])
    registers["head"], registers["length"] = int(heads[-1]), int(moved[-1, LENGTH])
