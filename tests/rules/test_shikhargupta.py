"""The first seed's rule, and with its faults repaired: what the equations say, in float64."""

from dataclasses import dataclass, replace
from math import ceil, exp
from types import ModuleType

import numpy as np
import pytest

from golden.builder import Network, SpikeTrain
from golden.datasets import load_dataset
from golden.examples.plastic import shikhargupta as seed
from golden.examples.plastic import shikhargupta_repaired as repaired

KERNEL = {0: 1.0, 1: 0.625, 2: 0.125, 3: -0.125, 4: -0.5}


def test_a_pixel_spikes_with_the_period_that_its_field_says():
    """One pixel of 255 has 1 at itself, 0.625 beside it, 0.125 or less elsewhere."""
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 10, 10] = 255
    shown = seed.encoded(image)
    mine = shown.step[shown.neuron == 10 * 28 + 10] // 2
    period = ceil(600 / (1 + 19 * (1 + 1.069) / 3.85))
    assert mine.tolist() == list(range(period, 201, period))
    # Twelve more spike: four beside it, and eight at a distance of 2.
    assert len(np.unique(shown.neuron[shown.neuron < 784])) == 13
    # Eight that are equally far spike at once; then the image ends, and ends once more.
    count = shown.neuron[(shown.neuron >= 784) & (shown.step == 0)] - 784
    assert (2**count).sum() == 8
    assert shown.step[shown.neuron == 794].tolist() == [402, 444]


@dataclass(frozen=True)
class Said:
    """What the equations are: the seed's."""

    made: ModuleType = seed
    share: int = 3
    strict: bool = False
    toward: float = 1.2
    a_minus: float = 0.8
    silent: float = 0.06
    nearest: int = 2
    bottom: int = 0
    """Where it is set who is below -500."""
    tires: float = 0.0
    """Lower is where a cell starts after every image that it has won."""


LAYERS = Said(share=10, strict=True)
REPAIRED = Said(repaired, 3, True, -1.2, 0.1, 0.015, 0, -500, 2.0)
ABOVE = replace(REPAIRED, share=10, silent=0.002, tires=0.02)


def presented(said: Said, w: np.ndarray, tired: np.ndarray, train: np.ndarray) -> np.ndarray:
    """Learn from an image in float64; return spikes (cells, steps).

    w, (cells, pixels), and tired, (cells,), are changed. ``train`` is (pixels, steps).
    """
    n = len(w)
    th = train.sum(axis=0).max() / said.share
    tired *= 1 - train.any() / 64
    p, rest, seen = -tired, np.full(n, -1), np.zeros(n)
    spikes, winner = np.zeros((n, 200), int), None
    for t in range(1, 201):
        for j in range(n):
            if rest[j] < t:
                p[j] += w[j] @ train[:, t]
                if p[j] > 0:
                    p[j] -= 0.15
                seen[j] = p[j]
        if winner is None and seen.max() > th:
            winner = seen.argmax()
            p[np.arange(n) != winner] = -500
            tired[winner] += said.tires
        for j in range(n):
            if p[j] > th or (p[j] == th and not said.strict):
                p[j], rest[j], spikes[j, t - 1] = -tired[j], t + 30, 1
                for way in (-1, 1):
                    for d in range(said.nearest if way < 0 else 2, 21):
                        if 0 <= t + way * d <= 200:
                            now = train[:, t + way * d] == 1
                            if way < 0:
                                w[j, now] += 0.1 * 0.3 * exp(-d / 5) * (1.5 - w[j, now])
                            else:
                                by = 0.1 * said.a_minus * exp(-d / 8)
                                w[j, now] -= by * (w[j, now] - said.toward)
            elif p[j] < -500:
                p[j] = said.bottom
    if winner is not None:
        silent = train.sum(axis=1) == 0
        w[winner, silent] = np.maximum(w[winner, silent] - said.silent, -1.2)
    return spikes


def trained(images: np.ndarray) -> list[np.ndarray]:
    """Return trains (pixels, 201), pixel by pixel as the seed makes them."""
    found = []
    for image in images / 255:
        train = np.zeros((28, 28, 201), int)
        for x in range(28):
            for y in range(28):
                pot = sum(
                    KERNEL[abs(i) + abs(j)] * image[x + i, y + j]
                    for i in range(-2, 3)
                    for j in range(-2, 3)
                    if 0 <= x + i < 28 and 0 <= y + j < 28
                )
                period = ceil(600 / np.interp(pot, [-1.069, 2.781], [1, 20]))
                if pot > 0:
                    train[x, y, period::period] = 1
        found.append(train.reshape(784, 201))
    return found


@pytest.mark.parametrize(
    ("said", "above", "cells", "images", "losers"),
    [
        (Said(), Said(), "3", 24, True),
        (LAYERS, LAYERS, "24,12,6", 6, False),
        (REPAIRED, ABOVE, "3", 24, False),
        (REPAIRED, ABOVE, "24,12,6", 6, False),
    ],
)
def test_a_network_spikes_and_learns_as_its_equations_say(said, above, cells, images, losers):
    """In an image of the first a loser is driven so hard that it climbs from -500 and spikes.

    From an image in which nothing spikes nothing is learned: the last winner has not won it.
    """
    sizes = [int(size) for size in cells.split(",")]
    digits = load_dataset("digits", size=(28, 28)).train_images[:images].copy()
    if said.strict:
        digits[2] = 0
    trains, spikes, w = trained(digits), [], np.zeros((0, 0))
    for number, size in enumerate(sizes):
        pixels = len(trains[0])
        w = 0.4 * np.random.default_rng(1 + number).random((pixels, size)).T
        here, tired = above if number else said, np.zeros(size)
        spikes = [presented(here, w, tired, train) for train in trains]
        # The seed puts a 0 behind each of a layer's 200 steps.
        trains = [np.repeat(s, 2, axis=1) * np.tile([1, 0], 200) for s in spikes]
    net = seed.last(said.made.layers(1, cells), digits)
    seen = net.record(net.populations["Y"])
    net.run(images * seed.EACH)
    step = (seen.t % 448 - 3) // 2
    for image, expected in enumerate(spikes):
        mine = (seen.t // 448 == image) & (step <= 200)
        found = np.zeros_like(expected)
        found[seen.i[mine], step[mine] - 1] = 1
        assert found.tolist() == expected.tolist(), f"image {image}"
    learned = net.projections[0].weights.reshape(w.shape[1], w.shape[0]).T
    assert np.abs(learned - w).max() < 0.001
    assert sum(s.sum() for s in spikes) >= images - 1
    assert any((s.sum(axis=1) > 0).sum() > 1 for s in spikes) == losers


@pytest.mark.parametrize(("releases", "after"), [(True, 0), (False, -500)])
def test_who_is_below_the_lowest_is_set_to_0_or_stays_there(releases, after):
    """An image begins, the cell loses, 1 is taken off, and two steps later it is looked at.

    Whatever arrives in a step of 1/2 ms was sent in the one before.
    """
    net = Network(dt="1/2 ms")
    axons = net.input(3, SpikeTrain([0, 1, 1], [0, 1, 2]), "axons")
    cell = net.population(1, seed.Integrates(releases=releases), "cell")
    for number, (weight, receptor) in enumerate([(8, "begin"), (1, "lost"), (-1, "current")]):
        net.connect(axons[number : number + 1], cell, weight=weight, receptor=receptor)
    p = net.record(cell, "p")
    net.run(steps=6)
    assert p.values.ravel().tolist() == [0, 0, 0, -501, -501, after]


@pytest.mark.parametrize("made", [seed, repaired])
def test_no_image_is_refused(made):
    with pytest.raises(ValueError, match=r"^images must be 1 or more, not 0$"):
        made.network(images=0)


def test_golden_learns_at_once_what_the_engine_learns_late():
    nets = [seed.network(cells="4", images=2) for _ in range(2)]
    for net, engine in zip(nets, ("golden", "numba"), strict=True):
        net.run(2 * seed.EACH, engine=engine)
    assert nets[0].state.sha256() == nets[1].state.sha256()
    assert nets[0].projections[0].weights.min() < -0.02
