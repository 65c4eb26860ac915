"""The course of a run, as `docs/training.md` says it: random words, order, shifts, states."""

import re
from pathlib import Path

import numpy as np
import pytest

from golden.datasets import load_dataset
from golden.dense import synapse
from golden.dense.engine import Learner
from golden.dense.params import Params
from golden.training.course import Course, shifted
from golden.training.recipe import recipe

PAGE = (Path(__file__).parents[2] / "docs/training.md").read_text()
STATES = [
    (preset, rule, int(images.replace(",", "")), state)
    for preset, rule, images, state in re.findall(
        r"^\| `(\w+)` \| (\w+) \| ([\d,]+) \| `(\w{64})` \|$", PAGE, re.MULTILINE
    )
]


class Words:
    """The 32-bit words of PCG64, and what the page makes of them."""

    def __init__(self, seed):
        self.source, self.left = np.random.PCG64(seed), []

    def word(self):
        if not self.left:
            word = int(self.source.random_raw())
            self.left = [word >> 32, word & 0xFFFFFFFF]
        return self.left.pop()

    def integers(self, low, high, n):
        return [low + self.below(high - low) for _ in range(n)]

    def below(self, n):
        if n == 1:
            return 0
        product = self.word() * n
        while product % 2**32 < (2**32 - n) % n:
            product = self.word() * n
        return product >> 32

    def permutation(self, n):
        order = list(range(n))
        for i in range(n - 1, 0, -1):
            mask = (1 << i.bit_length()) - 1
            j = self.word() & mask
            while j > i:
                j = self.word() & mask
            order[i], order[j] = order[j], order[i]
        return order


@pytest.fixture(scope="module")
def digits():
    return load_dataset("digits", size=(28, 28))


# By hand


def test_image_moves_down_and_right_and_black_moves_in():
    class Fixed:
        def integers(self, low, high, size):
            assert (low, high, size) == (-1, 2, (2, 2))
            return np.array([[1, 0], [-1, 1]])

    image = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]], dtype=np.uint8)
    down_left, right = shifted(np.stack([image, image]), 1, Fixed())  # pyright: ignore[reportArgumentType]
    assert down_left.tolist() == [[0, 0, 0], [2, 3, 0], [5, 6, 0]]
    assert right.tolist() == [[0, 1, 2], [0, 4, 5], [0, 7, 8]]


# Refusals


def test_course_refuses_a_seed_out_of_range(digits):
    with pytest.raises(ValueError, match="^seed must be 0 to 4294967295, not -1$"):
        Course(recipe("tiny", "stdp"), digits, -1)


# Equality


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1])
@pytest.mark.parametrize(("low", "high"), [(-20, 60), (-1, 1), (5, 6), (-32768, 32768)])
def test_initial_weights_come_from_the_words_of_the_page(seed, low, high):
    bounds = {"w_min": -32768, "w_max": 32767, "w_init_low": low, "w_init_high": high}
    w = synapse.initial(Params(n_neurons=3, weight_bits=16, **bounds), seed)
    assert w.ravel().tolist() == Words(seed).integers(low, high, w.size)


@pytest.mark.parametrize("epoch", [0, 1, 12])
def test_order_and_shifts_come_from_the_words_of_the_page(digits, epoch):
    course = Course(recipe("digits", "rstdp", n_classes=10), digits, 7)
    n = len(digits.train_images)
    words = Words([7, epoch])
    order = words.permutation(n)
    down, right = words.integers(-1, 2, n), words.integers(-1, 2, n)
    batch = course.batch(epoch * n, 50)
    assert batch.labels.tolist() == digits.train_labels[order[:50]].tolist()
    for i in range(50):
        margin = np.pad(digits.train_images[order[i]], 1)
        top, left = 1 - down[i], 1 - right[i]
        assert np.array_equal(
            batch.images[i].reshape(28, 28), margin[top : top + 28, left : left + 28]
        )


@pytest.mark.parametrize(("preset", "rule", "images", "state"), STATES)
def test_state_after_some_images_is_that_of_the_page(digits, preset, rule, images, state):
    course = Course(recipe(preset, rule, n_classes=10), digits, 1)
    learner = Learner(course.recipe.params, course.initial(), course.classes)
    done = 0
    while done < images:
        batch = course.batch(done, images - done)
        learner.params = batch.params
        learner.learn(batch.images, batch.labels)
        done += len(batch.images)
    assert learner.state.sha256() == state


def test_page_has_states_of_both_rules_from_the_first_to_the_last_image(digits):
    for preset, rule in {row[:2] for row in STATES}:
        total = Course(recipe(preset, rule, n_classes=10), digits, 1).total
        assert [row[2] for row in STATES if row[:2] == (preset, rule)] == [0, 1, 300, total]
    assert {rule for _, rule, *_ in STATES} == {"stdp", "rstdp"}
