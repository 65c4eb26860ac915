"""Traffic for fuzzing: valid, mutated and random frames, noise and floods, in bursts."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import Any, ClassVar, NamedTuple

from hdl.link.protocol import END, ESC, Op
from sim.device.line import DeviceModel, escaped, request
from sim.traffic.noise import BYTE, DIVISOR, Item, Noise
from sim.traffic.source import Asking, RequestSource

ROOM = 400
"""Bytes of requests that always have place in the queue."""


class Burst(NamedTuple):
    """What is sent before the device is asked for a sign of life."""

    kind: str
    items: list[Item]
    n_frames: int
    """Frames, or what is left of them, or is no frame at all."""
    busy: bool = False
    """The first request lasts until all is sent; see `sim.traffic.dialogue.Dialogue.exchange`."""


class Traffic(ABC):
    """Endless bursts; a core with requests of its own derives from this.

    Parameters
    ----------
    device : DeviceModel
        As it is whenever the next burst is asked for.
    ear : DeviceModel
        Another one, which hears what is too dangerous to be sent.
    requests : RequestSource
        What may be asked for.
    """

    rare: ClassVar[float]
    """Chance of `episode` before a burst."""
    episodes: ClassVar[str]
    """How the kinds of its bursts begin."""
    legible: ClassVar[bool]
    """Within an episode everything can be read back, too."""
    statuses: ClassVar[tuple[type[IntEnum], ...]]
    """All that may come back."""

    def __init__(self, device: DeviceModel[Any], ear: DeviceModel[Any], requests: RequestSource):
        self.device, self.requests, self.random = device, requests, requests.random
        self._ear = ear
        self._seq = 0
        self._mutations: tuple[Callable[[bytes], bytes], ...] = (
            self._flipped,
            self._with_other_checksum,
            self._with_other_length,
            self._cut,
            self._extended,
            self._doubled,
            self._line_changed,
            self._line_cut,
        )

    @abstractmethod
    def loading(self) -> Iterator[Burst]:
        """Yield bursts that write all memories at random."""

    @abstractmethod
    def episode(self) -> Iterator[Burst]:
        """Yield bursts that belong together, in which not all is as before."""

    @abstractmethod
    def kept(self) -> Any:
        """Return what must be the same between episodes, of the device in Python."""

    @abstractmethod
    def told(self) -> str:
        """Return in a few words what the core has done, behind the cycles."""

    def _own(self) -> Mapping[Callable[[], Burst], int]:
        """Return bursts that only this core hears, with how often they come."""
        return {}

    def reading(self) -> Iterator[Burst]:
        """Yield bursts that read everything."""
        for asked in self.requests.readback():
            yield self.valid("read back", [asked])

    def bursts(self) -> Iterator[Burst]:
        """Yield bursts without end."""
        kinds = {
            self._one: 24,
            self._mutated: 30,
            self._stale: 8,
            self._repeated: 4,
            self._noisy: 8,
            self._random: 6,
            **self._own(),
            self._mixed: 14,
        }
        while True:
            if self.random.random() < self.rare:
                yield from self.episode()
            (kind,) = self.random.choices(list(kinds), list(kinds.values()))
            self._seq = self.device.requests.expected
            yield kind()

    def valid(self, kind: str, asked: Sequence[Asking]) -> Burst:
        """Return a burst of requests with the numbers that are expected."""
        self._seq = self.device.requests.expected
        return Burst(kind, [escaped(self._frame(one)) for one in asked], len(asked))

    # Bursts

    def _frame(self, asked) -> bytes:
        """Return a frame with the number that follows."""
        frame = request(self._seq, *asked)
        self._seq = (self._seq + 1) % 256
        return frame

    def _one(self):
        return self.valid("one request", [self.requests.harmless()])

    def _mutated(self):
        return Burst("mutated", [self._mutant()], 1)

    def _stale(self):
        """Ask for something dangerous, but with another number than the one expected."""
        op, payload = self.requests.dangerous()
        if op == Op.RESET:
            return self._mutated()
        seq = (self.device.requests.expected + self.random.randrange(1, 256)) % 256
        return Burst("stale", [escaped(request(seq, op, payload))], 1)

    def _repeated(self):
        frame = escaped(self._frame(self.requests.harmless()))
        n = self.random.randint(2, 4)
        return Burst("repeated", [frame] * n, n)

    def _random(self):
        size = self.random.choice((1, 2, 7, 20, 300))
        end = bytes((END,)) * self.random.randrange(3)
        return Burst("random bytes", [self.random.randbytes(size) + end], 1)

    def _mixed(self):
        """Return several frames, of which some can be read."""
        items, room = [], ROOM
        for _ in range(self.random.randint(2, 10)):
            if self.random.random() < 0.4:
                items.append(self._mutant())
                continue
            frame = self._frame(self.requests.harmless())
            if len(frame) > room:
                break
            room -= len(frame)
            items.append(escaped(frame))
        return Burst("mixed", items, len(items))

    def _noisy(self):
        """Return a frame with noise in it, or before it if the frame may be done."""
        noise = self._noise()
        spoilt = None in noise.heard() and self.random.random() < 0.7
        asked = self.requests.dangerous() if spoilt else self.requests.harmless()
        frame = escaped(self._frame(asked))
        at = self.random.randrange(int(spoilt), len(frame))
        return Burst("noise", [frame[:at], noise, frame[at:]], 1)

    # What goes wrong in a frame

    def _mutant(self) -> bytes:
        """Return a frame that something has happened to; what was dangerous cannot be read."""
        kind = self.requests.dangerous if self.random.random() < 0.5 else self.requests.harmless
        frame = request(self._seq, *kind())
        while True:
            line = self.random.choice(self._mutations)(frame)
            if not self._is_dangerous(line):
                return line

    def _is_dangerous(self, line):
        for byte in bytes((END,)) + line + bytes((END,)):
            self._ear.take(byte)
        readable = [*self._ear.queue]
        self._ear.queue.clear()
        self._ear.reports.clear()
        return any(self.requests.is_dangerous(op, payload) for _, op, payload in readable)

    def _flipped(self, frame):
        wrong = bytearray(frame)
        for _ in range(self.random.randint(1, 4)):
            wrong[self.random.randrange(len(wrong))] ^= 1 << self.random.randrange(8)
        return escaped(bytes(wrong))

    def _with_other_checksum(self, frame):
        return escaped(frame[:-4] + self.random.choice((self.random.randbytes(4), frame[:-5:-1])))

    def _with_other_length(self, frame):
        length = (frame[2] + self.random.choice((1, 255, 128, 4))) % 256
        return escaped(frame[:2] + bytes((length,)) + frame[3:])

    def _cut(self, frame):
        first = self.random.randrange(len(frame))
        return escaped(frame[:first] + frame[self.random.randint(first + 1, len(frame)) :])

    def _extended(self, frame):
        return escaped(frame + self.random.randbytes(self.random.choice((1, 4, 260))))

    def _doubled(self, frame):
        first = self.random.randrange(len(frame))
        end = self.random.randint(first + 1, len(frame))
        return escaped(frame[:end] + frame[first:])

    def _line_changed(self, frame):
        """Insert or change bytes that mean something to the line."""
        line = bytearray(escaped(frame))
        for _ in range(self.random.randint(1, 3)):
            at = self.random.randrange(len(line))
            line[at : at + self.random.randrange(2)] = bytes((self.random.choice((END, ESC, 0)),))
        return bytes(line)

    def _line_cut(self, frame):
        """Pull the plug in the middle of a frame."""
        line = escaped(frame)
        return line[: self.random.randint(1, len(line) - 1)]

    def _noise(self) -> Noise:
        idle = (True, 2 * BYTE)
        kind = self.random.randrange(4)
        if kind == 0:
            return Noise(((False, self.random.randint(BYTE, 4 * BYTE)), idle))
        if kind == 1:
            byte = [bool(self.random.getrandbits(1)) for _ in range(8)]
            return Noise((*((high, DIVISOR) for high in (False, *byte, False)), idle))
        if kind == 2:
            return Noise(((False, 1), idle))
        bits = [bool(self.random.getrandbits(1)) for _ in range(self.random.randint(1, 60))]
        return Noise((*((high, DIVISOR) for high in bits), idle))
