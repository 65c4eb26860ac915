"""Connectors in space: neurons on a grid, counted row by row.

``shape`` is (rows, columns). Distances are in steps of the grid; ``wrap`` joins opposite edges.
"""

import numpy as np
from numpy.typing import ArrayLike

from golden.builder.connectors import Connector, Indices, Pairs, without_self
from golden.builder.given import numbers
from golden.cells.exact import exp

Shape = tuple[int, int]


def _sides(shape: Shape) -> str:
    """Return "rows x columns" of a shape that is one."""
    if np.shape(shape) != (2,) or any(not isinstance(n, int | np.integer) or n < 1 for n in shape):
        raise ValueError(f"shape must be (rows, columns), not {shape}")
    return f"{shape[0]} x {shape[1]}"


def _check(name: str, shape: Shape, neurons: int, what: str) -> None:
    if shape[0] * shape[1] != neurons:
        raise ValueError(
            f"shape of {name} must have {neurons} places, one for each {what}, "
            f"not {shape[0]} x {shape[1]}"
        )


def _squares(shape: Shape, wrap: bool) -> np.ndarray:
    """Return the square of the distance of any two neurons."""
    total = np.zeros((shape[0] * shape[1],) * 2, np.int64)
    for places, size in zip(np.indices(shape).reshape(2, -1), shape, strict=True):
        apart = np.abs(places[:, None] - places[None, :])
        total += np.square(np.minimum(apart, size - apart) if wrap else apart)
    return total


def grid(shape: Shape, reach: int = 1, diagonal: bool = True, wrap: bool = False) -> Connector:
    """Connect neighbours: up to ``reach`` steps away in rows and columns.

    Without ``diagonal`` rows and columns together, so that reach 1 gives four neighbours instead
    of eight.
    """
    name = f"grid({_sides(shape)}, {reach})"

    def pairs(sources: Indices, targets: Indices, _: np.random.Generator) -> Pairs:
        pre, post = len(sources), len(targets)
        _check(name, shape, pre, "source")
        _check(name, shape, post, "target")
        apart = np.zeros((2, pre, post), np.int64)
        for k, places in enumerate(np.indices(shape).reshape(2, -1)):
            step = np.abs(places[:, None] - places[None, :])
            apart[k] = np.minimum(step, shape[k] - step) if wrap else step
        far = apart.max(axis=0) if diagonal else apart.sum(axis=0)
        i, j = np.nonzero((far > 0) & (far <= reach))
        return Pairs(i, j)

    return Connector(name, pairs)


def gaussian_probability(
    shape: Shape, width: float, most: float = 1.0, wrap: bool = False, self_too: bool = False
) -> Connector:
    """Connect with probability ``most * exp(-d**2 / (2 width**2))``."""
    name = f"gaussian_probability({_sides(shape)}, {width})"
    if not width > 0 or not 0 <= most <= 1:
        raise ValueError(
            f"{name} must have a width above 0 and 0 to 1 at most, not {width}, {most}"
        )

    def pairs(sources: Indices, targets: Indices, random: np.random.Generator) -> Pairs:
        pre, post = len(sources), len(targets)
        _check(name, shape, pre, "source")
        _check(name, shape, post, "target")
        chance = most * exp(-_squares(shape, wrap) / (2 * width**2))
        i, j = np.nonzero(random.random((pre, post)) < chance)
        return without_self(Pairs(i, j), sources, targets, self_too)

    return Connector(name, pairs)


def difference_of_gaussians(
    shape: Shape,
    near: tuple[float, float],
    far: tuple[float, float],
    least: float = 0.0,
    wrap: bool = False,
    self_too: bool = False,
) -> Connector:
    """Give weights of a Mexican hat: ``a exp(-d**2 / 2 s**2) - b exp(-d**2 / 2 r**2)``.

    Parameters
    ----------
    near, far : (a, s) and (b, r)
        Heights and widths.
    least : float
        A smaller weight, in magnitude, makes no synapse.
    """
    name = f"difference_of_gaussians({_sides(shape)}, {near}, {far})"

    def pairs(sources: Indices, targets: Indices, _: np.random.Generator) -> Pairs:
        _check(name, shape, len(sources), "source")
        _check(name, shape, len(targets), "target")
        squares = _squares(shape, wrap)
        (a, s), (b, r) = near, far
        weight = a * exp(-squares / (2 * s * s)) - b * exp(-squares / (2 * r * r))
        i, j = np.nonzero((np.abs(weight) >= least) & (weight != 0))
        return without_self(Pairs(i, j, weight[i, j]), sources, targets, self_too)

    return Connector(name, pairs)


def convolution(shape: Shape, kernel: ArrayLike, stride: int = 1, padding: int = 0) -> Connector:
    """Give target (r, c) the sources of a window, with the weights of a kernel.

    The window of target (r, c) begins at source (r * stride - padding, c * stride - padding);
    ``kernel[y, x]`` is the weight of the source y rows below and x columns right of it. What lies
    outside is left out, and so is a weight of 0. Targets are counted row by row.
    """
    weights = np.atleast_2d(numbers(kernel, "kernel of convolution"))
    high, wide = weights.shape
    name = f"convolution({_sides(shape)}, kernel {high} x {wide})"
    if stride < 1 or padding < 0:
        raise ValueError(
            f"{name} must have a stride of 1 or more and a padding of 0 or more, "
            f"not {stride}, {padding}"
        )
    rows, columns = (
        (n + 2 * padding - k) // stride + 1 for n, k in zip(shape, (high, wide), strict=True)
    )

    def pairs(sources: Indices, targets: Indices, _: np.random.Generator) -> Pairs:
        _check(name, shape, len(sources), "source")
        _check(f"the targets of {name}", (rows, columns), len(targets), "target")
        r, c, y, x = (g.ravel() for g in np.indices((rows, columns, high, wide)))
        row, column = r * stride - padding + y, c * stride - padding + x
        keep = (row >= 0) & (row < shape[0]) & (column >= 0) & (column < shape[1])
        keep &= weights[y, x] != 0
        i, j = (row * shape[1] + column)[keep], (r * columns + c)[keep]
        order = np.lexsort((j, i))
        return Pairs(i[order], j[order], weights[y, x][keep][order])

    return Connector(name, pairs)


def local_windows(shape: Shape, window: int, stride: int = 1) -> Connector:
    """Connect every target with all sources of a window of its own (`convolution`)."""
    name = f"local_windows({_sides(shape)}, {window})"
    if window < 1:
        raise ValueError(f"{name} must have a window of 1 or more, not {window}")
    made = convolution(shape, np.ones((window, window)), stride)
    return Connector(name, made.pairs)
