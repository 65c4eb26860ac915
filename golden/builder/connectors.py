"""Who is connected with whom: a connector gives pairs (pre, post), and weights if it has its own.

Both sides are counted through: several populations at once are one row of neurons. Pairs are drawn
with a NumPy generator (PCG64) that is seeded by (seed of the network, number of the connection), so
that a connection does not depend on others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.builder.given import numbers, shape, whole, whole_numbers

Indices = NDArray[np.int64]


class Pairs(NamedTuple):
    """Synapses: ``pre[k]`` to ``post[k]``."""

    pre: Indices
    post: Indices
    weight: NDArray[np.float64] | None = None
    """A factor for the weight of each; None for 1."""


@dataclass(frozen=True, slots=True)
class Connector:
    """A pattern of connections."""

    name: str
    """As a person writes it."""
    pairs: Callable[[Indices, Indices, np.random.Generator], Pairs]
    """Of (numbers of the sources and of the targets in the network, random numbers): a neuron that
    is on both sides has the same number there."""


def without_self(found: Pairs, sources: Indices, targets: Indices, self_too: bool = False) -> Pairs:
    """Return pairs of different neurons, or all of them if ``self_too``."""
    if self_too:
        return found
    keep = sources[found.pre] != targets[found.post]
    weight = None if found.weight is None else found.weight[keep]
    return Pairs(found.pre[keep], found.post[keep], weight)


def all_to_all(self_too: bool = True) -> Connector:
    """Everybody with everybody; ``self_too``: also with themselves."""

    def pairs(sources: Indices, targets: Indices, _: np.random.Generator) -> Pairs:
        everybody = np.divmod(np.arange(len(sources) * len(targets)), len(targets))
        return without_self(Pairs(*everybody), sources, targets, self_too)

    return Connector("all_to_all()", pairs)


def one_to_one() -> Connector:
    """Neuron i with neuron i."""

    def pairs(sources: Indices, targets: Indices, _: np.random.Generator) -> Pairs:
        pre, post = len(sources), len(targets)
        if pre != post:
            raise ValueError(
                f"one_to_one() must have {pre} targets, as many as sources, not {post}"
            )
        return Pairs(np.arange(pre), np.arange(pre))

    return Connector("one_to_one()", pairs)


def fixed_probability(p: float, self_too: bool = False) -> Connector:
    """Every pair with probability ``p``."""
    if numbers(p, "p of fixed_probability").ndim or not 0 <= p <= 1:
        raise ValueError(f"p of fixed_probability must be 0 to 1, not {p}")

    def pairs(sources: Indices, targets: Indices, random: np.random.Generator) -> Pairs:
        rows = [np.flatnonzero(random.random(len(targets)) < p) for _ in sources]
        i = np.repeat(np.arange(len(sources)), [len(row) for row in rows])
        return without_self(Pairs(i, np.concatenate(rows)), sources, targets, self_too)

    return Connector(f"fixed_probability({p})", pairs)


def fixed_fan_out(n: int, self_too: bool = False) -> Connector:
    """Every source with ``n`` different targets."""
    n = whole(n, "n of fixed_fan_out", 0)

    def pairs(sources: Indices, targets: Indices, random: np.random.Generator) -> Pairs:
        partners = _partners(sources, targets, n, self_too, random, f"fixed_fan_out({n})")
        return Pairs(np.repeat(np.arange(len(sources)), n), partners)

    return Connector(f"fixed_fan_out({n})", pairs)


def fixed_fan_in(n: int, self_too: bool = False) -> Connector:
    """Every target with ``n`` different sources."""
    n = whole(n, "n of fixed_fan_in", 0)

    def pairs(sources: Indices, targets: Indices, random: np.random.Generator) -> Pairs:
        i = _partners(targets, sources, n, self_too, random, f"fixed_fan_in({n})")
        j = np.repeat(np.arange(len(targets)), n)
        order = np.lexsort((j, i))
        return Pairs(i[order], j[order])

    return Connector(f"fixed_fan_in({n})", pairs)


def _partners(
    here: Indices,
    there: Indices,
    n: int,
    self_too: bool,
    random: np.random.Generator,
    name: str,
) -> Indices:
    """Return ``n`` different partners of everybody here, one after the other."""
    everybody, chosen = np.arange(len(there)), [np.zeros(0, np.int64)]
    for me, on_both in zip(here, np.isin(here, there) & (not self_too), strict=True):
        others = np.flatnonzero(there != me) if on_both else everybody
        if n > len(others):
            raise ValueError(f"{name} must ask for 0 to {len(others)} partners, not {n}")
        partners = random.choice(len(others), n, replace=False, shuffle=False)
        chosen.append(np.sort(others[partners]))
    return np.concatenate(chosen)


def from_pairs(pre: Any, post: Any) -> Connector:
    """Connect pre[k] with post[k], each pair at most once.

    Raises
    ------
    ValueError
        If the lists differ in length, or a pair stands there twice; when the network is built, if
        a neuron does not exist.
    """
    i, j = (np.atleast_1d(whole_numbers(x, "a neuron of from_pairs")) for x in (pre, post))
    if i.shape != j.shape or i.ndim != 1:
        raise ValueError(
            f"from_pairs must have two lists of one length, not of {shape(i)} and {shape(j)}"
        )
    _, first, count = np.unique([i, j], axis=1, return_index=True, return_counts=True)
    if (count > 1).any():
        k = first[count > 1][0]
        raise ValueError(f"from_pairs must have each pair once, not {i[k]} to {j[k]} again")

    def pairs(sources: Indices, targets: Indices, _: np.random.Generator) -> Pairs:
        for side, size, what in ((i, len(sources), "source"), (j, len(targets), "target")):
            outside = (side < 0) | (side >= size)
            if outside.any():
                raise ValueError(
                    f"{what} of from_pairs must be 0 to {size - 1}, not {side[outside][0]}"
                )
        return Pairs(i, j)

    return Connector(f"from_pairs({len(i)} pairs)", pairs)


def from_matrix(weights: Any) -> Connector:
    """Connect i with j where ``weights[i, j]`` is not 0, with that weight.

    Raises
    ------
    ValueError
        When the network is built, if the shape is not (sources, targets).
    """
    matrix = numbers(weights, "a weight of from_matrix")

    def pairs(sources: Indices, targets: Indices, _: np.random.Generator) -> Pairs:
        size = len(sources), len(targets)
        if matrix.shape != size:
            raise ValueError(
                f"from_matrix must have a matrix of {size[0]} x {size[1]}, not {shape(matrix)}"
            )
        i, j = np.nonzero(matrix)
        return Pairs(i, j, matrix[i, j])

    return Connector(f"from_matrix({shape(matrix)})", pairs)
