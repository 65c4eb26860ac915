"""Random words by place and time."""

import numpy as np

from golden.numbers.hash import ROUNDS, round_keys, speck_round, words


def test_a_round_by_hand():
    # x = (1 >> 7 | 1 << 9) + 2 = 514; ^ 3 = 513; y = 2 << 2 = 8; ^ 513 = 521
    assert speck_round(1, 2, 3) == (513, 521)


def test_keys_depend_on_every_bit_of_seed_and_step():
    base = round_keys(0, 0)
    assert len(base) == ROUNDS
    for bit in range(32):
        for keys in (round_keys(1 << bit, 0), round_keys(0, 1 << bit)):
            assert all(a != b for a, b in zip(keys[-2:], base[-2:], strict=True))


def test_words_are_uniform_and_steps_and_neighbours_do_not_agree():
    index = np.arange(1 << 16)
    drawn = [words(round_keys(7, step), 0, index) for step in range(8)]
    for word in drawn:
        for shift in (0, 8, 16, 24):
            counts = np.bincount(word >> shift & 255, minlength=256)
            chi = float(np.sum((counts - 256) ** 2 / 256))
            assert 160 < chi < 380  # 255 degrees of freedom: 4 deviations around 255
    a = np.array(drawn, float)
    assert np.abs(np.corrcoef(a) - np.eye(8)).max() < 0.02
    assert abs(np.corrcoef(a[0, 1:], a[0, :-1])[0, 1]) < 0.02
