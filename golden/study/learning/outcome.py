"""What is said of a network that has learned for a time."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

EDGE = 0.05
"""Of the way from 0 to the largest weight: what is nearer to an end is low, or high."""
SLOW, GAMMA, MOST = (1, 8), (30, 70), 250
"""Hz: bands of a rhythm, and the fastest that is looked at."""
LAST = 0.1
"""Share of the run of which rates and rhythms are, its end; that of a short run is all of it."""
SHORT = 10_000
"""ms."""


@dataclass(frozen=True, slots=True)
class LearningRun:
    """A run: rates, weights at its end, and rhythms of the excitatory cells."""

    network: str
    numbers: str
    """"integers" or "float64"."""
    seed: int
    change: float
    """Share by which the first weights were changed: with the same seed another draw."""
    ms: int
    hz_exc: float
    hz_inh: float
    mean_weight: float
    """Of synapses that learn."""
    low_percent: float
    high_percent: float
    slow_percent: float
    """Of the power up to `MOST` that is within a band."""
    gamma_percent: float
    overflows: int

    def cells(self) -> dict[str, Any]:
        """Return it as the cells of a table."""
        return {k: f"{v:.4f}" if isinstance(v, float) else v for k, v in asdict(self).items()}


COLUMNS = tuple(LearningRun.__dataclass_fields__)


def outcome(
    name: str,
    numbers: str,
    seed: int,
    counts: Mapping[str, NDArray[Any]],
    sizes: Mapping[str, int],
    weights: NDArray[np.float64],
    most: float,
    overflows: int = 0,
    change: float = 0.0,
) -> LearningRun:
    """Return what is said of a run.

    Parameters
    ----------
    counts : dict
        Of "exc" and "inh", spikes in each ms.
    sizes : dict
        Of the same, neurons.
    most : float
        The largest weight.
    """
    each = {k: np.asarray(counts[k], float) for k in ("exc", "inh")}
    ms = len(each["exc"])
    last = ms if ms <= SHORT else round(LAST * ms)
    hz = {k: float(x[-last:].mean() / sizes[k] * 1000) for k, x in each.items()}
    slow, gamma = (band(each["exc"][-last:], ends) for ends in (SLOW, GAMMA))
    return LearningRun(
        name,
        numbers,
        seed,
        change,
        ms,
        hz["exc"],
        hz["inh"],
        float(weights.mean()),
        float(100 * (weights < EDGE * most).mean()),
        float(100 * (weights > (1 - EDGE) * most).mean()),
        slow,
        gamma,
        overflows,
    )


def band(counts: NDArray[np.float64], ends: tuple[float, float]) -> float:
    """Return the percentage of the power from 1 Hz to `MOST` that is within a band.

    Of windows of a second, without their means; 0 if nothing happened.
    """
    seconds = counts[: len(counts) // 1000 * 1000].reshape(-1, 1000)
    power = (np.abs(np.fft.rfft(seconds - seconds.mean(axis=1, keepdims=True))) ** 2).sum(axis=0)
    whole = power[1 : MOST + 1].sum()
    return float(100 * power[ends[0] : ends[1] + 1].sum() / whole) if whole else 0.0
