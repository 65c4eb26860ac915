"""A run of the link: valid, mutated and random frames, until something is not as it must be."""

from collections import Counter
from collections.abc import Callable

from hdl.link.protocol import Op
from sim.device.line import escaped, request
from sim.targets.serial import Serial
from sim.traffic.bursts import Burst, Traffic
from sim.traffic.dialogue import Dialogue

READBACK = 500
"""Bursts between two looks at all that is held."""


class Fuzz:
    """A run, up to the first thing that is not as it must be.

    Parameters
    ----------
    line : Serial
        What is tested, just reset.
    traffic : Traffic
        What is sent, with a device in Python that hears it, too.
    """

    def __init__(self, line: Serial, traffic: Traffic):
        self.device, self.traffic = traffic.device, traffic
        self.dialogue = Dialogue(line, self.device, traffic.random)
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
            If the device in Python does not keep what it must: then it was asked to.
        """
        hello = escaped(request(0, Op.HELLO, b"fuzz"))
        self.send(Burst("hello", [b"\xc0", hello], 1))
        for burst in self.traffic.loading():
            self.send(burst)
        before = self.traffic.kept()
        for n_bursts, burst in enumerate(self.traffic.bursts()):
            self.send(burst)
            self.n_frames += burst.n_frames
            self.kinds[burst.kind] += burst.n_frames
            tell(self.n_frames)
            # In an episode registers are not as before.
            inside = burst.kind.startswith(self.traffic.episodes)
            done = self.n_frames >= n_frames and not inside
            if done or (n_bursts % READBACK == 0 and (self.traffic.legible or not inside)):
                for reading in self.traffic.reading():
                    self.send(reading)
                assert self.traffic.kept() == before
            if done:
                break

    def send(self, burst: Burst) -> None:
        """Send a burst, and hear what is said to it."""
        self.last = burst
        self.dialogue.exchange(burst.items, burst.busy)
