"""Inputs: what makes spikes without being a cell, and currents."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from golden.network.source import Chance, SpikeSource, Train


@dataclass(frozen=True, eq=False)
class Input:
    """Makes spikes; given to `Network.input`."""

    def source(self, size: int, dt: float) -> SpikeSource:
        """Return it in integers and steps of ``dt`` ms."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class Poisson(Input):
    """Spikes at random, independent of all others.

    Parameters
    ----------
    rate : float or array of shape (neurons,)
        Hz. In every step a neuron spikes with probability ``rate * dt``.
    """

    rate: Any

    def source(self, size: int, dt: float) -> SpikeSource:
        """Return thresholds of 32-bit words."""
        rate = np.broadcast_to(np.asarray(self.rate, np.float64), (size,))
        chance = rate * dt / 1000
        if not ((chance >= 0) & (chance <= 1)).all():
            bad = rate[~((chance >= 0) & (chance <= 1))][0]
            raise ValueError(f"rate must be 0 to {1000 / dt:g} Hz, not {bad:g}")
        thresholds = np.rint(chance * 2.0**32).astype(np.int64)
        return Chance(thresholds)


@dataclass(frozen=True, eq=False)
class SpikeTrain(Input):
    """Spikes at given times.

    Parameters
    ----------
    times : array
        ms; each is rounded to the nearest step.
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
            If a time is negative, a neuron does not exist, or spikes twice in a step.
        """
        steps = np.rint(np.asarray(self.times, np.float64) / dt).astype(np.int64)
        neurons = (
            np.zeros_like(steps) if self.neurons is None else np.asarray(self.neurons, np.int64)
        )
        if steps.shape != neurons.shape:
            raise ValueError(
                f"a spike train must have as many neurons as times, not {neurons.size} and "
                f"{steps.size}"
            )
        if (steps < 0).any():
            raise ValueError(f"a spike must be at 0 ms or later, not at {np.min(self.times):g}")
        outside = (neurons < 0) | (neurons >= size)
        if outside.any():
            raise ValueError(
                f"neuron of a spike train must be 0 to {size - 1}, not {neurons[outside][0]}"
            )
        order = np.lexsort((neurons, steps))
        steps, neurons = steps[order], neurons[order]
        twice = (np.diff(steps) == 0) & (np.diff(neurons) == 0)
        if twice.any():
            k = int(np.flatnonzero(twice)[0])
            raise ValueError(
                f"neuron {neurons[k]} must spike at most once a step, not twice at "
                f"{steps[k] * dt:g} ms"
            )
        return Train(steps, neurons)
