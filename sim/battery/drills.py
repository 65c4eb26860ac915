"""Drills of a core: what its network's run and random lives hardly come to, sought on purpose."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

from golden.dense.interface import Start
from golden.dense.params import REWARDS, Params
from golden.dense.registers import name_of, register_map
from sim.battery.lives import Life, Piece
from sim.battery.networks import SmallNetwork

OLD, OLD_IMAGES = 1000, 3
"""Steps of presentations in which axons are silent for hundreds of them, and their images."""
RARE, DIMMEST = 1 / 3, (1, 2)
"""Share of the axons that are, and their pixels."""
CROWDED, CROWDED_IMAGES = 40, 2
"""Steps of presentations in which axons spike as often as they can, and their images."""
FEW = (1, 2, 3, 8)
"""Events of a step: one of an axon whose pixel is bright, or several of an oriented field."""
Changes = dict[str, int]
"""Registers that differ from those of the network; a core may not have them all."""
Drill = tuple[Changes, NDArray[np.int64], bool]
"""Registers, images (n, pixels), and whether they are learned."""


class Drills(Life):
    """All drills of one core, in turn; iterate over them once.

    Parameters
    ----------
    network : SmallNetwork
        What the core is made for, and what its registers mostly hold.
    """

    def __init__(self, network: SmallNetwork):
        super().__init__(network, 0)

    def __iter__(self) -> Iterator[Piece]:
        yield self.prediction.requests([*self._afresh(), *self._memories()])
        known = register_map(self.built)
        for changes, pixels, learn in (*self._edges(), self._crowd(), self._old()):
            changed = [self._register(name, x) for name, x in changes.items() if name in known]
            yield self.prediction.requests([*self._afresh(), *changed])
            yield self.prediction.images(pixels, [Start(learn, 0)] * len(pixels))
        yield self.prediction.requests(list(self._everything()))

    def _old(self) -> Drill:
        """Let neurons learn at any time after an axon's last spike, hundreds of steps included."""
        changes = {
            name_of(Params.n_steps): OLD,
            name_of(Params.period_offset): 1,
            name_of(Params.stop_after): 0,
            name_of(Params.theta_plus): 0,
            name_of(Params.offset_plus): 0,
            name_of(Params.activity_gain): 0,
            name_of(Params.leak_sub): 0,
            name_of(Params.reward): REWARDS.index("none"),
        }
        pixels = self._drawn(OLD_IMAGES, 1)
        dim = self.random.choice(DIMMEST, pixels.shape)
        return changes, np.where(self.random.random(pixels.shape) < RARE, dim, pixels), True

    def _crowd(self) -> Drill:
        """Let many axons spike while the membranes still leak, so that the queue is full."""
        changes = {
            name_of(Params.n_steps): CROWDED,
            name_of(Params.stop_after): 0,
            name_of(Params.leak_sub): self.built.leak_sub,
        }
        pixels = np.full((CROWDED_IMAGES, self.built.height * self.built.width), 255)
        return changes, pixels, True

    def _edges(self) -> Iterator[Drill]:
        """Let some events bring a membrane to all but the highest level, to it, and beyond."""
        p = self.built
        pixels = np.zeros((1, p.height * p.width), np.int64)
        pixels[0, pixels.size // 2] = 255
        for n_events, beyond in product(FEW, (-1, 0, 1, p.w.max)):
            v_reset = p.v.max - n_events * p.w.max + beyond
            if p.v.min <= v_reset <= p.v.max:
                changes = {
                    name_of(Params.n_steps): 1,
                    name_of(Params.period_num): 1,
                    name_of(Params.v_reset): v_reset,
                    name_of(Params.v_th): p.v.max,
                    name_of(Params.activity_gain): 0,
                    name_of(Params.force_spike): 0,
                }
                yield changes, pixels, False
