"""Runs a built network and hands what happens to its monitors."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from golden.builder.monitors.monitor import Monitor, StateMonitor
from golden.builder.monitors.weights import WeightMonitor
from golden.builder.overflow import RAISE, report
from golden.command.console import deferred
from golden.network.blueprint import Blueprint
from golden.network.engine.engine import Engine
from golden.network.state import NetworkState
from golden.network.stepping import StepModel
from golden.network.taps import Chunk, Tap
from golden.numbers.formats import Array


class SteppedModel(Protocol):
    """What runs a network: see `golden.network.stepping.StepModel`."""

    def advance(self, steps: int) -> Chunk:
        """Do up to so many steps, at least 1."""
        ...

    def state(self) -> NetworkState:
        """Return the state after the steps so far."""
        ...


@runtime_checkable
class Rewardable(Protocol):
    """What can be given rewards between two steps."""

    def give(self, group: int | None, amounts: Array) -> None:
        """Give one, to what leads to a group or to everybody, before the next step."""
        ...


@dataclass(frozen=True, slots=True)
class Border:
    """What is done whenever so many steps are done."""

    every: int
    act: Callable[[], None]


Make = Callable[[Blueprint, NetworkState, Sequence[Tap]], SteppedModel]
ENGINES: dict[str, Make] = {"numba": Engine, "golden": StepModel}
TELLING_SECONDS = 0.1
"""How often progress is told, about."""


class Runner:
    """A network that can go on.

    Parameters
    ----------
    engine : str or callable
        Of `ENGINES`, or what makes another model.
    borders : sequence of Border
        What is done when a chunk of steps is, and monitors have it.
    """

    def __init__(
        self,
        blueprint: Blueprint,
        state: NetworkState,
        monitors: Sequence[Monitor],
        engine: str | Make,
        borders: Sequence[Border] = (),
    ):
        self.engine, self._borders = engine, borders
        self.learning = state.learning
        """Of all rows whether they learn."""
        self.monitors = tuple(monitors)
        self._states = [m for m in monitors if isinstance(m, StateMonitor)]
        self._weights = [m for m in monitors if isinstance(m, WeightMonitor)]
        make = ENGINES[engine] if isinstance(engine, str) else engine
        self._model = make(blueprint, state, [m.tap for m in self._states])
        self._blueprint = blueprint
        self._step = state.step
        self._broken = False
        """Whether a run broke off where the model may be ahead of the monitors."""
        self._first = self._rest = (0, 0.0)
        """Steps and seconds of the first chunk, and of all others."""

    @property
    def state(self) -> NetworkState:
        """The state after the steps so far.

        Raises
        ------
        ValueError
            If a run broke off within a step.
        """
        self._whole()
        return self._model.state()

    def _whole(self) -> None:
        if self._broken:
            raise ValueError(
                "a network whose run broke off within a step must be restored, or made anew"
            )

    @property
    def speed(self) -> float:
        """Steps a second so far, without the first chunk, in which an engine may be compiled."""
        steps, seconds = self._rest if self._rest[0] else self._first
        return steps / seconds if steps else 0.0

    def give(self, group: int | None, amounts: Array) -> None:
        """Give a reward before the next step.

        Raises
        ------
        ValueError
            If what runs the network takes none, or a run broke off within a step.
        """
        self._whole()
        if not isinstance(self._model, Rewardable):
            raise ValueError(f"a reward must be given in {' or '.join(ENGINES)}")
        self._model.give(group, amounts)

    def run(
        self, steps: int, progress: Callable[[int], object] | None = None, overflow: str = RAISE
    ) -> None:
        """Do some steps; fewer if ``progress``, given the number of those done, returns False.

        Raises
        ------
        OverflowError
            At the end, if a number did not fit its word and ``overflow`` is "raise".
        """
        before = [dict(counted) for counted in self.state.saturated]
        self._advance(steps, progress)
        report(self._blueprint, before, self.state, overflow)

    def _advance(self, steps: int, progress: Callable[[int], object] | None) -> None:
        # Golden is slow: its user may want to interrupt it.
        done, most = 0, 1 if progress or self.engine == "golden" else steps
        while done < steps:
            with deferred():
                did, took = self._chunk(min(steps - done, most, *self._left()))
            done += did
            for border in self._borders:
                if self._step % border.every == 0:
                    border.act()
            if progress and progress(done) is False:
                return
            if most < steps:
                most = most * 2 if took < TELLING_SECONDS else max(1, most // 2)

    def _left(self) -> list[int]:
        """Return the steps to each border, and to the next reading of weights."""
        borders = (border.every - self._step % border.every for border in self._borders)
        return [*borders, *(monitor.left(self._step) for monitor in self._weights)]

    def _chunk(self, steps: int) -> tuple[int, float]:
        """Do some steps and hand them over; return how many, and seconds."""
        self._whole()
        self._broken = True
        began = time.perf_counter()
        chunk = self._model.advance(steps)
        took = time.perf_counter() - began
        if self._first[0]:
            self._rest = self._rest[0] + chunk.steps, self._rest[1] + took
        else:
            self._first = chunk.steps, took
        self._hand_over(chunk)
        self._step += chunk.steps
        if self._weights:
            state = self._model.state()
            for monitor in self._weights:
                monitor.look(state)
        self._broken = False
        return chunk.steps, took

    def _hand_over(self, chunk: Chunk) -> None:
        samples = iter(chunk.samples)
        for monitor in self.monitors:
            tapped = isinstance(monitor, StateMonitor)
            monitor.take(chunk, self._step, next(samples) if tapped else None)
