"""A network, or layers of them, to which images are shown, one after the other."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from golden.builder.network import Network
from golden.dense.wta import NOBODY
from golden.examples.plastic.shikhargupta import EACH, STEPS, Spikes, encoded, relayed
from golden.network.engine.engine import Engine
from golden.network.source import Train
from golden.network.state import NetworkState

Ints = NDArray[np.int64]
Images = NDArray[np.uint8]
AT_ONCE = 100
"""Images whose spikes are drawn at once."""
PIXEL = 2048
"""A pixel of value x spikes in a step with probability x / `PIXEL`."""
VOTES = 16
"""First spikes of an image that are kept in their order."""
PIXELS = "X"
"""The input of every network."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """How a network is made, and shown images."""

    layers: Callable[[int, bool], list[Network]]
    """Makes it of a seed, to learn or to be asked; of several layers the first one first."""
    cells: str
    """The population that answers, or that the next layer hears."""
    each: int
    """Steps of an image, with the rest after it."""
    counted: int
    """Those in which spikes are answers, the first ones."""
    encode: Callable[[Images, np.random.Generator], Spikes]
    """Returns what images of shape (n, height, width) make the input spike."""
    relay: Callable[[Spikes, int, int], Spikes] | None = None
    """Returns what a layer's spikes make the next one's input spike, given images and cells."""


def dense(made: ModuleType, cells: str) -> Exhibit:
    """Return a network whose pixels spike at random, and whose thresholds rise as it learns."""
    each = made.SHOWN + made.REST

    def layers(seed: int, asked: bool) -> list[Network]:
        return [made.network(seed, **({"theta_plus": 0.0} if asked else {}))]

    return Exhibit(layers, cells, each, each, bernoulli(made.SHOWN))


def bernoulli(shown: int) -> Callable[[Images, np.random.Generator], Spikes]:
    """Return an encoder: in each of so many steps a pixel spikes, or does not."""

    def encode(images: Images, random: np.random.Generator) -> Spikes:
        pixels = images.reshape(len(images), 1, -1)
        size = (len(images), shown, pixels.shape[2])
        return Spikes(*np.nonzero(random.integers(0, PIXEL, size, np.int16) < pixels))

    return encode


def layered(made: ModuleType, cells: str) -> Exhibit:
    """Return a network of one layer or several, whose pixels spike periodically."""

    def encode(images: Images, random: np.random.Generator) -> Spikes:
        return encoded(images)

    def layers(seed: int, asked: bool) -> list[Network]:
        return made.layers(seed, cells)

    # Two steps are one of the seed's, and spikes of its last one are known in the one after.
    return Exhibit(layers, "Y", 2 * EACH, 2 * STEPS + 4, encode, relayed)


class Shown:
    """What an `Exhibit` is, with its states, between images.

    Parameters
    ----------
    asked : bool
        Whether it is asked, and not to learn.
    """

    def __init__(self, exhibit: Exhibit, seed: int, asked: bool = False):
        self.exhibit = exhibit
        self.layers = [_Layer(net, exhibit) for net in exhibit.layers(seed, asked)]
        self.random = np.random.default_rng(seed)

    @property
    def cells(self) -> int:
        """How many cells answer."""
        return self.layers[-1].cells

    @property
    def states(self) -> list[NetworkState]:
        """Of every layer."""
        return [layer.state for layer in self.layers]

    @states.setter
    def states(self, states: list[NetworkState]) -> None:
        for layer, state in zip(self.layers, states, strict=True):
            layer.state = state

    def show(self, images: Images, learning: bool) -> tuple[Ints, Ints]:
        """Show images; return the first spikes of each, (n, `VOTES`), and all by cell, (n, cells).

        Where there are fewer than `VOTES`, the others are `golden.dense.wta.NOBODY`.
        """
        parts = [
            self._show(images[first : first + AT_ONCE], learning)
            for first in range(0, len(images), AT_ONCE)
        ]
        firsts, counts = (np.concatenate(column) for column in zip(*parts, strict=True))
        return firsts, counts

    def _show(self, images: Images, learning: bool) -> tuple[Ints, Ints]:
        shown = self.exhibit.encode(images, self.random)
        for number, layer in enumerate(self.layers):
            if number:
                assert self.exhibit.relay is not None
                shown = self.exhibit.relay(shown, len(images), self.layers[number - 1].cells)
            shown = layer.play(shown, len(images), learning)
        firsts = np.full((len(images), VOTES), NOBODY)
        counts = np.zeros((len(images), self.cells), np.int64)
        mine = shown.step < self.exhibit.counted
        for image, neuron in zip(shown.image[mine], shown.neuron[mine], strict=True):
            rank = counts[image].sum()
            if rank < VOTES:
                firsts[image, rank] = neuron
            counts[image, neuron] += 1
        return firsts, counts


class _Layer:
    """A network that keeps its state from image to image."""

    def __init__(self, net: Network, exhibit: Exhibit):
        self.blueprint = net.build().blueprint
        self.pixels = net.populations[PIXELS].number
        group = self.blueprint.groups[net.populations[exhibit.cells].number]
        self.first, self.cells, self.each = group.first, group.size, exhibit.each
        self.state = NetworkState.start(self.blueprint)

    def play(self, shown: Spikes, images: int, learning: bool) -> Spikes:
        """Let the input spike; return what the cells do."""
        begin = self.state.step
        train = Train(begin + shown.image * self.each + shown.step, shown.neuron)
        groups = list(self.blueprint.groups)
        groups[self.pixels] = replace(groups[self.pixels], source=train)
        self.state.learn(tuple(bool(r.learning) and learning for r in self.blueprint.rows))
        engine = Engine(replace(self.blueprint, groups=tuple(groups)), self.state)
        when, who = engine.spikes(self.each * images)
        self.state = engine.state()
        mine = who - self.first
        there = (mine >= 0) & (mine < self.cells)
        image, step = np.divmod(when[there] - begin, self.each)
        return Spikes(image, step, mine[there])
