"""What no network core can do, however large; and the rules that it can learn by."""

from dataclasses import replace

from golden.network.blueprint import Blueprint
from golden.network.chip import DUE_BITS, Chip
from golden.network.digest import digest
from golden.network.interface import DATA_BITS, INDEX_BITS, extents
from golden.network.rules.interface import EPOCH_BITS, LAST_BITS
from golden.network.rules.learner import LearningUnit
from golden.network.rules.several import as_one
from golden.numbers.formats import index_bits


def supported(blueprint: Blueprint) -> None:
    """Refuse what the core cannot do.

    Raises
    ------
    ValueError
        If synapses learn by a rule that is not for gates, or if others have short-term plasticity.
    """
    if rule_of(blueprint) is None:
        return
    learning = next(rows.name for rows in blueprint.rows if rows.learning)
    for rows in blueprint.rows:
        if rows.release:
            raise ValueError(
                f"synapses on a chip must learn or have short-term plasticity, not {learning} the "
                f"one and {rows.name} the other"
            )


def timely(chip: Chip, steps: int) -> None:
    """Refuse a run whose ages a chip cannot tell any more.

    Parameters
    ----------
    steps : int
        That the network will have done at its end.

    Raises
    ------
    ValueError
        If something learns, and these are more than half of the steps that a last spike has bits
        for.
    """
    if chip.learner and steps > (most := 1 << (LAST_BITS - 1)):
        raise ValueError(
            f"a network that learns on a chip must have done at most {most:,} steps, not {steps:,}"
        )


def rule_of(blueprint: Blueprint) -> LearningUnit | None:
    """Return the rules of a network as one, without sizes; None if nothing learns.

    Raises
    ------
    ValueError
        If a rule needs what no chip has.
    """
    found = rules_of(blueprint)
    _refuse_norms(blueprint)
    periods = {rows.learning.period for rows in blueprint.rows if rows.learning} - {0}
    if len(periods) > 1:
        raise ValueError(
            f"epochs on a chip must all take as many steps, not {' and '.join(map(str, periods))}"
        )
    if (longest := max(periods, default=0)) >> EPOCH_BITS:
        raise ValueError(
            f"an epoch on a chip must take at most {(1 << EPOCH_BITS) - 1:,} steps, not {longest:,}"
        )
    return as_one(found) if found else None


def rules_of(blueprint: Blueprint) -> list[LearningUnit]:
    """Return all rules of a network, without sizes, each once.

    Raises
    ------
    ValueError
        If there are several, and one looks at rewards or has a norm.
    """
    found: list[tuple[str, LearningUnit]] = []
    for rows in blueprint.rows:
        if rows.learning:
            unit = LearningUnit.of(rows.learning, 0, 0, 0, 0)
            if not any(same_rule(unit, other) for _, other in found):
                found.append((rows.name, unit))
    for name, unit in found[1:] and found:
        if unit.rewarded or unit.norm:
            others = [of for of, other in found if other is not unit]
            raise ValueError(
                "a rule on a chip with other rules, or other integers, must look at no rewards and "
                f"have no norm, not {'look at rewards' if unit.rewarded else 'have one'} as that "
                f"of {name} does, beside that of {others[0]}"
            )
    return [unit for _, unit in found]


def rule_numbers(blueprint: Blueprint) -> list[int]:
    """Return of all rows which of `rules_of` they learn by; 0 of those that do not learn."""
    rules, found = rules_of(blueprint), []
    for rows in blueprint.rows:
        unit = LearningUnit.of(rows.learning, 0, 0, 0, 0) if rows.learning else None
        own = [n for n, rule in enumerate(rules) if unit and same_rule(unit, rule)]
        found.append(own[0] if own else 0)
    return found


def _refuse_norms(blueprint: Blueprint) -> None:
    """Refuse a norm of weights that come to one target from several populations."""
    first: dict[int, str] = {}
    for rows in blueprint.rows:
        if rows.learning and rows.learning.norm:
            if rows.target in first:
                raise ValueError(
                    "weights with a norm must come to their targets by one connection on a chip, "
                    f"not by {first[rows.target]} and by {rows.name}"
                )
            first[rows.target] = rows.name


def same_rule(one: LearningUnit, other: LearningUnit) -> bool:
    """Tell whether two are one rule with the same integers, whatever their sizes."""
    first, second = (
        digest(replace(unit, runs=0, synapses=0, posts=0, span_bits=0)) for unit in (one, other)
    )
    # A digest does not know binary points of words.
    return first == second and one.shift == other.shift


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
