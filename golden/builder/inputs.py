"""Inputs: what makes spikes without being a cell; given to `Network.input`."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from golden.builder.given import numbers, shape, whole, whole_numbers
from golden.builder.units import LAST_STEP, milliseconds
from golden.dense.encoder import ENCODERS, encode, start
from golden.dense.params import Params
from golden.network.source import Chance, Metronome, SpikeSource, Train


@dataclass(frozen=True, eq=False)
class Input:
    """Makes spikes."""

    def source(self, size: int, dt: float) -> SpikeSource:
        """Return it in integers, for ``size`` neurons and steps of ``dt`` ms.

        Raises
        ------
        ValueError
            If it does not fit so many neurons or such steps.
        """
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class Bernoulli(Input):
    """Spikes in every step with a probability, independent of all others.

    Parameters
    ----------
    probability : float or array of shape (neurons,)
        0 to 1; kept with 32 bits.
    """

    probability: Any

    def source(self, size: int, dt: float) -> SpikeSource:
        """Return thresholds of random words."""
        chance = _each(self.probability, size, "probability")
        if not ((chance >= 0) & (chance <= 1)).all():
            bad = chance[~((chance >= 0) & (chance <= 1))][0]
            raise ValueError(f"probability of a spike must be 0 to 1, not {bad:g}")
        return _chance(chance, "probability of a spike", chance)


@dataclass(frozen=True, eq=False)
class Poisson(Input):
    """Spikes at a rate, independent of all others: in every step with probability rate x dt.

    Parameters
    ----------
    rate : float or array of shape (neurons,)
        Hz, at most one spike a step.
    """

    rate: Any

    def source(self, size: int, dt: float) -> SpikeSource:
        """Return thresholds of random words."""
        rate = _each(self.rate, size, "rate")
        chance = rate * dt / 1000
        if not ((chance >= 0) & (chance <= 1)).all():
            bad = rate[~((chance >= 0) & (chance <= 1))][0]
            raise ValueError(f"rate must be 0 to {1000 / dt:g} Hz, not {bad:g}")
        return _chance(chance, "rate", rate)


@dataclass(frozen=True, eq=False)
class Periodic(Input):
    """Spikes once a period.

    Parameters
    ----------
    period, phase : float or array of shape (neurons,)
        ms, rounded to steps: spikes are at ``phase``, ``phase + period`` and so on.
    """

    period: Any
    phase: Any = 0.0

    def source(self, size: int, dt: float) -> SpikeSource:
        """Return periods and phases in steps."""
        given = _each(self.period, size, "period"), _each(self.phase, size, "phase")
        # What is later than any step stays so.
        period, phase = (np.rint(np.minimum(x / dt, 2.0**62)).astype(np.int64) for x in given)
        if (period < 1).any():
            bad = given[0][period < 1][0]
            raise ValueError(f"period must be a step of {dt:g} ms or more, not {bad:g} ms")
        if (phase < 0).any():
            raise ValueError(f"phase must be 0 ms or more, not {given[1].min():g} ms")
        return Metronome(period, phase)


@dataclass(frozen=True, eq=False)
class SpikeTrain(Input):
    """Spikes at given times.

    Parameters
    ----------
    times : array
        ms, each rounded to the nearest step.
    neurons : array of the same length, or None
        Whose; None if there is one neuron.
    """

    times: Any
    neurons: Any = None

    def source(self, size: int, dt: float) -> SpikeSource:
        """Return them sorted.

        Raises
        ------
        ValueError
            If a time is negative, or a neuron does not exist or spikes twice in a step.
        """
        times = np.atleast_1d(numbers(self.times, "time of a spike"))
        if (times < 0).any():
            raise ValueError(f"a spike must be at 0 ms or later, not at {times.min():g} ms")
        if (times / dt > LAST_STEP).any():
            raise ValueError(f"a spike must be by step {LAST_STEP}, not at {times.max():g} ms")
        steps = np.rint(times / dt).astype(np.int64)
        return _train(
            steps, np.zeros_like(steps) if self.neurons is None else self.neurons, size, dt
        )


@dataclass(frozen=True, eq=False)
class Raster(Input):
    """Spikes from an array.

    Parameters
    ----------
    spikes : array of shape (steps, neurons)
        Neuron i spikes in step t where ``spikes[t, i]`` is not 0.
    """

    spikes: Any

    def source(self, size: int, dt: float) -> SpikeSource:
        """Return them as a list."""
        raster = numbers(self.spikes, "a raster")
        if raster.ndim != 2 or raster.shape[1] != size:
            raise ValueError(f"a raster must have the shape steps x {size}, not {shape(raster)}")
        steps, neurons = np.nonzero(raster)
        return _train(steps, neurons, size, dt)


@dataclass(frozen=True, eq=False)
class RankOrder(Input):
    """Every neuron spikes once, the largest value first (Thorpe, 1990).

    Parameters
    ----------
    values : array of shape (neurons,)
        A value of 0 or less makes no spike.
    every : float
        ms from one rank to the next; equal values spike together.
    """

    values: Any
    every: Any = 1.0

    def source(self, size: int, dt: float) -> SpikeSource:
        """Return the times."""
        values = _each(self.values, size, "value")
        step = round(milliseconds(self.every, "every") / milliseconds(dt, "dt"))
        if step < 1:
            raise ValueError(f"every must be a step of {dt:g} ms or more, not {self.every} ms")
        spiking = np.flatnonzero(values > 0)
        ranks = np.unique(-values[spiking], return_inverse=True)[1]
        if int(ranks.max(initial=1)) * step > LAST_STEP:
            raise ValueError(f"every must let the last rank be by step {LAST_STEP}")
        return _train(ranks.astype(np.int64) * step, spiking, size, dt)


@dataclass(frozen=True, eq=False)
class ImageSequence(Input):
    """ImageSequence, one after the other, by an encoder of the dense core (`golden.dense.encoder`).

    Parameters
    ----------
    images : array of uint8, shape (images, rows, columns)
    encoder : str
        "rate", "periodic", "bernoulli" or "latency".
    steps : int
        Of each image.
    pause : int
        Steps without spikes after each.
    rate_shift : int
        A pixel of value x spikes x times in 2**(8 + rate_shift) steps (rate, Bernoulli).
    """

    images: Any
    encoder: str = "rate"
    steps: int = 100
    pause: int = 0
    rate_shift: int = 2

    def source(self, size: int, dt: float) -> SpikeSource:
        """Return the spikes of all images as a list."""
        images = np.asarray(self.images)
        if images.dtype != np.uint8 or images.ndim != 3:
            raise ValueError(
                "images must be uint8, images x rows x columns, not "
                f"{images.dtype}, {shape(images)}"
            )
        whole(len(images), "number of images", 1)
        whole(self.steps, "steps", 1)
        whole(self.pause, "pause", 0)
        number, height, width = images.shape
        if height * width != size:
            raise ValueError(f"images must have {size} pixels, one a neuron, not {height * width}")
        if self.encoder not in ENCODERS:
            raise ValueError(f"encoder must be one of {', '.join(ENCODERS)}, not {self.encoder}")
        p = Params(
            height=height,
            width=width,
            n_steps=self.steps,
            encoder=self.encoder,
            rate_shift=self.rate_shift,
        )
        images = images.reshape(number, size).astype(np.int64)
        steps, neurons = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for number, image in enumerate(images):
            state = start(p)
            for step in range(self.steps):
                spikes, state = encode(p, image, state, step)
                neurons.append(np.flatnonzero(spikes))
                when = number * (self.steps + self.pause) + step
                steps.append(np.full(len(neurons[-1]), when))
        return _train(np.concatenate(steps), np.concatenate(neurons), size, dt)


def _each(given: Any, size: int, what: str) -> np.ndarray:
    values = numbers(given, what)
    if values.ndim and values.shape != (size,):
        raise ValueError(f"{what} must be one number or {size}, not {shape(values)}")
    return np.broadcast_to(values, (size,))


def _chance(chance: np.ndarray, what: str, given: np.ndarray) -> Chance:
    thresholds = np.rint(chance * 2.0**32).astype(np.int64)
    lost = (thresholds == 0) & (chance > 0)
    if lost.any():
        raise ValueError(f"{what} must not round to 0, as {given[lost][0]:g} does")
    return Chance(thresholds)


def _train(steps: np.ndarray, neurons: Any, size: int, dt: float) -> Train:
    who = np.atleast_1d(whole_numbers(neurons, "neuron of a spike"))
    if steps.shape != who.shape or who.ndim != 1:
        raise ValueError(
            f"spikes must have a neuron for each time, not {shape(who)} for {shape(steps)}"
        )
    outside = (who < 0) | (who >= size)
    if outside.any():
        raise ValueError(f"neuron of a spike must be 0 to {size - 1}, not {who[outside][0]}")
    order = np.lexsort((who, steps))
    steps, who = steps[order].astype(np.int64), who[order]
    twice = (np.diff(steps) == 0) & (np.diff(who) == 0)
    if twice.any():
        k = int(np.flatnonzero(twice)[0])
        raise ValueError(
            f"neuron {who[k]} must spike at most once a step, not twice at {steps[k] * dt:g} ms"
        )
    return Train(steps, who)
