"""What lies between layers of a NIR graph, as matrices."""

from typing import Any

import nir
import numpy as np
import pytest
from scipy import signal, sparse

from golden.interchange.linear import bias, matrix, through


def conv2d(weight, shape, stride=(1, 1), padding: Any = 0, groups=1):
    return nir.Conv2d(
        input_shape=shape,
        weight=weight,
        stride=stride,
        padding=padding,
        dilation=1,
        groups=groups,
        bias=np.arange(len(weight), dtype=float),
    )


def test_a_convolution_is_scipys_correlation():
    random = np.random.default_rng(1)
    weight, image = random.normal(size=(3, 2, 3, 2)), random.normal(size=(2, 6, 7))
    for padding, stride in ((0, (1, 1)), ((1, 2), (1, 1)), (1, (2, 3)), ("valid", (1, 1))):
        node = conv2d(weight, (6, 7), padding=padding, stride=stride)
        pad = (0, 0) if padding == "valid" else np.broadcast_to(padding, (2,))
        padded = np.pad(image, [(0, 0), (pad[0],) * 2, (pad[1],) * 2])
        full = [
            sum(signal.correlate2d(padded[c], kernel[c], "valid") for c in range(2))
            for kernel in weight
        ]
        expected = np.array(full)[:, :: stride[0], :: stride[1]]
        got = (matrix(node, "c") @ image.ravel()).reshape(expected.shape)
        np.testing.assert_allclose(got, expected, atol=1e-12)
        added = bias(node)
        assert added is not None
        assert (
            added.reshape(expected.shape)[2].tolist() == np.full(expected.shape[1:], 2.0).tolist()
        )


def test_same_padding_keeps_the_size_and_groups_keep_channels_apart():
    node = conv2d(np.ones((2, 1, 3, 3)), (4, 4), padding="same", groups=2)
    image = np.zeros((2, 4, 4))
    image[1, 0, 0] = 1
    got = (matrix(node, "c") @ image.ravel()).reshape(2, 4, 4)
    assert got[0].sum() == 0
    assert got[1].tolist() == [[1, 1, 0, 0], [1, 1, 0, 0], [0] * 4, [0] * 4]


def test_a_dilated_line_by_hand():
    node = nir.Conv1d(
        input_shape=5, weight=np.array([[[1.0, 10.0]]]), stride=1, padding=0, dilation=2, groups=1,
        bias=np.zeros(1),
    )  # fmt: skip
    assert (matrix(node, "c") @ np.arange(5.0)).tolist() == [20, 31, 42]


@pytest.mark.parametrize(("kind", "factor"), [(nir.SumPool2d, 1), (nir.AvgPool2d, 0.25)])
def test_pools_add_or_average_each_channel(kind, factor):
    node = kind(np.array([2, 2]), np.array([2, 2]), np.array([0, 0]))
    node.input_type = {"input": np.array([2, 2, 4])}
    image = np.arange(16.0).reshape(2, 2, 4)
    got = matrix(node, "p") @ image.ravel()
    assert got.tolist() == [factor * x for x in (0 + 1 + 4 + 5, 2 + 3 + 6 + 7, 42, 50)]


def test_a_delay_splits_a_path_and_delays_add_up():
    path = {1: sparse.csr_array(np.array([[1.0, 2.0], [3.0, 0.0]]))}
    longer = through(path, nir.Delay(np.array([0.002, 0.004])), "d", 0.001)
    assert {d: m.toarray().tolist() for d, m in longer.items()} == {
        3: [[1, 2], [0, 0]],
        5: [[0, 0], [3, 0]],
    }
    after = through(longer, nir.Linear(np.array([[1.0, 1.0]])), "l", 0.001)
    assert {d: m.toarray().tolist() for d, m in after.items()} == {3: [[1, 2]], 5: [[3, 0]]}
    with pytest.raises(ValueError, match=r"^delay of d must be a multiple of the step of 0.001 s"):
        through(path, nir.Delay(np.array([0.0015, 0.004])), "d", 0.001)
    with pytest.raises(ValueError, match=r"^delay of d must be 0 s or more, not -1 s$"):
        through(path, nir.Delay(np.array([0.002, -1.0])), "d", 0.001)


def test_a_convolution_larger_than_memory_is_refused_before_it_is_made():
    node = conv2d(np.ones((2, 1, 3, 3)), (10**5, 10**5))
    said = r"^c must have at most 16,777,216 synapses, not 179,992,800,072$"
    with pytest.raises(ValueError, match=said):
        matrix(node, "c")
