"""A lock-step of any core: pieces of a run that are predicted, and what runs them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Generic

import numpy as np
from amaranth.lib import wiring
from numpy.typing import NDArray

from golden.command.console import OUT, Display, judging
from sim.records.comparison import Comparison, Counted, Piece
from sim.targets.target import Target


class Stalls:
    """Draws when streams move: never in a share of the cycles.

    Parameters
    ----------
    share : float
        From 0 to less than 1.
    """

    def __init__(self, share: float, seed: int):
        self._share, self._random = share, np.random.default_rng([seed, 1])

    @property
    def slowness(self) -> float:
        """How much longer a run takes at most, roughly."""
        return 1 / (1 - self._share)

    def draw(self, n_cycles: int) -> NDArray[np.bool_]:
        """Return in which cycles a stream moves."""
        if not self._share:
            return np.ones(n_cycles, np.bool_)
        return self._random.random(n_cycles) >= self._share


class Job(ABC, Generic[Counted]):
    """One lock-step: what is done to a core."""

    @property
    @abstractmethod
    def totals(self) -> Mapping[str, int]:
        """How much there is to do, by task."""

    @abstractmethod
    def core(self) -> wiring.Component:
        """Return the gates, as of `sim.targets.target.Target`."""

    @abstractmethod
    def figures(self) -> Counted:
        """Return what counts what happens."""

    @abstractmethod
    def pieces(self, stalls: Stalls) -> Iterator[Piece]:
        """Predict the whole run."""


def compared(
    job: Job[Counted],
    stalls: Stalls,
    simulator: str,
    opened: Callable[[wiring.Component], Target],
) -> Comparison[Counted]:
    """Run model and simulator until they differ or all is done.

    Parameters
    ----------
    simulator : str
        Its name.
    opened : Callable
        Puts a core into it.
    """
    with judging():
        core, pieces = job.core(), job.pieces(stalls)
    with OUT.status(f"building the core for {simulator}"):
        target = opened(core)
    with target, Display() as display:
        comparison = Comparison(target, job.figures())
        tasks = {name: display.add_task(name, total=n) for name, n in job.totals.items()}
        for piece in pieces:
            equal = comparison.step(piece)
            note = f"{comparison.cycles:,} cycles equal, {comparison.speed:,.0f} a second"
            display.tell(tasks[piece.task], piece.done, note)
            if not equal:
                break
        display.hush()
    return comparison
