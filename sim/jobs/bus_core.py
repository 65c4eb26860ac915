"""A core that learns whole blocks of images, and is filled and read back over its bus."""

import numpy as np

from golden.dense import program
from golden.dense.core import State
from golden.dense.interface import Start
from golden.dense.params import Params
from golden.dense.timing import eager
from golden.dense.timing.costs import SERVED, costs
from golden.dense.timing.filling import wait
from golden.training.course import Course
from sim.targets.target import Target


class BusCore:
    """A core that learns, and the requests that fill and read it.

    Parameters
    ----------
    built : Params
        What it is made for.
    course : Course
        It learns by the parameters of its first phase.
    """

    def __init__(self, target: Target, built: Params, course: Course):
        self.target, self.built, self.course = target, built, course
        self.p = course.schedule[0][1]

    def load(self, network: State) -> None:
        """Write a network into the core."""
        requests = [
            *program.parameters(self.p, self.built),
            *program.state(self.p, self.built, network),
            *program.labels(self.built, self.course.classes, None),
        ]
        self._ask(requests)

    def read(self, presented: int) -> State:
        """Read the network back, which has so many presentations behind it."""
        answers = self._ask(list(program.readback(self.built)))
        return program.read(self.built, answers, presented)

    def _ask(self, requests):
        # The receptive field must have walked to its first pixel, and the last answer be taken.
        n_cycles = SERVED * len(requests) + costs(self.built).before + SERVED
        nothing = np.zeros(0, dtype=np.int64)
        rows = self.target.answers(eager(n_cycles, nothing, [], requests))
        return rows["response"].astype(np.int64)

    def learn(self, images, labels, cycles) -> tuple[int, bool]:
        """Learn from a block; return its cycles, and whether the last is the predicted one."""
        starts = [Start(True, label) for label in labels.tolist()]
        pixels = images.reshape(-1).astype(np.int64)
        # The field waits for the first pixel. Every next image is loaded while one is presented,
        # and starts after one cycle of IDLE, or more if that was short.
        loading = costs(self.built).filling - costs(self.built).before
        before = zip(images.reshape(len(images), -1)[:-1], cycles[:-1].tolist(), strict=True)
        waits = sum(wait(self.p, image.astype(np.int64), n) for image, n in before)
        n_cycles = loading + int(cycles.sum()) + len(images) + waits
        first = self.target.answers(eager(n_cycles - 1, pixels, starts))
        last = self.target.answers(eager(1, pixels[:0]))
        return n_cycles, len(first) == len(images) - 1 and len(last) == 1
