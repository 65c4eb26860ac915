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
    pairs: Callable[[int, int, bool, np.random.Generator], Pairs]
    """Of (pre neurons, post neurons, whether both are the same ones, random numbers)."""


def _without_self(pre: Indices, post: Indices, same: bool, self_too: bool) -> Pairs:
    keep = slice(None) if self_too or not same else pre != post
    return Pairs(pre[keep], post[keep])


def all_to_all(self_too: bool = True) -> Connector:
    """Everybody with everybody; ``self_too``: also with themselves, where both sides are one."""

    def pairs(pre: int, post: int, same: bool, _: np.random.Generator) -> Pairs:
        return _without_self(*np.divmod(np.arange(pre * post), post), same, self_too)

    return Connector("all_to_all()", pairs)


def one_to_one() -> Connector:
    """Neuron i with neuron i."""

    def pairs(pre: int, post: int, same: bool, _: np.random.Generator) -> Pairs:
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

    def pairs(pre: int, post: int, same: bool, random: np.random.Generator) -> Pairs:
        rows = [np.flatnonzero(random.random(post) < p) for _ in range(pre)]
        i = np.repeat(np.arange(pre), [len(row) for row in rows])
        return _without_self(i, np.concatenate(rows), same, self_too)

    return Connector(f"fixed_probability({p})", pairs)


def fixed_fan_out(n: int, self_too: bool = False) -> Connector:
    """Every source with ``n`` different targets."""
    n = whole(n, "n of fixed_fan_out", 0)

    def pairs(pre: int, post: int, same: bool, random: np.random.Generator) -> Pairs:
        partners = _partners(pre, post, n, same and not self_too, random, f"fixed_fan_out({n})")
        return Pairs(np.repeat(np.arange(pre), n), partners)

    return Connector(f"fixed_fan_out({n})", pairs)


def fixed_fan_in(n: int, self_too: bool = False) -> Connector:
    """Every target with ``n`` different sources."""
    n = whole(n, "n of fixed_fan_in", 0)

    def pairs(pre: int, post: int, same: bool, random: np.random.Generator) -> Pairs:
        i = _partners(post, pre, n, same and not self_too, random, f"fixed_fan_in({n})")
        j = np.repeat(np.arange(post), n)
        order = np.lexsort((j, i))
        return Pairs(i[order], j[order])

    return Connector(f"fixed_fan_in({n})", pairs)


def _partners(
    here: int, there: int, n: int, not_self: bool, random: np.random.Generator, name: str
) -> Indices:
    """Return ``n`` different partners of everybody here, one after the other."""
    most = there - not_self
    if not 0 <= n <= most:
        raise ValueError(f"{name} must ask for 0 to {most} partners, not {n}")
    chosen = [np.zeros(0, np.int64)]
    for i in range(here):
        partners = random.choice(most, n, replace=False, shuffle=False)
        chosen.append(np.sort(partners + (not_self & (partners >= i))))
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

    def pairs(sources: int, targets: int, same: bool, _: np.random.Generator) -> Pairs:
        for side, size, what in ((i, sources, "source"), (j, targets, "target")):
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

    def pairs(sources: int, targets: int, same: bool, _: np.random.Generator) -> Pairs:
        if matrix.shape != (sources, targets):
            raise ValueError(
                f"from_matrix must have a matrix of {sources} x {targets}, not {shape(matrix)}"
            )
        i, j = np.nonzero(matrix)
        return Pairs(i, j, matrix[i, j])

    return Connector(f"from_matrix({shape(matrix)})", pairs)
