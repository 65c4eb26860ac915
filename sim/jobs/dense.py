"""What is done to a dense core, piece by piece: load a network, present images, read it back."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from golden.datasets import Dataset
from golden.dense import core, program
from golden.dense.core import State
from golden.dense.engine import Learner
from golden.dense.interface import BusRequest, Phase, Start
from golden.dense.params import Params
from golden.dense.registers import envelope
from golden.dense.reward import in_turns
from golden.training.model_file import Model
from golden.training.recipe import Recipe
from hdl.dense.core import Core
from sim.jobs.job import Job, Stalls
from sim.jobs.prediction import Prediction
from sim.records.comparison import Figures, Piece

REQUESTS = 20_000
IMAGES = 10
"""In one piece, at most."""


class DenseFigures(Figures):
    """What happens in a dense core."""

    def __init__(self):
        self.events = self.spikes = self.weight_writes = 0
        self.integrating = self.moved = 0
        """Cycles of INTEGRATE, and those of them in which a weight word is read."""
        self.answers: list[NDArray[np.int64]] = []
        """Responses to the requests of the last task, a piece each."""
        self._task = ""

    def add(self, piece: Piece, rows: NDArray[np.void]) -> None:
        """Count the rows (n,) of a piece that are equal."""
        if piece.task != self._task:
            self.answers, self._task = [], piece.task
        taken = rows[piece.stimulus.taken(rows, "result")]
        answered = piece.stimulus.taken(rows, "response")
        self.answers.append(rows["response"][answered].astype(np.int64))
        self.events += int(np.count_nonzero(rows["take"]))
        self.spikes += int(taken["n_spikes"].sum())
        integrating = rows["phase"] == Phase.INTEGRATE
        self.integrating += int(np.count_nonzero(integrating))
        self.moved += int(np.count_nonzero(rows["w_read"][integrating]))
        if piece.task == "learn":
            self.weight_writes += int(np.count_nonzero(rows["w_en"]))


@dataclass(frozen=True)
class DenseJob(Job[DenseFigures]):
    """One lock-step.

    Parameters
    ----------
    built : Params
        What the core is made for.
    phases : list of (number of images, Params)
        In this order.
    """

    built: Params
    phases: list[tuple[int, Params]]
    network: State
    classes: NDArray[np.int64]
    votes: NDArray[np.int64]
    images: NDArray[np.uint8]
    """(n, height * width)."""
    labels: NDArray[np.int64]
    learn: bool

    @property
    def image_task(self) -> str:
        """What is done with the images."""
        return "learn" if self.learn else "answer"

    @property
    def totals(self) -> dict[str, int]:
        """Requests or images of every task."""
        loaded = sum(1 for _ in self._load(self.phases[0][1]))
        read = sum(1 for _ in program.readback(self.built))
        return {"load": loaded, self.image_task: len(self.images), "read": read}

    def core(self) -> Core:
        """Return the gates."""
        return Core(self.built)

    def figures(self) -> DenseFigures:
        """Return what counts what happens."""
        return DenseFigures()

    def pieces(self, stalls: Stalls) -> Iterator[Piece]:
        """Predict the whole run.

        Raises
        ------
        ValueError
            If there can be no such core.
        """
        return self._pieces(Prediction(self.built, program.register_types(self.built), stalls))

    def _pieces(self, prediction: Prediction) -> Iterator[Piece]:
        yield from _requests("load", self._load(self.phases[0][1]), prediction)
        ends = np.cumsum([0, *[n for n, _ in self.phases]]).tolist()
        for number, ((begin, end), (_, p)) in enumerate(
            zip(pairwise(ends), self.phases, strict=True)
        ):
            if number:
                requests = program.parameters(p, self.built)
                yield from _requests("load", requests, prediction, self.totals["load"])
            yield from self._present(prediction, begin, end)
        yield from _requests("read", program.readback(self.built), prediction)

    def _load(self, p: Params) -> Iterator[BusRequest]:
        yield from program.parameters(p, self.built)
        yield from program.state(p, self.built, self.network)
        yield from program.labels(self.built, self.classes, self.votes)

    def _present(self, prediction: Prediction, begin: int, end: int) -> Iterator[Piece]:
        for first in range(begin, end, IMAGES):
            last = min(first + IMAGES, end)
            starts = [Start(self.learn, label) for label in self.labels[first:last].tolist()]
            images = self.images[first:last].astype(np.int64)
            yield Piece(self.image_task, last, *prediction.images(images, starts))

    def final(self) -> State:
        """Return the state at the end, as the engine has it: not what the record is compared to."""
        if not self.learn:
            return self.network
        learner, begin = Learner(self.phases[0][1], self.network, self.classes), 0
        for n_images, p in self.phases:
            learner.params = p
            taken = slice(begin, begin + n_images)
            learner.learn(self.images[taken], self.labels[taken])
            begin += n_images
        return learner.state


def _requests(task, requests, prediction, done=0) -> Iterator[Piece]:
    requests = iter(requests)
    while some := list(islice(requests, REQUESTS)):
        done += len(some)
        yield Piece(task, done, *prediction.requests(some))


def fresh_job(
    recipe: Recipe,
    dataset: Dataset,
    n_images: int,
    learn: bool,
    seed: int,
    built: Params | None = None,
) -> DenseJob:
    """Return a lock-step of an untrained network that goes through a whole recipe.

    Parameters
    ----------
    built : Params or None
        What the core is made for, if it is for more than this.

    Raises
    ------
    ValueError
        If no core can run the recipe.
    """
    phases = _phases(recipe, dataset, n_images) if learn else [(n_images, recipe.params)]
    built = built or envelope([recipe.params, *[p for _, p in phases]])
    votes = np.random.default_rng([seed, 3]).integers(
        0, built.vote.max + 1, (built.vote_spikes, built.n_neurons, built.n_classes)
    )
    network = core.initial(recipe.params, seed)
    images, labels = _images(dataset, n_images, seed)
    return DenseJob(built, phases, network, in_turns(built), votes, images, labels, learn)


def _phases(recipe: Recipe, dataset: Dataset, n_images: int) -> list[tuple[int, Params]]:
    """Return the phases of a whole training, shrunk to so many images."""
    schedule = recipe.schedule(len(dataset.train_images))
    total = schedule[-1][0]
    ends = [0, *[end * n_images // total for end, _ in schedule]]
    shares = zip(pairwise(ends), schedule, strict=True)
    return [(end - begin, p) for (begin, end), (_, p) in shares if end > begin]


def model_job(model: Model, dataset: Dataset, n_images: int, learn: bool, seed: int) -> DenseJob:
    """Return a lock-step of a trained network."""
    p = model.params
    images, labels = _images(dataset, n_images, seed)
    labels = labels % p.n_classes
    phases = [(n_images, p)]
    return DenseJob(p, phases, model.state, model.classes, model.votes, images, labels, learn)


def _images(dataset: Dataset, n_images: int, seed: int):
    """Return training images in a random order, again and again if there are too few."""
    random = np.random.default_rng([seed, 2])
    order = np.resize(random.permutation(len(dataset.train_images)), n_images)
    return dataset.train_images[order].reshape(n_images, -1), dataset.train_labels[order]
