"""What lies between two layers of neurons in a NIR graph, as sparse matrices.

A path from one layer to the next is a mapping from delays in steps to matrices of shape (targets,
sources): what a spike of a source adds to a target after so many steps, in NIR's own units.
"""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import nir
import numpy as np
from scipy import sparse

Path = Mapping[int, sparse.csr_array]

LINEAR = (
    nir.Affine,
    nir.Linear,
    nir.Scale,
    nir.Conv1d,
    nir.Conv2d,
    nir.SumPool2d,
    nir.AvgPool2d,
    nir.Flatten,
    nir.Delay,
)
"""Nodes that no time passes in, or only time."""

MOST_SYNAPSES = 1 << 24
"""Of a convolution, those at its border included: a short file can ask for any number."""


def through(path: Path, node: Any, name: str, dt: float) -> Path:
    """Return a path that goes on through a linear node.

    Parameters
    ----------
    dt : float
        The step in seconds: NIR's delays are in seconds.

    Raises
    ------
    ValueError
        If the node cannot be a matrix, has other inputs than arrive, or a delay is no whole number
        of steps.
    """
    inputs = width(path)
    if isinstance(node, nir.Delay):
        _refuse_width(name, np.size(node.delay), inputs)
        return _delayed(path, np.ravel(node.delay), name, dt)
    after = matrix(node, name)
    _refuse_width(name, shape(after)[1], inputs)
    return {delay: sparse.csr_array(after @ before) for delay, before in path.items()}


def shape(matrix: sparse.csr_array) -> tuple[int, int]:
    """Return how many targets and sources a matrix has: scipy does not say that they are two."""
    return cast("tuple[int, int]", matrix.shape)


def width(path: Path) -> int:
    """Return how many targets a path has."""
    return max(shape(matrix)[0] for matrix in path.values())


def _refuse_width(name: str, inputs: int, arrives: int) -> None:
    if inputs != arrives:
        raise ValueError(f"{name} must have {arrives} inputs, as many as arrive, not {inputs}")


def added(one: Path, other: Path) -> Path:
    """Return two paths as one: matrices of one delay are added up."""
    total = dict(one)
    for delay, matrix in other.items():
        total[delay] = total[delay] + matrix if delay in total else matrix
    return total


def bias(node: Any) -> np.ndarray | None:
    """Return what a node adds in every step, one number for each of its outputs; None for 0."""
    if isinstance(node, nir.Affine):
        outputs = np.shape(node.weight)[-2]
        if np.size(node.bias) != outputs:
            raise ValueError(
                f"bias of an Affine must have {outputs} values, not {np.size(node.bias)}"
            )
        return np.ravel(node.bias)
    if isinstance(node, nir.Conv1d):
        return bias(_as_conv2d(node))
    if isinstance(node, nir.Conv2d):
        window = _window(node, "a convolution")
        return np.repeat(np.ravel(node.bias), window.rows * window.columns)
    return None


def matrix(node: Any, name: str) -> sparse.csr_array:
    """Return a node as a matrix of shape (outputs, inputs); both are counted in C order."""
    match node:
        case nir.Affine() | nir.Linear():
            if node.weight.ndim != 2:
                raise ValueError(f"weight of {name} must have 2 dimensions, not {node.weight.ndim}")
            return sparse.csr_array(node.weight)
        case nir.Scale():
            return sparse.csr_array(sparse.diags_array(np.ravel(node.scale).astype(np.float64)))
        case nir.Conv1d():
            return _convolution(_as_conv2d(node), name)
        case nir.Conv2d():
            return _convolution(node, name)
        case nir.SumPool2d() | nir.AvgPool2d():
            return _pooling(node)
    return sparse.csr_array(sparse.eye_array(int(np.prod(node.input_type["input"]))))


def _delayed(path: Path, seconds: np.ndarray, name: str, dt: float) -> Path:
    """Split a path by the delays of its targets."""
    if (seconds < 0).any():
        raise ValueError(f"delay of {name} must be 0 s or more, not {seconds[seconds < 0][0]:g} s")
    steps = np.rint(seconds / dt).astype(np.int64)
    if not np.allclose(seconds, steps * dt, rtol=1e-6, atol=0):
        raise ValueError(
            f"delay of {name} must be a multiple of the step of {dt:g} s, not {seconds.flat[0]:g} s"
        )
    longer: dict[int, sparse.csr_array] = {}
    for delay, before in path.items():
        for extra in np.unique(steps):
            here = sparse.diags_array((steps == extra).astype(np.float64)) @ before
            total = delay + int(extra)
            longer[total] = sparse.csr_array(longer[total] + here if total in longer else here)
    return longer


def _pair(value: Any) -> tuple[int, int]:
    both = np.broadcast_to(np.asarray(value, np.int64), (2,))
    return int(both[0]), int(both[1])


def _as_conv2d(node: nir.Conv1d) -> nir.Conv2d:
    """Return a convolution along a line as one over an image that is one pixel high."""
    if node.input_shape is None:
        raise ValueError("a Conv1d must say its input_shape")
    pad = node.padding if isinstance(node.padding, str) else (0, int(np.ravel(node.padding)[0]))
    return nir.Conv2d(
        input_shape=(1, int(np.ravel(node.input_shape)[0])),
        weight=node.weight[:, :, None, :],
        stride=(1, int(np.ravel(node.stride)[0])),
        padding=pad,
        dilation=(1, int(np.ravel(node.dilation)[0])),
        groups=int(node.groups),
        bias=node.bias,
    )


class _Window(NamedTuple):
    """How a kernel moves over an image."""

    rows: int
    """Of the output. Computed here: nir 1.0.8 takes every kernel for a square."""
    columns: int
    top: int
    """What is added before the first row and column."""
    left: int


def _window(node: nir.Conv2d, name: str) -> _Window:
    """Return the shape of the output; "same" padding adds the smaller half before."""
    if node.input_shape is None:
        raise ValueError(f"{name} must say its input_shape")
    if min(*_pair(node.stride), *_pair(node.dilation), int(node.groups)) < 1:
        raise ValueError(f"stride, dilation and groups of {name} must be 1 or more")
    ends = []
    for k in range(2):
        reach = _pair(node.dilation)[k] * (node.weight.shape[2 + k] - 1)
        named = isinstance(node.padding, (str, bytes))
        before = 0 if named else _pair(node.padding)[k]
        added = 2 * before
        if named and node.padding in {"same", b"same"}:
            before, added = reach // 2, reach
        size = (_pair(node.input_shape)[k] + added - reach - 1) // _pair(node.stride)[k] + 1
        if size < 1:
            raise ValueError(f"kernel of {name} must fit its input, not be larger")
        ends.append((size, before))
    synapses = ends[0][0] * ends[1][0] * math.prod(node.weight.shape)
    if synapses > MOST_SYNAPSES:
        raise ValueError(f"{name} must have at most {MOST_SYNAPSES:,} synapses, not {synapses:,}")
    return _Window(ends[0][0], ends[1][0], ends[0][1], ends[1][1])


def _convolution(node: nir.Conv2d, name: str) -> sparse.csr_array:
    """Return a correlation, as deep learning calls a convolution: the kernel is not turned."""
    out_rows, out_columns, top, left = _window(node, name)
    rows, columns = _pair(node.input_shape)
    channels_out, per_group, high, wide = node.weight.shape
    stride, dilation, groups = _pair(node.stride), _pair(node.dilation), int(node.groups)
    every = (channels_out, out_rows, out_columns, per_group, high, wide)
    o, r, c, k, y, x = (index.ravel() for index in np.indices(every))
    row = r * stride[0] - top + y * dilation[0]
    column = c * stride[1] - left + x * dilation[1]
    channel = o // (channels_out // groups) * per_group + k
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    target = (o * out_rows + r) * out_columns + c
    source = (channel * rows + row) * columns + column
    values = node.weight[o, k, y, x].astype(np.float64)
    size = (channels_out * out_rows * out_columns, per_group * groups * rows * columns)
    return sparse.csr_array((values[inside], (target[inside], source[inside])), shape=size)


def _pooling(node: nir.SumPool2d | nir.AvgPool2d) -> sparse.csr_array:
    """Return sums, or means, over windows, each channel for itself."""
    channels, rows, columns = (int(n) for n in node.input_type["input"])
    high, wide = _pair(node.kernel_size)
    weight = 1.0 / (high * wide) if isinstance(node, nir.AvgPool2d) else 1.0
    one = nir.Conv2d(
        input_shape=(rows, columns),
        weight=np.full((channels, 1, high, wide), weight),
        stride=_pair(node.stride),
        padding=_pair(node.padding),
        dilation=(1, 1),
        groups=channels,
        bias=np.zeros(channels),
    )
    return _convolution(one, "a pooling")
