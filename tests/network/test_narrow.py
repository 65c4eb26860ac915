"""Sums wider than 32 bits that the kernel computes in vectors of 32 bits."""

import re

import numpy as np
import pytest

from golden.cells.program import Program
from golden.cells.trace import Trace
from golden.network.engine.kernel import Kernel
from golden.network.engine.objects import optimised
from tests.cells.models import engine, golden

WIDTH, NEURONS = 27, 70


def decaying(seed: int) -> Program:
    """Return a conductance of 27 bits that decays by a product of all of them, in two pieces."""
    random = np.random.default_rng(seed)
    ends = -(1 << (WIDTH - 1)), (1 << (WIDTH - 1)) - 1
    start = random.integers(ends[0], ends[1], NEURONS, endpoint=True)
    start[:4] = *ends, -1, 0
    trace = Trace(1.0)
    g = trace.state("g", WIDTH, 25, start * 2.0**-25)
    share = trace.constant("share", random.uniform(0.5, 0.999, NEURONS) / 32)
    high = g.floored(16)
    low = g.lowest(9)
    lost = high * share + (low * share)
    trace.write("g", (g - lost).rounded(25))
    v = trace.state("v", 23, 15, random.integers(-(1 << 22), 1 << 22, NEURONS) * 2.0**-15)
    pull = v.rounded(9)
    trace.write("v", (v + high * pull + low * pull).rounded(15).fitted(23))
    trace.spike(v < trace.number(0), v)
    return trace.program()


def test_products_of_wide_words_need_no_vectors_of_64_bits():
    text = str(optimised(Kernel(decaying(1), competes=False).text()))
    products = re.findall(r"mul (?:nsw |nuw )*<16 x (i\d+)>", text)
    assert set(products) == {"i32"}


@pytest.mark.parametrize("seed", range(4))
def test_three_parts_are_the_sum_that_golden_has(seed):
    program = decaying(seed)
    assert engine(program, NEURONS, {}, 6) == golden(program, NEURONS, {}, 6)
