"""What must hold so that no sum of a network can overflow, whatever happens."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from golden.cells.trace import RAW_BITS
from golden.network.blueprint import Group, Rows
from golden.network.gaps import Gaps
from golden.network.source import NOISE_MEAN, NOISE_POINT, Drive

Worst = dict[tuple[int, str], NDArray[np.float64]]
"""Of group and receptor: the largest magnitude of a step's sum, shape (neurons,)."""


def of_arrivals(groups: Sequence[Group], rows: Sequence[Rows], gaps: Sequence[Gaps]) -> Worst:
    """Return what synapses and gap junctions may bring.

    A neuron spikes once a step, so each synapse brings its weight at most, or the most that it can
    learn; a potential may be whatever fits its word.

    Raises
    ------
    ValueError
        If a product at a gap junction does not fit 64 bits.
    """
    worst: Worst = {}
    for r in rows:
        total = worst.setdefault((r.target, r.receptor), np.zeros(groups[r.target].size))
        most = r.learning.most if r.learning else np.abs(r.weight.astype(np.float64))
        np.add.at(total, r.post, most)
    for x in gaps:
        total = worst.setdefault((x.target, x.receptor), np.zeros(groups[x.target].size))
        np.add.at(total, x.post, _most(groups, x))
    return worst


def check_sums(
    groups: Sequence[Group], rows: Sequence[Rows], drives: Sequence[Drive], gaps: Sequence[Gaps]
) -> None:
    """Refuse what might not fit the word of a sum.

    Raises
    ------
    ValueError
        If everything that may arrive in a step does not fit `RAW_BITS`, or a product at a gap
        junction 64 bits.
    """
    worst = of_arrivals(groups, rows, gaps)
    for d in drives:
        total = worst.setdefault((d.group, d.receptor), np.zeros(groups[d.group].size))
        level = np.abs(d.levels).max(axis=0)
        if d.deviation is not None:
            level = np.abs(d.deviation.astype(np.float64)) * NOISE_MEAN / 2**NOISE_POINT + 1
        total[d.first : d.first + len(level)] += level
    for (group, receptor), total in worst.items():
        if total.max() >= 1 << (RAW_BITS - 1):
            raise ValueError(
                f"what arrives at {receptor} of {groups[group].name} in a step must fit "
                f"{RAW_BITS} bits, not add up to {total.max():.3g}"
            )


def _most(groups: Sequence[Group], gaps: Gaps) -> NDArray[np.float64]:
    """Return the largest magnitude that can flow through each junction."""
    total = np.abs(gaps.offset).astype(np.float64)
    for number, factor in ((gaps.source, gaps.ahead), (gaps.target, gaps.behind)):
        program = groups[number].program
        assert program is not None
        total += factor * 2.0 ** (program.state(program.potential).width - 1)
    if total.max(initial=0) >= 2.0**62:
        raise ValueError(f"{gaps.name} must be weaker: their products do not fit 64 bits")
    return total / 2.0**gaps.shift + 1
