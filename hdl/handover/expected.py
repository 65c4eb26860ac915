"""What golden says a core must answer: to images, and when it is read back."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.dense import classifier, program, timing
from golden.dense.core import State, initial, present
from golden.dense.interface import BusRequest, Region
from golden.dense.params import Params
from golden.dense.reward import in_turns

SEED = 1
"""Of a network that is drawn."""


class LoadedNetwork(NamedTuple):
    """What is loaded into a core."""

    params: Params
    state: State
    classes: NDArray[np.int64]
    votes: NDArray[np.int64]


def drawn(p: Params) -> LoadedNetwork:
    """Return a network that has learned nothing, its votes as by chance: every answer differs."""
    rng = np.random.default_rng(SEED)
    votes = rng.integers(0, p.vote.max + 1, (p.vote_spikes, p.n_neurons, p.n_classes))
    return LoadedNetwork(p, initial(p, SEED), in_turns(p), votes)


class ShownImage(NamedTuple):
    """An image that is presented, and what follows from it."""

    learn: bool
    given: int
    """Label that comes with the image."""
    label: int
    """Label that is answered; 0 when learning."""
    n_spikes: int
    cycles: int
    """From the cycle after the start is taken to that in which the result is, at once."""


class BenchRun(NamedTuple):
    """Everything that a test bench does."""

    writes: list[BusRequest]
    """What loads the network; those of the weight memory come last."""
    n_others: int
    """So many of these are not of the weight memory."""
    images: list[NDArray[np.int64]]
    shown: list[ShownImage]
    """One for every image, in order."""
    reads: list[BusRequest]
    """What is read back, the weights last; ``data`` is what must be answered."""
    n_others_read: int
    """So many of these are not weights."""


def course(
    built: Params,
    network: LoadedNetwork,
    answered: Sequence[NDArray[np.int64]],
    learned: Sequence[tuple[NDArray[np.int64], int]],
) -> BenchRun:
    """Return what happens if a core is loaded, answers images, then learns others with labels.

    Parameters
    ----------
    built : Params
        What the core is made for.
    answered : sequence of (height * width,) int64
        Images to be answered.
    learned : sequence of (image, label)
        Images to be learned then.

    Raises
    ------
    ValueError
        If the core cannot run the network.
    """
    writes, n_others = loading(built, network)
    shown, state = [], network.state
    for image in answered:
        shown.append(_shown(built, network, state, image)[0])
    for image, label in learned:
        one, state = _shown(built, network, state, image, label)
        shown.append(one)
    images = [*answered, *(image for image, _ in learned)]
    reads, n_others_read = reading(built, network, state)
    return BenchRun(writes, n_others, images, shown, reads, n_others_read)


def loading(built: Params, network: LoadedNetwork) -> tuple[list[BusRequest], int]:
    """Return the requests that load a network, and how many come before the weight memory's."""
    return _weights_last([
        *program.parameters(network.params, built),
        *program.state(network.params, built, network.state),
        *program.labels(built, network.classes, network.votes),
    ])


def reading(built: Params, network: LoadedNetwork, state: State) -> tuple[list[BusRequest], int]:
    """Return the requests that read a state back with what they are answered, likewise."""
    after = {
        (request.region, request.index): request.data
        for request in program.state(network.params, built, state)
    }
    return _weights_last(
        read._replace(data=after[read.region, read.index]) for read in program.readback(built)
    )


def _weights_last(requests):
    both = {True: [], False: []}
    for request in requests:
        both[request.region == Region.WEIGHTS].append(request)
    return both[False] + both[True], len(both[False])


def _shown(built, network, state, image, label=None):
    """Present an image; learn from it if there is a label."""
    p, learn = network.params, label is not None
    right = network.classes == label if learn else None
    presentation, after = present(p, state, image, learn=learn, right=right)
    said = 0 if learn else classifier.decide(p, network.votes, presentation.spikes)
    cycles = timing.present(
        p,
        built,
        state,
        image,
        learn=learn,
        label=label or 0,
        classes=network.classes,
        votes=network.votes,
    ).cycles
    return ShownImage(learn, label or 0, said, len(presentation.spikes), cycles), after
