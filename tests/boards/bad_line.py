"""A line to a device in Python that treats bytes badly."""

import random
from collections.abc import Iterator

from boards.host.port import Port
from sim.device.line import DeviceModel


def spoiled(source: random.Random, wrong: float, data: bytes) -> Iterator[int]:
    """Yield bytes; with the chance ``wrong`` one is doubled or spoiled, or a stretch is lost."""
    lost = 0
    for byte in data:
        if lost:
            lost -= 1
        elif source.random() >= wrong:
            yield byte
        else:
            kind = source.choice(("lost", "doubled", "spoiled"))
            if kind == "lost":
                lost = source.choice((0, 0, 300))
            elif kind == "doubled":
                yield from (byte, byte)
            else:
                yield byte ^ 1 << source.randrange(8)


class BadLine(Port):
    """A line to a device.

    Parameters
    ----------
    seed : int
        Of everything that goes wrong.
    wrong : float
        Chance that a byte is lost, doubled or spoiled, in either direction.
    late : float
        Chance that nothing is heard for as long as somebody waits; and that all of a reply is lost.
    """

    name = "line"
    quiet = patience = 0.0

    def __init__(self, device: DeviceModel, seed: int = 0, wrong: float = 0.0, late: float = 0.0):
        self.device, self.random = device, random.Random(seed)
        # How long frames are, and so which bytes are spoiled, hangs on it, too.
        self.nonce = random.Random(seed).randbytes
        self.wrong, self.late = wrong, late
        self.closed = False

    def write(self, data):
        assert not self.closed, "nothing is written to a closed line"
        for byte in spoiled(self.random, self.wrong, data):
            self.device.take(byte)
            if self.random.random() < 0.01:
                self.device.work()

    def read(self, timeout):
        if self.random.random() < self.late:
            return b""
        while not self.device.out and (self.device.queue or self.device.reports):
            self.device.work()
            if self.random.random() < self.late:
                self.device.out.clear()
        size = self.random.randint(1, 600)
        data, self.device.out = self.device.out[:size], self.device.out[size:]
        return bytes(spoiled(self.random, self.wrong, bytes(data)))

    def close(self):
        self.closed = True
