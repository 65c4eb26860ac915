"""What no network core can do, however large."""

from golden.network.blueprint import Blueprint
from golden.network.chip import DUE_BITS, Chip
from golden.network.interface import DATA_BITS, INDEX_BITS, extents
from golden.numbers.formats import index_bits


def supported(blueprint: Blueprint) -> None:
    """Refuse what the core cannot do.

    Raises
    ------
    ValueError
        If something learns.
    """
    for rows in blueprint.rows:
        if rows.learning:
            raise ValueError(
                f"synapses on a chip must be static, not learn by {rows.learning.rule}: {rows.name}"
            )


def check_words(chip: Chip) -> None:
    """Refuse a chip of which a host cannot reach everything.

    Raises
    ------
    ValueError
        If a word is wider than that of the bus, or a memory longer than its index says.
    """
    widths = {
        "a run": chip.count_bits + chip.gap_bits + 1 + chip.family_bits,
        "a synapse": chip.slot_bits + chip.weight_bits,
        "a row": index_bits(chip.runs) + DUE_BITS + 1,
    }
    for what, bits in widths.items():
        if bits > DATA_BITS:
            raise ValueError(f"{what} of a chip must fit {DATA_BITS} bits, not {bits}")
    longest = max(words for words, _ in extents(chip))
    if longest > 1 << INDEX_BITS:
        raise ValueError(
            f"a memory of a chip must have up to {1 << INDEX_BITS:,} words, not {longest:,}"
        )
