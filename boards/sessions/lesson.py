"""A device learns and answers beside golden; what both say of every image must be equal."""

from typing import Any

import numpy as np

from boards.host.dense import Answer, DenseDriver
from golden.command.console import OUT, Display
from golden.dense.engine import Learner
from golden.training import responses
from golden.training.course import Batch, Course

ANSWERS = 3
"""Images that are answered in the end."""


class PairedLesson:
    """One device, and golden beside it.

    Parameters
    ----------
    device : DenseDriver
        Has been greeted.
    course : Course
        What is learned.
    """

    def __init__(self, device: DenseDriver, course: Course):
        self.device, self.course = device, course
        self.learner = Learner(course.recipe.params, course.initial(), course.classes)
        self.cycles = 0
        """In which images were presented."""

    def run(self, n_images: int, display: Display) -> bool:
        """Learn from images, then answer some; return whether all was equal."""
        learner, course = self.learner, self.course
        random = np.random.default_rng([course.seed, 3])
        p = course.recipe.params
        shape = (p.vote_spikes, p.n_neurons, p.n_classes)
        votes = random.integers(0, p.vote.max, shape, endpoint=True)
        with OUT.status("loading the network, which takes minutes if it is large"):
            self.device.load(p, learner.state, course.classes, votes)
        task, done, batch = display.add_task("learn", total=n_images), 0, course.batch(0, n_images)
        while done < n_images:
            batch = course.batch(done, n_images - done)
            self.device.configure(batch.params)
            answers = self.device.learn(
                batch.images, batch.labels, lambda: display.advance(task), answered=True
            )
            learner.params = batch.params
            if not self._took(answers, learner.learn(batch.images, batch.labels).cycles, done):
                return False
            done += len(batch.images)
        return self._state_equal() and self._answers_equal(batch, votes)

    def _took(self, answers: list[Answer | None], expected, first: int) -> bool:
        for i, (answer, cycles) in enumerate(zip(answers, expected.tolist(), strict=True), first):
            got = answer and answer.cycles
            if got != cycles:
                OUT.print(f"not equal at image {i + 1}: {got} cycles, expected {cycles}")
                return False
            self.cycles += cycles
        return True

    def _state_equal(self) -> bool:
        with OUT.status("reading the network back"):
            got = self.device.state().sha256()
        expected = self.learner.state.sha256()
        if got != expected:
            OUT.print(f"not equal: state {got}, expected {expected}")
        return got == expected

    def _answers_equal(self, batch: Batch, votes) -> bool:
        images = batch.images[:ANSWERS]
        record = responses.record(batch.params, self.learner.state, images)
        labels = responses.answers(batch.params, votes, record.spikes)
        expected: list[Any] = list(zip(labels.tolist(), record.cycles.tolist(), strict=True))
        got = [(answer.label, answer.cycles) for answer in self.device.classify(images)]
        if got != expected:
            OUT.print(f"not equal: answers and cycles {got}, expected {expected}")
        return got == expected
