"""The queue of what is still to arrive: rows that are pushed."""

import numpy as np

from golden.network.chip import DUE_BITS, Chip
from golden.network.interface import COUNTER_BITS, Region
from golden.network.timing.memories import Memories
from golden.network.timing.record import Sheet
from golden.network.timing.releases import released
from golden.numbers.compiled import compiled, entry
from golden.numbers.formats import Array, index_bits

CYCLE, KEPT, PLACE, RUN, SYNAPSE, DUE, EFFICACY, LENGTH = range(8)
"""Columns of what happens to the queue: when, whether an entry is written, where, what; how long
the queue is afterwards."""
COLUMNS = 8


def run_bits(chip: Chip) -> int:
    """Return the bits of the address of a run."""
    return index_bits(chip.runs)


@compiled
def wrapped(value, size):
    """Return a place in a ring, of one that is less than twice its size."""
    return value - size if value >= size else value


@entry
def pushed(cycles, axons, efficacies, today, ring, queue, rows, bits, out):
    """Push the rows of axons, one after the other; return how many find no room.

    Parameters
    ----------
    cycles : array of int64
        Of each push.
    efficacies : array of int64
        Of each axon's spike.
    queue, rows : tuples of arrays
        Runs, synapses and efficacies of entries; runs and synapses of rows.
    ring : array of int64
        Head and length of the queue; the length is changed.
    bits : int
        Of the address of a run.
    out : array of shape (axons, `COLUMNS`)
        What happened, a row each.
    """
    (queue_runs, queue_synapses, kept), (row_runs, row_synapses), lost = queue, rows, 0
    for i in range(len(axons)):
        word, synapse = row_runs[axons[i]], row_synapses[axons[i]]
        run, delay = word & ((1 << bits) - 1), (word >> bits) & 255
        out[i, KEPT] = 0
        if word >> (bits + 8) & 1:
            if ring[1] < len(queue_runs):
                place = wrapped(ring[0] + ring[1], len(queue_runs))
                due = (today + delay) & 255
                queue_runs[place] = run | due << bits
                queue_synapses[place], kept[place] = synapse, efficacies[i]
                ring[1] += 1
                out[i, KEPT], out[i, PLACE], out[i, RUN] = 1, place, run
                out[i, SYNAPSE], out[i, DUE], out[i, EFFICACY] = synapse, due, efficacies[i]
            else:
                out[i, KEPT] = -1
                lost += 1
        out[i, CYCLE], out[i, LENGTH] = cycles[i], ring[1]
    return lost


def push_rows(memories: Memories, sheet: Sheet, cycles: Array, axons: Array) -> None:
    """Push rows of axons in these cycles.

    Raises
    ------
    ValueError
        If there is no such axon, or not what it needs to be released.
    """
    if not len(axons):
        return
    registers, packed = memories.registers, memories.packed
    if axons.max() >= memories.chip.axons:
        raise ValueError(f"axon must be below {memories.chip.axons}, not {axons.max()}")
    efficacies = released(memories, sheet, cycles, axons)
    out = np.empty((len(axons), COLUMNS), np.int64)
    ring = np.array([registers["head"], registers["length"]])
    lost = pushed(
        cycles,
        axons,
        efficacies,
        registers["step"] & ((1 << DUE_BITS) - 1),
        ring,
        (packed[Region.QUEUE_RUNS], packed[Region.QUEUE_SYNAPSES], memories.efficacies),
        (packed[Region.ROW_RUNS], packed[Region.ROW_SYNAPSES]),
        run_bits(memories.chip),
        out,
    )
    registers["length"] = int(ring[1])
    sheet.reserve(int(cycles[-1]) + 2)
    show_entries(sheet, out[out[:, KEPT] == 1])
    sheet.follow("length", out[:, CYCLE] + 1, out[:, LENGTH])
    if lost:
        at = out[out[:, KEPT] < 0, CYCLE]
        most = (1 << COUNTER_BITS) - 1
        counts = np.minimum(registers["lost"] + np.arange(1, lost + 1), most)
        sheet.follow("lost", at + 1, counts)
        registers["lost"] = int(counts[-1])


def show_entries(sheet: Sheet, written: Array) -> None:
    """Show entries (n, `COLUMNS`) that are written."""
    sheet.push(
        written[:, CYCLE],
        place=written[:, PLACE],
        run=written[:, RUN],
        synapse=written[:, SYNAPSE],
        due=written[:, DUE],
        efficacy=written[:, EFFICACY],
    )
