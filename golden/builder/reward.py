"""Rewards as a user gives them: told in advance, asked of a teacher, or now, between two runs."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.builder.given import numbers, shape
from golden.builder.population import Population, Selection
from golden.builder.units import LAST_STEP, how_long, milliseconds
from golden.network.blueprint import Group, Rows
from golden.network.rules.words import REWARD_MOST, REWARD_POINT
from golden.network.source import RewardTrain


@dataclass(frozen=True, slots=True)
class Promise:
    """A reward told in advance."""

    to: Population | None
    amount: Any
    at: Any


@dataclass(frozen=True, slots=True)
class Teacher:
    """Who is asked for a reward whenever so many steps are done."""

    to: Population | None
    ask: Callable[[Any], Any]
    every: int


class Rewarded:
    """What can be given rewards, until it is built and between two runs."""

    dt: float
    """ms a step."""

    def __init__(self):
        self._promises: list[Promise] = []
        self._teachers: list[Teacher] = []

    @property
    def teachers(self) -> tuple[Teacher, ...]:
        """Who is asked for rewards, in the order in which they were added."""
        return tuple(self._teachers)

    def _own(self, *selections: Population | Selection) -> None:
        """Refuse what is no population, part or sum of them of this network."""
        raise NotImplementedError

    def _unbuilt(self) -> None:
        """Be told that something is added."""
        raise NotImplementedError

    def _reward_now(self, to: Population | None, amount: Any) -> None:
        """Give a reward before the next step."""
        raise NotImplementedError

    def reward(
        self, amount: Any, at: Any = None, every: Any = None, to: Population | None = None
    ) -> None:
        """Give a reward to all synapses whose rule uses it.

        It is a number from -32 to 32, in steps of 1/4096, and acts before anything else of its
        step: on what has arrived and spiked before.

        Parameters
        ----------
        amount : number, array or callable
            With ``at`` one for each time, or one for all of them. A callable is given the network
            whenever ``every`` is over, and returns a number, or None for no reward; what it
            returns must depend on nothing but what the network has done.
        at : number, text or array, optional
            Times in ms, rounded to steps. If it is left out, a number is given now, between two
            runs.
        every : number or text, optional
            ms from one question to a callable to the next.
        to : Population, optional
            Only to synapses that lead to it. Then an amount may be an array with one for each of
            its neurons; with several times, one row for each time.

        Raises
        ------
        ValueError
            If it makes no sense; when the network is built, if no rule uses it.
        """
        if to is not None:
            self._own(to)
            if not isinstance(to, Population):
                raise ValueError("a reward must be to a whole population, not to a part or a sum")
        if callable(amount) != (every is not None) or callable(amount) and at is not None:
            raise ValueError("a reward must be a number, or a function with every, not with at")
        if callable(amount):
            self._unbuilt()
            steps = how_long(self.dt, every)
            if not steps:
                raise ValueError(f"every must be a step of {self.dt:g} ms or more, not {every}")
            self._teachers.append(Teacher(to, amount, steps))
        elif at is None:
            self._reward_now(to, amount)
        else:
            self._unbuilt()
            self._promises.append(Promise(to, deepcopy(amount), deepcopy(at)))


def promised(
    dt: float,
    groups: Sequence[Group],
    rows: Sequence[Rows],
    told: Sequence[Promise | Teacher],
) -> tuple[RewardTrain, ...]:
    """Return rewards told in advance as integers.

    Raises
    ------
    ValueError
        If one cannot be, or no rule uses it.
    """
    found = []
    for each in told:
        refuse_unused(rows, each.to)
        if isinstance(each, Promise):
            found.append(_reward(dt, groups, each))
    return tuple(found)


def _reward(dt: float, groups: Sequence[Group], told: Promise) -> RewardTrain:
    at = float(milliseconds(told.at, "time of a reward")) if isinstance(told.at, str) else told.at
    times = numbers(at, "time of a reward")
    steps = np.rint(np.atleast_1d(times) / dt)
    if times.ndim > 1 or (steps < 0).any() or (steps > LAST_STEP).any():
        raise ValueError(f"time of a reward must be 0 ms to step {LAST_STEP}, not {told.at}")
    amount = numbers(told.amount, "a reward")
    size = groups[told.to.number].size if told.to else 1
    wide = amount[:, None] if amount.ndim == times.ndim == 1 else np.atleast_2d(amount)
    if wide.ndim > 2 or wide.shape[0] not in (1, len(steps)) or wide.shape[1] not in (1, size):
        raise ValueError(
            f"a reward must be {len(steps)} or {len(steps)} x {size} numbers, not {shape(amount)}"
        )
    whole = integers(np.broadcast_to(wide, (len(steps), wide.shape[1])))
    order = np.argsort(steps, kind="stable")
    group = told.to.number if told.to else None
    return RewardTrain(group, steps[order].astype(np.int64), whole[order].astype(np.int32))


def amounts(groups: Sequence[Group], to: Population | None, amount: Any) -> NDArray[np.int64]:
    """Return one reward as integers, of shape (neurons of the target,) or (1,)."""
    given = np.atleast_1d(numbers(amount, "a reward"))
    size = groups[to.number].size if to else 1
    if given.ndim > 1 or len(given) not in (1, size):
        raise ValueError(f"a reward must be one number or {size}, not {shape(given)}")
    return integers(given)


def integers(amount: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return rewards in their format, to nearest.

    Raises
    ------
    ValueError
        If one is too large, or becomes 0 and is not.
    """
    whole = np.rint(np.clip(amount, -1e6, 1e6) * 2.0**REWARD_POINT).astype(np.int64)
    if (np.abs(whole) > REWARD_MOST).any():
        bad = amount[np.abs(whole) > REWARD_MOST][0]
        raise ValueError(f"a reward must be below 32 in magnitude, not {bad:g}")
    lost = (whole == 0) & (amount != 0)
    if lost.any():
        raise ValueError(
            f"a reward must be 0 or at least {0.5**REWARD_POINT / 2:g}, not {amount[lost][0]:g}"
        )
    return whole


def refuse_unused(rows: Sequence[Rows], to: Population | None) -> None:
    """Refuse a reward that no rule uses."""
    group = to.number if to else None
    if not any(r.learning and r.learning.rewarded and group in (None, r.target) for r in rows):
        there = f" to {to.name}" if to else ""
        raise ValueError(
            f"a reward{there} must have a connection{there} with a rule that uses it, such as "
            "MSTDPET"
        )
