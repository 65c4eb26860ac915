"""What teachers say of a network: they are asked once, and that is then told in advance."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from golden.builder.network import Network
from golden.network.blueprint import Blueprint
from golden.network.engine.engine import Engine
from golden.network.placement import Placement
from golden.network.source import RewardTrain
from golden.network.state import NetworkState
from golden.network.taps import Chunk, Tap
from golden.numbers.formats import Array


class Listener:
    """The engine, and what rewards it was given between two steps; parameters as of `Engine`."""

    def __init__(self, blueprint: Blueprint, state: NetworkState, taps: Sequence[Tap] = ()):
        self._engine, self._step = Engine(blueprint, state, taps), state.step
        self.said: list[RewardTrain] = []

    def advance(self, steps: int) -> Chunk:
        """Do up to ``steps`` steps."""
        chunk = self._engine.advance(steps)
        self._step += chunk.steps
        return chunk

    def give(self, group: int | None, amounts: Array) -> None:
        """Give a reward before the next step."""
        self.said.append(RewardTrain(group, np.array([self._step]), amounts[None, :]))
        self._engine.give(group, amounts)

    def state(self) -> NetworkState:
        """Return the state after the steps so far."""
        return self._engine.state()


def told_in_advance(net: Network, placement: Placement, steps: int) -> Placement:
    """Return a network's placement whose rewards are also those of its teachers.

    Of one step theirs come first, as they are asked before it.
    """
    if not net.teachers:
        return placement
    asked: list[Listener] = []

    def listener(blueprint: Blueprint, state: NetworkState, taps: Sequence[Tap]) -> Listener:
        asked.append(Listener(blueprint, state, taps))
        return asked[-1]

    net.run(steps=steps, engine=listener, overflow="warn")
    blueprint, said = placement.blueprint, asked[0].said
    return replace(placement, blueprint=replace(blueprint, rewards=(*said, *blueprint.rewards)))
