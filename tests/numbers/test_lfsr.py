"""Random register: known words, an independent uint32 implementation, and its full period."""

import numpy as np
import pytest

from golden.numbers import lfsr
from tests.shared.by_hand import ALL_ONES_NEXT, WORDS

PRIMES = (3, 5, 17, 257, 65537)
"""Factors of 2**32 - 1, each once."""


def reference_words(state: int, n: int) -> list[int]:
    register, words = np.array([state], dtype=np.uint32), []
    for _ in range(n):
        register = register ^ (register << np.uint32(13))
        register = register ^ (register >> np.uint32(17))
        register = register ^ (register << np.uint32(5))
        words.append(int(register[0]))
    return words


def times(matrix: list[int], vector: int) -> int:
    """Multiply over GF(2); a matrix is a list of 32 columns, a column an integer of 32 bits."""
    product = 0
    for i, column in enumerate(matrix):
        product ^= column if vector >> i & 1 else 0
    return product


def power(matrix: list[int], exponent: int) -> list[int]:
    result = [1 << i for i in range(32)]
    while exponent:
        if exponent & 1:
            result = [times(matrix, column) for column in result]
        matrix = [times(matrix, column) for column in matrix]
        exponent >>= 1
    return result


# By hand


def test_first_words_after_one():
    state, states = 1, []
    for _ in range(3):
        state = lfsr.step(state)
        states.append(state)
    assert tuple(states) == WORDS


def test_first_word_of_marsaglias_seed():
    assert lfsr.step(2463534242) == 723471715


def test_top_bits_that_fall_out_are_dropped():
    assert lfsr.step(1 << 31) == 1 << 31 | 1 << 14 | 1 << 19


@pytest.mark.parametrize(
    ("n_bits", "word"),
    [
        pytest.param(0, 0, id="no-bits-is-zero"),
        pytest.param(1, 1, id="top-bit"),
        pytest.param(10, 1023, id="upper-ten"),
        pytest.param(11, 2046, id="upper-eleven"),
        pytest.param(32, 0xFFC07FE0, id="whole-word"),
    ],
)
def test_draw_takes_upper_bits_of_new_state(n_bits, word):
    assert lfsr.draw(ALL_ONES_NEXT, n_bits) == (word, 0xFFC07FE0)


@pytest.mark.parametrize(
    ("seed", "state"),
    [
        pytest.param(0, 1, id="zero-becomes-one"),
        pytest.param(1, 2654435769, id="multiplier"),
        pytest.param(2, 1013904242, id="twice-the-multiplier-wraps"),
        pytest.param(1 << 32, 1, id="zero-in-low-bits-becomes-one"),
    ],
)
def test_seed_is_spread(seed, state):
    assert lfsr.seeded(seed) == state


def test_different_seeds_differ_and_none_is_zero():
    states = {lfsr.seeded(seed) for seed in range(10_000)}
    assert len(states) == 10_000
    assert 0 not in states


# Equality


@pytest.mark.parametrize("seed", [1, 2463534242, 0xFFFFFFFF, 1 << 31, 0xDEADBEEF])
def test_words_equal_uint32_arithmetic(seed):
    state, words = seed, []
    for _ in range(2000):
        word, state = lfsr.draw(state, 32)
        words.append(word)
        assert word == state != 0
    assert words == reference_words(seed, 2000)


def test_step_is_linear():
    columns = [lfsr.step(1 << i) for i in range(32)]
    for state in reference_words(12345, 500):
        assert lfsr.step(state) == times(columns, state)


def test_period_is_all_states_but_zero():
    columns = [lfsr.step(1 << i) for i in range(32)]
    identity = [1 << i for i in range(32)]
    assert power(columns, 2**32 - 1) == identity
    for prime in PRIMES:
        assert power(columns, (2**32 - 1) // prime) != identity


@pytest.mark.parametrize("state", [1, 2, 340573321, 2654435769, 2**32 - 1])
def test_a_seed_gives_its_state(state):
    assert lfsr.seeded(lfsr.seed(state)) == state
