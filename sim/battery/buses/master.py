"""A very small core behind a wrapper: what golden says of it, and what drives its ports."""

from functools import cache
from typing import Any

import numpy as np

from golden.dense.interface import Region
from golden.dense.registers import envelope
from golden.training.recipe import all_phases
from hdl.handover.expected import course, drawn
from hdl.wrappers.addresses import OWN, WordAddresses

LONGEST = 3000
"""Cycles after which nobody waits any more."""
BUILT = envelope(
    all_phases("tiny", "rstdp", height=2, width=2, n_neurons=3, n_lanes=3, n_classes=3)
)
AT = WordAddresses(BUILT)
N_PIXELS = BUILT.height * BUILT.width
GOOD, BAD = "good", "bad"
Told = list[Any]


@cache
def done():
    """Return what golden says about a drawn network: three images answered, three learned."""
    rng = np.random.default_rng(3)
    images = list(rng.integers(64, 256, (6, N_PIXELS)))
    learned = [(image, i % BUILT.n_classes) for i, image in enumerate(images[3:])]
    return course(BUILT, drawn(BUILT), images[:3], learned)


def user(shown) -> int:
    """Return the payload of start."""
    return shown.given << 1 | shown.learn


def result(shown, bad: int = 0) -> int:
    """Return a packed result."""
    return shown.label | shown.n_spikes << 16 | 1 << 30 | bad << 31


def missing() -> list[tuple[int, int]]:
    """Return (place, whether it is written) of words that are not there, or only to be read."""
    places = [AT.place(region, n) for region, n in AT.sizes.items() if n < 1 << AT.index_bits]
    places += [AT.place(Region.WEIGHTS, BUILT.n_lanes), AT.place(Region.THETA, BUILT.n_lanes)]
    both = [(place, write) for place in places for write in (0, 1)]
    return [*both, (AT.place(Region.SPIKES, 0), 1), (AT.place(OWN + 1, 0), 0)]


class Master:
    """What drives a wrapper: ``told`` is what it has been told so far."""

    def __init__(self, ctx, dut):
        self.ctx, self.dut, self.told = ctx, dut, []

    def put(self, **values: int) -> None:
        """Set ports."""
        for name, value in values.items():
            self.ctx.set(getattr(self.dut, name), value)

    def get(self, name: str) -> int:
        """Return a port's value."""
        return int(self.ctx.get(getattr(self.dut, name)))

    async def wait(self, *names: str) -> None:
        """Let cycles pass up to the end of one in which a port is 1."""
        for _ in range(LONGEST):
            if any(self.get(name) for name in names):
                await self.ctx.tick()
                return
            await self.ctx.tick()
        raise TimeoutError

    async def stays(self, n_cycles: int, valid: str, *names: str) -> list[int]:
        """Wait for what is valid, look away for some cycles, and return what is there then."""
        for _ in range(LONGEST):
            if self.get(valid):
                break
            await self.ctx.tick()
        before = [self.get(name) for name in names]
        for _ in range(n_cycles):
            await self.ctx.tick()
        after = [self.get(name) for name in names]
        self.told += [] if self.get(valid) and before == after else [("moved", valid)]
        return after
