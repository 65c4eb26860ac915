"""Requests for fuzzing a network core: what a run does not heed, and what it would."""

from collections.abc import Sequence
from random import Random

from golden.network.chip import Chip
from golden.network.interface import Region, registers
from golden.numbers.formats import index_bits
from hdl.link.network.protocol import END_BIT, ITEM, LENGTHS, NetworkOp
from hdl.link.protocol import RESET_WORD, Op
from sim.device.network import NetworkDevice
from sim.traffic.source import Asking, RequestSource, place

MOST_RUN = 24
"""Steps."""
MOST_QUIET = 3
"""Steps that are quiet, in an item."""


class NetworkSource(RequestSource):
    """What a host may ask a device with a network core for.

    Parameters
    ----------
    device : NetworkDevice
        As it is now.
    chip : Chip
        What its core is made for.
    source : Random
        Of all choices.
    """

    def __init__(self, device: NetworkDevice, chip: Chip, source: Random):
        super().__init__(device, source)
        self.chip = chip

    @property
    def under_way(self) -> bool:
        """A run waits for spikes to be fetched or for items to be fed."""
        return bool(self.device.requests.state())

    def harmless(self) -> Asking:
        """Return a request that changes no memory and no run."""
        kinds = (self._status, self._read, self._refused, self._refused, self._wrong)
        if not self.under_way:
            kinds += (self._system, self._read, self._same, self._same)
        return self.random.choice(kinds)()

    def dangerous(self) -> Asking:
        """Return a request that would be seen, if it were done."""
        kind = self.random.randrange(5)
        if kind == 0:
            return Op.RESET, RESET_WORD
        if kind == 1:
            return self.run(self.random.randint(1, MOST_RUN))
        if kind == 2:
            return self.feed(self.items(self.random.randint(1, 4)))
        if kind == 3:
            return self.fetch(self.random.randint(0, len(self.device.requests.spikes)))
        region = self.random.choice([r for r in self.places.regions if r != Region.REGISTERS])
        chunk = self.random.choice(list(self.chunks(region)))
        return self.write(region, chunk[0], [self.random.getrandbits(32) for _ in chunk])

    def is_dangerous(self, op: int, payload: bytes) -> bool:
        """Tell whether a request might change memories, registers or a run."""
        if op == Op.RESET:
            return payload == RESET_WORD
        return op in {Op.HELLO, Op.WRITE, NetworkOp.RUN, NetworkOp.FEED, NetworkOp.FETCH}

    def run(self, steps: int) -> Asking:
        """Return a request to run."""
        return NetworkOp.RUN, steps.to_bytes(LENGTHS[NetworkOp.RUN] or 0, "little")

    def fetch(self, behind: int) -> Asking:
        """Return a request that releases so many spikes."""
        requests = self.device.requests
        position = (requests.begin + behind) % (2 * requests.buffers.spikes)
        return NetworkOp.FETCH, position.to_bytes(2, "little")

    def feed(self, items: Sequence[int]) -> Asking:
        """Return a request to take items."""
        return NetworkOp.FEED, b"".join(ITEM.pack(item) for item in items)

    def items(self, n: int, end: bool = False) -> list[int]:
        """Return items of any kind; some have bits set that mean nothing."""
        found = []
        for i in range(n):
            ends = self.random.random() < 0.5 or (end and i == n - 1)
            most = MOST_QUIET if ends else self.chip.axons - 1
            bits = max(8, index_bits(self.chip.axons))
            above = self.random.getrandbits(32) >> bits << bits & ~END_BIT
            above *= self.random.random() < 0.2
            found.append(END_BIT * ends | self.random.randint(0, most) | above)
        return found

    def register(self, name: str, value: int) -> Asking:
        """Return a request to write a register."""
        return self.write(Region.REGISTERS, list(registers(self.chip)).index(name), [value])

    def _status(self) -> Asking:
        return Op.STATUS, self.random.randbytes(4)

    def _same(self) -> Asking:
        """Write what is there."""
        region = self.random.choice(list(self.places.regions))
        chunk = self.random.choice(list(self.chunks(region)))
        chunk = chunk[: self.random.randint(1, len(chunk))]
        core = self.device.requests.core
        return self.write(region, chunk[0], [core.read(region, index) for index in chunk])

    def _refused(self) -> Asking:
        """Ask for what is not done, whether a run is under way or not."""
        nowhere = place(self.random.randrange(len(self.places.extents), 256), 0)
        behind = place(self.random.choice(list(self.places.regions)), 1 << 20)
        around = 2 * self.device.requests.buffers.spikes
        far = self.random.choice((around, around | 1, 1 << 15, (1 << 16) - 1))
        unknown = self.random.choice((0, 4, 0x12, 0x23, 0x28, 0x60, 0xFF))
        return self.random.choice((
            (unknown, self.random.randbytes(3)),
            (unknown, b""),
            (Op.RESET, self.random.choice((b"RESEt", b"", b"RESET!"))),
            (Op.HELLO, self.random.randbytes(5)),
            (Op.READ, nowhere + b"\1"),
            (Op.READ, behind + b"\1"),
            (Op.READ, place(Region.REGISTERS, 0) + b"\xff"),
            (Op.WRITE, behind + self.random.randbytes(8)),
            (Op.READ, nowhere + bytes((self.random.randint(1, 255),))),
            (Op.WRITE, nowhere + self.random.randbytes(self.random.randint(1, 8))),
            (Op.WRITE, place(Region.REGISTERS, 0) + self.random.randbytes(3)),
            (NetworkOp.FETCH, far.to_bytes(2, "little")),
            (NetworkOp.FETCH, far.to_bytes(2, "little")),
        ))

    def _wrong(self) -> Asking:
        """Ask for runs, spikes and items by payloads of other lengths, or for too much."""
        requests = self.device.requests
        around, kept = 2 * requests.buffers.spikes, len(requests.spikes)
        free = requests.buffers.items - len(requests.items)
        wrong = [
            (NetworkOp.RUN, self.random.randbytes(self.random.choice((0, 1, 3)))),
            (NetworkOp.FETCH, self.random.randbytes(self.random.choice((0, 1, 3)))),
            (NetworkOp.FEED, bytes(self.random.choice((1, 2, 3)))),
            self.feed(self.items(free + self.random.randint(1, 3))),
        ]
        if kept + 1 < around:
            wrong.append(self.fetch(self.random.randrange(kept + 1, around)))
        if self.under_way:
            wrong.append(self.run(1))
        return self.random.choice(wrong)
