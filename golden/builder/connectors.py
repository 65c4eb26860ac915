"""Who is connected with whom: a connector gives pairs (pre, post)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Connector:
    """A pattern of connections."""

    name: str
    """As a person writes it."""
    pairs: Callable[[int, int, bool, np.random.Generator], Pairs]
    """Of (pre neurons, post neurons, whether both are the same ones, random numbers)."""


def all_to_all(self_too: bool = True) -> Connector:
    """Everybody with everybody; ``self_too``: also with themselves, where both sides are one."""

    def pairs(pre: int, post: int, same: bool, _) -> Pairs:
        i, j = np.divmod(np.arange(pre * post, dtype=np.int64), post)
        keep = slice(None) if self_too or not same else i != j
        return i[keep], j[keep]

    return Connector("all_to_all()", pairs)


def one_to_one() -> Connector:
    """Neuron i with neuron i."""

    def pairs(pre: int, post: int, *_) -> Pairs:
        if pre != post:
            raise ValueError(
                f"one_to_one() must have as many targets as sources, not {post} and {pre}"
            )
        return np.arange(pre), np.arange(pre)

    return Connector("one_to_one()", pairs)


def fixed_probability(p: float, self_too: bool = False) -> Connector:
    """Every pair with probability ``p``."""
    if not 0 <= p <= 1:
        raise ValueError(f"a probability must be 0 to 1, not {p}")

    def pairs(pre: int, post: int, same: bool, random: np.random.Generator) -> Pairs:
        i, j = np.nonzero(random.random((pre, post)) < p)
        keep = slice(None) if self_too or not same else i != j
        return i[keep], j[keep]

    return Connector(f"fixed_probability({p})", pairs)


def fixed_fan_out(n: int, self_too: bool = False) -> Connector:
    """Every source with ``n`` different targets."""

    def pairs(pre: int, post: int, same: bool, random: np.random.Generator) -> Pairs:
        i, j = _chosen(pre, post, n, same and not self_too, random, "fixed_fan_out", "targets")
        return i, j

    return Connector(f"fixed_fan_out({n})", pairs)


def fixed_fan_in(n: int, self_too: bool = False) -> Connector:
    """Every target with ``n`` different sources."""

    def pairs(pre: int, post: int, same: bool, random: np.random.Generator) -> Pairs:
        j, i = _chosen(post, pre, n, same and not self_too, random, "fixed_fan_in", "sources")
        order = np.lexsort((j, i))
        return i[order], j[order]

    return Connector(f"fixed_fan_in({n})", pairs)


def _chosen(
    here: int, there: int, n: int, not_self: bool, random: np.random.Generator, name: str, what: str
) -> Pairs:
    """Return ``n`` different partners of everybody here."""
    most = there - not_self
    if not 0 <= n <= most:
        raise ValueError(f"{name}({n}) must ask for 0 to {most} {what}, not {n}")
    chosen = []
    for i in range(here):
        partners = random.choice(most, n, replace=False, shuffle=False)
        chosen.append(np.sort(partners + (not_self & (partners >= i))))
    return np.repeat(np.arange(here), n), np.concatenate(chosen) if chosen else np.zeros(
        0, np.int64
    )


def from_pairs(pre: object, post: object) -> Connector:
    """Connect pre[k] with post[k]."""
    given = np.asarray(pre, np.int64), np.asarray(post, np.int64)
    if given[0].shape != given[1].shape or given[0].ndim != 1:
        raise ValueError(
            f"from_pairs must have two lists of one length, not {given[0].shape} and "
            f"{given[1].shape}"
        )
    return Connector(f"from_pairs({len(given[0])} pairs)", lambda *_: given)
