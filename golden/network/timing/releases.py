"""Releases: with short-term plasticity, a spike of a plastic axon gets its efficacy.

What it means stands in `golden.network.release`.
"""

import numpy as np

from golden.network.chip import Chip
from golden.network.interface import EFFICACY_BITS, RELEASE_WORDS, SPIKED_BITS
from golden.network.release import FINE_BITS, ONE, rounded
from golden.network.timing.memories import Memories
from golden.network.timing.record import Sheet
from golden.numbers.compiled import compiled, entry
from golden.numbers.formats import Array

RELEASED = 23
"""Cycles from a spike of a plastic axon to its new record; it is pushed in the next one."""
KEPT = (1 << EFFICACY_BITS) - 1
LAST = (1 << SPIKED_BITS) - 1
FINE = (1 << FINE_BITS) - 1
USE, RECOVERY, FACILITATION = 0, 1, 4
"""Words of a release: where its table begins, its last place and its fine table are three."""
EFFICACY, U, X = range(3)
"""Columns of what comes of a spike."""
nearest = compiled(rounded)


def lasting(chip: Chip, axons: Array) -> Array:
    """Return the cycles from the spike of each axon to that in which it is over."""
    return np.where(axons < chip.plastic_axons, RELEASED + 1, 1)


def waiting(chip: Chip, axons: Array) -> Array:
    """Return the cycles from then to the push of each axon."""
    return np.where(axons < chip.plastic_axons, 0, 1)


def released(memories: Memories, sheet: Sheet, pushes: Array, axons: Array) -> Array:
    """Release the plastic ones of the axons that are pushed in these cycles; return efficacies.

    Raises
    ------
    ValueError
        If constants of a release are not there.
    """
    chip = memories.chip
    out = np.full((len(axons), 3), ONE, np.int64)
    plastic = np.flatnonzero(axons < chip.plastic_axons)
    if not len(plastic):
        return out[:, EFFICACY]
    values, lasts, numbers, releases, decays = (
        memories.packed[memories.added[name]]
        for name in ("plastic_values", "plastic_lasts", "plastic_releases", "releases", "decays")
    )
    constants = releases.reshape(-1, RELEASE_WORDS)
    _check(chip, numbers[axons[plastic]], constants)
    now = memories.registers["step"]
    release(axons, plastic, now, (values, lasts, numbers), (constants, decays), out)
    sheet.reserve(int(pushes[-1]) + 2)
    sheet.release(pushes[plastic] - 1, axons[plastic], out[plastic, U], out[plastic, X])
    return out[:, EFFICACY]


def _check(chip: Chip, numbers: Array, constants: Array) -> None:
    """Check that releases are there, and their tables."""
    if numbers.max() >= chip.releases:
        raise ValueError(f"release must be below {chip.releases}, not {numbers.max()}")
    for first in (RECOVERY, FACILITATION):
        coarse, place, fine = constants[numbers, first : first + 3].T
        ends = np.maximum(coarse + place, fine + FINE)
        if ends.max() >= chip.decays:
            raise ValueError(
                f"tables of a release must end below {chip.decays} of decays, not at {ends.max()}"
            )


@compiled
def decayed(decays, constants, number, first, age):
    """Return what is left after so many steps."""
    place = min(age >> FINE_BITS, constants[number, first + 1])
    coarse = decays[constants[number, first] + place]
    return nearest(coarse * decays[constants[number, first + 2] + (age & FINE)])


@entry
def release(axons, plastic, now, records, tables, out):
    """Release axons (n,) at these places of it, one after the other.

    Parameters
    ----------
    records, tables : tuples of arrays
        Values, lasts and releases of plastic axons; constants of releases (releases,
        `RELEASE_WORDS`), decays.
    out : array of shape (n, 3)
        Gets efficacy, u and x of each.
    """
    (values, lasts, numbers), (constants, decays) = records, tables
    for i in plastic:
        axon = axons[i]
        number, u, x = numbers[axon], values[axon] & KEPT, values[axon] >> EFFICACY_BITS
        recovery = facilitation = 0
        if lasts[axon] >> SPIKED_BITS:
            age = (now - lasts[axon]) & LAST
            recovery = decayed(decays, constants, number, RECOVERY, age)
            facilitation = decayed(decays, constants, number, FACILITATION, age)
        x = ONE - nearest((ONE - (x - nearest(u * x))) * recovery)
        u = (constants[number, USE] & KEPT) + nearest(u * facilitation)
        out[i, U], out[i, X] = u & KEPT, x & KEPT
        out[i, EFFICACY] = nearest(out[i, U] * out[i, X]) & KEPT
        values[axon] = out[i, U] | out[i, X] << EFFICACY_BITS
        lasts[axon] = (now & LAST) | 1 << SPIKED_BITS
