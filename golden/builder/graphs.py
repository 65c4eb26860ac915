"""Connectors from the theory of graphs."""

import numpy as np

from golden.builder.connectors import Connector, Indices, Pairs


def small_world(neighbours: int, rewired: float) -> Connector:
    """Connect a ring of neurons with their neighbours, and rewire some (Watts, Strogatz, 1998).

    Parameters
    ----------
    neighbours : int
        Targets of every neuron, half of them on each side: even.
    rewired : float
        Probability that a synapse gets another target instead, any but its source and those that
        the source has already.
    """
    if neighbours < 2 or neighbours % 2:
        raise ValueError(f"neighbours of small_world must be even and 2 or more, not {neighbours}")
    if not 0 <= rewired <= 1:
        raise ValueError(f"rewired of small_world must be 0 to 1, not {rewired}")

    def pairs(sources: Indices, targets: Indices, random: np.random.Generator) -> Pairs:
        pre, post = len(sources), len(targets)
        if not np.array_equal(sources, targets) or neighbours >= pre:
            raise ValueError(
                f"small_world must be within one population of more than {neighbours} neurons, "
                f"not from {pre} to {post}"
            )
        side = np.arange(1, neighbours // 2 + 1)
        steps = np.concatenate([-side[::-1], side])
        targets = (np.arange(pre)[:, None] + steps) % pre
        moved = random.random(targets.shape) < rewired
        for i, k in zip(*np.nonzero(moved), strict=True):
            free = np.setdiff1d(np.arange(pre), [i, *targets[i]])
            if len(free):
                targets[i, k] = random.choice(free)
        return Pairs(np.repeat(np.arange(pre), neighbours), np.sort(targets).ravel())

    return Connector(f"small_world({neighbours}, {rewired})", pairs)


def scale_free(links: int) -> Connector:
    """Let every neuron choose some earlier ones, the well connected more often.

    The first ``links`` neurons begin without links; each later one is linked, in both directions,
    with ``links`` different earlier ones, each with probability proportional to its links plus one
    (Barabasi, Albert, 1999).
    """
    if links < 1:
        raise ValueError(f"links of scale_free must be 1 or more, not {links}")

    def pairs(sources: Indices, targets: Indices, random: np.random.Generator) -> Pairs:
        pre, post = len(sources), len(targets)
        if not np.array_equal(sources, targets) or links >= pre:
            raise ValueError(
                f"scale_free must be within one population of more than {links} neurons, "
                f"not from {pre} to {post}"
            )
        degree = np.ones(pre)
        found = []
        for i in range(links, pre):
            chance = degree[:i] / degree[:i].sum()
            for j in random.choice(i, links, replace=False, p=chance):
                found += [(i, j), (j, i)]
                degree[j] += 1
            degree[i] += links
        i, j = np.array(sorted(found)).T
        return Pairs(i, j)

    return Connector(f"scale_free({links})", pairs)
