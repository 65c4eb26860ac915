"""Digits, shown to cells of which the first to reach a threshold silences the others.

The rule of Shikhargupta's Spiking-Neural-Network, its faults included (docs/learning.md lists
them), step by step:

1. Pixels pass a receptive field of 5 x 5 and spike with a period of 30 to 96 steps, 200 in all.
2. A third of the most pixels that ever spike at once is the threshold of all cells, in this image.
3. A cell adds up weights of what spikes; if it then is above 0 it loses 0.15.
4. Once an image, in the first step in which a cell is above the threshold, the highest one wins,
   and all others are set to -500.
5. Who has reached the threshold spikes, is set to 0, and is deaf for 30 steps; who is below -500
   is set to 0.
6. Pixels that spiked 2 to 20 steps before a spike, or do so after it, are learned from; after the
   image pixels that have not spiked lose 0.06 at the winner.

Such a step is two here. In the first one cells do 5 of the step before, then 3. In the second one
their judges, who see them through gap junctions, do 4: the spike of the best one comes back in
time. Axons behind the pixels say the threshold's count in binary when an image begins (so cells
start again), and its end; 21 steps later once more, when the winner spikes again and is told apart.

``cells="64,16,8"`` makes the layers of its ``multi_layer``: a layer is shown what the one below has
spiked, half as fast, and so only the first half. The last layer is the network; those below learn
before it, when it is made. A tenth is the threshold there, which must be exceeded.
"""

import itertools
from dataclasses import dataclass, field
from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.builder import Network, SpikeTrain, from_matrix, one_to_one
from golden.cells.cell import Cell
from golden.cells.trace import Trace
from golden.cells.value import Value, select
from golden.datasets import load_dataset
from golden.network.rules import Rule
from golden.network.rules.synapse import Synapse

DURATION = 2240
PIXELS = 28 * 28
STEPS = 200
"""Of the seed's, an image."""
MARKED, CLOSED, EACH = 221, 222, 224
"""The seed's steps at which what spiked after the last step is said, winners spike again, and the
next image begins."""
COUNT_BITS = 10
KERNEL = {0: 1.0, 1: 0.625, 2: 0.125, 3: -0.125, 4: -0.5}
"""Of the receptive field, by distance along both axes added up."""

Bits = NDArray[np.bool_]


class Spikes(NamedTuple):
    """Spikes in images: number of the image, step within it, axon or cell."""

    image: NDArray[np.int64]
    step: NDArray[np.int64]
    neuron: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Integrates(Cell):
    """A cell: see the list above; ``releases`` is its second half of 5."""

    share: int = 3
    strict: bool = False
    releases: bool = True
    leak: float = 0.15
    deaf: int = 30

    def step(self, trace: Trace) -> None:
        """Hear the judges, spike, then add up."""
        p, count = trace.state("p", 24, 12, 0), trace.state("count", COUNT_BITS + 2, 0, 0)
        wait = trace.state("wait", self.deaf.bit_length() + 1, 0, 0)
        won, odd = trace.state("won", 2, 0, 0).lowest(1), trace.state("odd", 2, 0, 0).lowest(1)
        arrived = trace.receptor("current", 24, 12)
        heard = {name: trace.receptor(name, 4, 0) for name in ("lost", "won", "end")}
        begin = trace.receptor("begin", COUNT_BITS + 2, 0)
        trace.arrivals("seen", 24, 12)  # A junction has two ends; cells hear nothing of judges.
        none, one = trace.number(0), trace.number(1)
        lowest = trace.number(-500)
        p = select(heard["lost"] > none, lowest, p)
        won |= heard["won"] > none
        on, ended = count > none, heard["end"] > none
        acts = on & ~odd
        fired = acts & above(p, count, self.share, self.strict)
        bottom = none if self.releases else lowest
        begins = begin > none
        rest = self.rest(trace, heard["won"] > none, begins)
        p = select(fired, rest, select(acts & (p < lowest), bottom, p))
        wait = select(fired, trace.number(self.deaf), wait)
        risen = p + arrived
        risen = select(risen > none, risen - trace.constant("leak", self.leak, 12), risen)
        hears = acts & (wait < one)
        trace.write("p", select(begins, rest, select(hears, risen, p)))
        trace.write("count", select(begins, begin, select(ended, none, count)))
        trace.write(
            "wait", select(begins | ~(acts & ~hears), select(begins, none, wait), wait - one)
        )
        # Who has won is forgotten here, as an image that nothing spikes in has no begin.
        told = ended & won & ~on
        trace.write("won", select(begins | told, none, won))
        trace.write("odd", select(begins | ~odd, one, none))
        trace.spike(fired | told, p)

    def rest(self, trace: Trace, wins: Value, begins: Value) -> Value:
        """Return where p starts: ``wins`` says whether it has just won, ``begins`` an image."""
        return trace.number(0)


@dataclass(frozen=True, kw_only=True)
class Judges(Cell):
    """Sees a cell, and spikes if it is above the threshold, unless a judge has done so before."""

    share: int = 3
    strict: bool = True

    def step(self, trace: Trace) -> None:
        """Compare."""
        trace.write("v", trace.state("v", 24, 12, 0))  # A junction's other end: 0 for ever.
        count, done = trace.state("count", COUNT_BITS + 2, 0, 0), trace.state("done", 2, 0, 0)
        seen = trace.receptor("seen", 24, 12)
        begin, said = trace.receptor("begin", COUNT_BITS + 2, 0), trace.receptor("done", 4, 0)
        none, one = trace.number(0), trace.number(1)
        over = (done.lowest(1) > none) | (said > none)
        begins = begin > none
        trace.write("count", select(begins, begin, count))
        trace.write("done", select(~begins & over, one, none))
        trace.spike(~over & (count > none) & above(seen, count, self.share, self.strict), seen)


def above(p: Value, count: Value, share: int, strict: bool) -> Value:
    """Return whether p is at, or above, a ``share``-th of a count: share p against the count."""
    times = p.trace.number(0)
    for bit in range(share.bit_length()):
        if share >> bit & 1:
            times = times + p.times2(bit)
    return times > count if strict else times >= count


@dataclass(frozen=True, kw_only=True)
class Windowed(Rule):
    """Both neighbours in time are learned from, and what has not spiked is forgotten.

    ``toward`` is the weight towards which a pixel after a spike leads: |w_min| in the seed, which
    wrote so where w_min was meant. ``nearest`` is the least distance, in its steps, that is learned
    from.
    """

    w_min: float = -1.2
    w_max: float = 1.5
    bits: int = 18
    every: float = float(EACH)
    toward: float = 1.2
    a_plus: float = 0.3
    a_minus: float = 0.8
    silent: float = 0.06
    nearest: int = 2

    def on_pre(self, s: Synapse) -> None:
        """Learn from a pixel after a spike: its step is two before it is known, so 2 is age 2."""
        y = self._within(s, "post", 2, 38, s.post(8.0, added=False))
        gain = s.share("a_minus", 0.1 * self.a_minus * exp(-1 / 8))
        s.w -= (gain * y).factor() * (s.w - s.amount("toward", self.toward)).factor()

    def on_post(self, s: Synapse) -> None:
        """Learn from a pixel before the spike."""
        x = self._within(s, "pre", 2 + 2 * self.nearest, 42, s.pre(5.0, added=False))
        gain = s.share("a_plus", 0.1 * self.a_plus * exp(1 / 5))
        s.w += (gain * x).factor() * (s.high - s.w).factor()

    def on_epoch(self, s: Synapse) -> None:
        """Lower what has not spiked in this image, at cells that have spiked right now."""
        number = s.trace.number
        silent = (s.age("pre") >= number(2 * EACH)) & (s.age("post") < number(8))
        s.w -= select(silent, s.amount("silent", self.silent), number(0))

    def _within(self, s: Synapse, side: str, first: int, last: int, trace: Value) -> Value:
        """Return a trace, or 0 outside of a window."""
        age, number = s.age(side), s.trace.number
        within = (age >= number(first)) & (age <= number(last))
        return select(within, trace, number(0))


@dataclass(frozen=True)
class Competitors:
    """What a layer is made of."""

    integrates: Cell = field(default_factory=Integrates)
    judges: Cell = field(default_factory=Judges)
    rule: Rule = field(default_factory=Windowed)


SINGLE = Competitors()
SEVERAL = Competitors(Integrates(share=10, strict=True), Judges(share=10))
"""Those of ``multi_layer``."""


def network(seed: int = 1, cells: str = "16", images: int = 10) -> Network:
    """Make it; ``cells`` are those of each layer, the first one first."""
    digits = load_dataset("digits", size=(28, 28)).train_images[:images]
    return last(layers(seed, cells), digits)


def layers(seed: int, cells: str) -> list[Network]:
    """Return the layers, which nobody shows anything."""
    made = SEVERAL if "," in cells else SINGLE
    return layers_of(seed, cells, made, made)


def layers_of(seed: int, cells: str, first: Competitors, above: Competitors) -> list[Network]:
    """Return layers, of which those above the first have competitors of their own."""
    sizes = [PIXELS, *(int(size) for size in cells.split(","))]
    made = itertools.chain([first], itertools.repeat(above))
    pairs = zip(itertools.pairwise(sizes), made, strict=False)
    return [layer(seed + n, *pair, each) for n, (pair, each) in enumerate(pairs)]


def last(nets: list[Network], images: NDArray[np.uint8]) -> Network:
    """Return the last of some layers, shown what the others spike while they learn from images."""
    if not len(images):
        raise ValueError("images must be 1 or more, not 0")
    shown = encoded(images)
    for net in nets[:-1]:
        net.feed("X", train(shown))
        spikes = net.record(net.populations["Y"])
        net.run(len(images) * EACH)
        image, step = np.divmod(spikes.t, 2 * EACH)
        shown = relayed(Spikes(image, step, spikes.i), len(images), net.populations["Y"].size)
    nets[-1].feed("X", train(shown))
    return nets[-1]


def train(shown: Spikes) -> SpikeTrain:
    """Return what makes an input spike, image after image."""
    return SpikeTrain(EACH * shown.image + shown.step / 2, shown.neuron)


def layer(seed: int, pixels: int, cells: int, made: Competitors) -> Network:
    """Make a layer of cells that see so many axons, and those behind them."""
    net = Network(dt="1/2 ms", seed=seed)
    axons = net.input(pixels + COUNT_BITS + 1, SpikeTrain([]), "X")
    y = net.population(cells, made.integrates, "Y")
    judges = net.population(cells, made.judges, "judges", winners=1)
    start = 0.4 * np.random.default_rng(seed).random((pixels, cells))
    net.connect(axons[:pixels], y, from_matrix(start), zeros=0.01, rule=made.rule)
    places = 2.0 ** np.arange(COUNT_BITS)[:, None] * np.ones(cells)
    for whom in (y, judges):
        net.connect(axons[pixels:-1], whom, from_matrix(places), receptor="begin")
    net.connect(axons[-1:], y, receptor="end")
    net.gap(y, judges, one_to_one(), conductance=1.0, receptor="seen")
    net.connect(judges, judges, receptor="done")
    net.connect(judges, y, one_to_one(), receptor="won")
    net.connect(judges, y, from_matrix(1 - np.eye(cells)), receptor="lost")
    return net


def encoded(images: NDArray[np.uint8]) -> Spikes:
    """Return what images of shape (n, height, width) make axons spike."""
    way = np.abs(np.arange(-2, 3))
    padded = np.pad(images / 255, ((0, 0), (2, 2), (2, 2)))
    height, width = images.shape[1:]
    field = np.zeros(images.shape)
    for i, row in enumerate(way):
        for j, column in enumerate(way):
            field += KERNEL[row + column] * padded[:, i : i + height, j : j + width]
    field = field.reshape(len(images), -1, 1)
    period = np.ceil(600 / np.interp(field, [-1.069, 2.781], [1, 20])).astype(int)
    steps = np.arange(STEPS + 1)
    return played((field > 0) & (steps > 0) & (steps % period == 0))


def relayed(spikes: Spikes, images: int, cells: int) -> Spikes:
    """Return what a layer's spikes make the axons of the next one spike.

    The seed puts a 0 behind every step, so a train is twice as long and is heard half as fast.
    """
    step = (spikes.step - 3) // 2
    there = step <= STEPS
    train = np.zeros((images, cells, 2 * STEPS), bool)
    train[spikes.image[there], spikes.neuron[there], 2 * (step[there] - 1)] = True
    return played(train)


def played(train: Bits) -> Spikes:
    """Return when which axon spikes, from the seed's trains (images, pixels, steps)."""
    images, pixels, _ = train.shape
    each = np.zeros((images, pixels + COUNT_BITS + 1, EACH), bool)
    each[:, :pixels, : STEPS + 1] = train[:, :, : STEPS + 1]
    each[:, :pixels, MARKED] = train.any(axis=2) & ~train[:, :, : STEPS + 1].any(axis=2)
    count = train.sum(axis=1).max(axis=1)
    each[:, pixels:-1, 0] = count[:, None] >> np.arange(COUNT_BITS) & 1
    each[:, -1, [STEPS + 1, CLOSED]] = True
    image, step, neuron = np.nonzero(each.transpose(0, 2, 1))
    return Spikes(image, 2 * step, neuron)
