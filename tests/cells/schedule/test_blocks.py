"""Block memories, and how wide memories are cut into columns that take fewer of them."""

from itertools import product

import pytest

from golden.cells.schedule import ECP5, GENERIC, UP5K
from golden.cells.schedule.blocks import LARGE, SMALL, blocks, columns, cut_blocks

# By hand


@pytest.mark.parametrize(
    ("words", "width", "modes", "expected", "taken"),
    [
        # 40 blocks of 2,048 words of 9 bits, and 20 of 4,096 of 4; as a whole 65.
        (80_000, 13, LARGE, (9, 4), 60),
        # 50 of the former and 7 of 16,384 bits.
        (101_000, 10, LARGE, (9, 1), 57),
        # Three times 9 bits are what one memory takes, too.
        (16_000, 27, LARGE, (27,), 24),
        (1_000, 18, LARGE, (18,), 1),
        # 50 blocks of 512 words of 8 bits, and 13 of 2,048 of 2.
        (25_600, 10, SMALL, (8, 2), 63),
        (25_600, 16, SMALL, (16,), 100),
    ],
)
def test_columns_by_hand(words, width, modes, expected, taken):
    assert columns(words, width, modes) == expected
    assert cut_blocks(words, width, modes) == taken


def test_a_family_that_names_no_blocks_has_whole_memories():
    assert GENERIC.columns(80_000, 13) == (13,)
    assert (ECP5.columns(80_000, 13), UP5K.columns(25_600, 10)) == ((9, 4), (8, 2))


# Equality


def test_columns_have_all_bits_and_never_take_more_than_a_whole_memory():
    found = set()
    for modes, width, words in product((SMALL, LARGE), range(1, 33), (1, 300, 2049, 9000, 70_000)):
        parts = columns(words, width, modes)
        assert sum(parts) == width
        assert min(parts) > 0
        whole, cut = blocks(words, width, modes), cut_blocks(words, width, modes)
        assert (cut == whole) if len(parts) == 1 else (cut < whole)
        found.add(len(parts))
    assert found >= {1, 2}
