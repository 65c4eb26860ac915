"""A run of the link: valid, mutated and random frames, until something is not as it must be."""

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from golden.dense.params import Params
from golden.dense.registers import STATE
from hdl.link.protocol import Op
from sim.device.dense import dense_device
from sim.device.line import escaped, request
from sim.targets.serial import Serial
from sim.traffic.bursts import Burst, Traffic
from sim.traffic.dialogue import Dialogue
from sim.traffic.requests import LEARNED

PRESET = "tiny"
"""Of the core behind the line."""
READBACK = 500
"""Bursts between two looks at all that is learned."""


class Fuzz:
    """A run, up to the first thing that is not as it must be.

    Parameters
    ----------
    line : Serial
        What is tested, just reset.
    p : Params
        What its core is made for.
    preset : str
        Its name.
    seed : int
        Of everything random.
    """

    def __init__(self, line: Serial, p: Params, preset: str, seed: int):
        source = Random(seed)
        self.device = dense_device(p, preset)
        self.dialogue = Dialogue(line, self.device, source)
        self.traffic = Traffic(self.device, source)
        self.n_frames = 0
        """Sent so far."""
        self.kinds: Counter[str] = Counter()
        """Frames by the kind of their burst."""
        self.last: Burst | None = None
        """What was sent last."""

    def run(self, n_frames: int, tell: Callable[[int], None] = lambda n_frames: None) -> None:
        """Load the device at random, then send so many frames, or a few more.

        Raises
        ------
        sim.traffic.dialogue.Disagreement
            If the device says something else than it must.
        AssertionError
            If the device in Python learns: then it was asked to.
        """
        hello = escaped(request(0, Op.HELLO, b"fuzz"))
        self.send(Burst("hello", [b"\xc0", hello], 1))
        for burst in self.traffic.loading():
            self.send(burst)
        before = self._learned()
        for n_bursts, burst in enumerate(self.traffic.bursts()):
            self.send(burst)
            self.n_frames += burst.n_frames
            self.kinds[burst.kind] += burst.n_frames
            tell(self.n_frames)
            # In a flood registers are not as before.
            done = self.n_frames >= n_frames and not burst.kind.startswith("flood")
            if done or n_bursts % READBACK == 0:
                for reading in self.traffic.reading():
                    self.send(reading)
                assert self._learned() == before
            if done:
                break

    def send(self, burst: Burst) -> None:
        """Send a burst, and hear what is said to it."""
        self.last = burst
        self.dialogue.exchange(burst.items, burst.busy)

    def _learned(self) -> Any:
        """Return what the device must have learned; that it has, reading it back shows."""
        core, indices = self.device.requests.core, self.traffic.requests.indices
        words = [[core.read(region, index) for index in indices(region)] for region in LEARNED]
        return words, [core.machine.registers[name] for name in STATE]
