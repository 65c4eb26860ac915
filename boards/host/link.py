"""Requests and replies over a line that may lose, spoil and double bytes; see docs/link.md."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from boards.host.frames import Frame, FrameReader, encoded
from boards.host.port import Port
from hdl.link.protocol import END, HEADER, MOST, NONCE, REPLY, Op, Status

ATTEMPTS = 10
"""To get anything done, before the line is given up."""
NUMBERS = 256
"""Of requests, which then start again from 0."""
MOST_UNREPLY = 127
"""Requests; the device takes one of the 128 before the expected one for a repetition."""
MOST_NOISE = 1 << 14
"""Bytes that are no reply."""


class LinkError(Exception):
    """The device does not answer as docs/link.md says; the text is one sentence."""


class LinkRequest(NamedTuple):
    """What a device is asked to do."""

    op: int
    """An `Op`, or one of the core's own."""
    payload: bytes = b""


class Reply(NamedTuple):
    """What it answered; ``status`` is None if it did it and the answer was lost."""

    status: int | None
    answer: bytes = b""


class LinkHost:
    """One end of a line.

    Every request is executed exactly once, in order. Up to ``queue`` bytes of them are under way at
    any time. When anything is not as expected, the device is asked how far it has come, and the
    rest is sent again.
    """

    def __init__(self, port: Port):
        self.port = port
        self.recoveries = 0
        """How often something had to be sent again."""
        self._decoder = FrameReader()
        self._seq = 0
        self._window = 0
        self._unanswered: deque[Frame] = deque()
        self._fruitless = 0
        self._noise = 0

    def hello(self) -> bytes:
        """Start afresh, whatever lies on the line; return what the device says of itself."""
        for _ in range(ATTEMPTS):
            self._drain()
            if info := self._ask_now(Op.HELLO):
                self._seq = 1
                return info
        raise LinkError(f"a device on {self.port.name} must answer, not be silent")

    def open_window(self, queue: int) -> None:
        """Keep so many bytes under way, less those of the question how far the device has come."""
        self._window = queue - HEADER - NONCE

    @property
    def most(self) -> int:
        """Bytes of a payload of which two are under way at once, so that the line is never idle."""
        return min(MOST, self._window // 2 - HEADER)

    def ask(self, requests: Iterable[LinkRequest]) -> Iterator[Reply]:
        """Yield the reply to every request, in order; to be used up before the next call.

        Raises
        ------
        LinkError
            If the device falls silent, or has been restarted.
        """
        todo = iter(requests)
        upcoming = next(todo, None)
        try:
            while self._unanswered or upcoming:
                line = b""
                while upcoming and self._has_room(upcoming):
                    frame = Frame(self._seq, *upcoming)
                    line += encoded(frame)
                    self._unanswered.append(frame)
                    self._seq = (self._seq + 1) % NUMBERS
                    upcoming = next(todo, None)
                if line:
                    self.port.write(line)
                yield from self._replies()
        finally:
            self._unanswered.clear()

    def _has_room(self, request: LinkRequest) -> bool:
        under_way = sum(frame.queued for frame in self._unanswered)
        fits = under_way + HEADER + len(request.payload) <= self._window
        return fits and len(self._unanswered) < MOST_UNREPLY

    def _replies(self) -> Iterator[Reply]:
        """Yield what has come; if that is not what should have, find out how far the device is."""
        data = self.port.read(self.port.patience)
        self._noise += len(data)
        in_order = bool(data) and self._noise < MOST_NOISE
        for frame in self._decoder.feed(data):
            in_order = in_order and self._is_next(frame)
            if frame and in_order:
                self._unanswered.popleft()
                self._noise = self._fruitless = 0
                yield Reply(frame.payload[0], frame.payload[1:])
        if not in_order:
            yield from self._recover()

    def _is_next(self, frame: Frame | None) -> bool:
        """Tell whether this is the reply to the oldest request."""
        if not (frame and frame.payload and self._unanswered):
            return False
        oldest = self._unanswered[0]
        answers = (frame.seq, frame.op) == (oldest.seq, oldest.op | REPLY)
        return answers and frame.payload[0] not in (Status.SEQUENCE, Status.DUPLICATE)

    def _recover(self) -> Iterator[Reply]:
        """Yield a reply for all that has been done meanwhile, and send the rest again."""
        self.recoveries += 1
        done = (self._expected() - self._unanswered[0].seq) % NUMBERS if self._unanswered else 0
        if done > len(self._unanswered):
            raise LinkError(f"the device on {self.port.name} must go on, not be restarted")
        self._fruitless = 0 if done else self._fruitless + 1
        if self._fruitless > ATTEMPTS:
            raise LinkError(
                f"the device on {self.port.name} must understand some request, not none"
            )
        for _ in range(done):
            self._unanswered.popleft()
            yield Reply(None)
        self.port.write(bytes((END,)) + b"".join(encoded(frame) for frame in self._unanswered))

    def _expected(self) -> int:
        """Return the number of the request that the device will do next."""
        for _ in range(ATTEMPTS):
            self._drain()
            if answer := self._ask_now(Op.STATUS):
                return answer[0]
        raise LinkError(f"the device on {self.port.name} must answer, not fall silent")

    def _ask_now(self, op: Op) -> bytes:
        """Ask what is answered at any time; return what follows the nonce, nothing if silent."""
        nonce = self.port.nonce(NONCE)
        self.port.write(bytes((END,)) + encoded(Frame(0, op, nonce)))
        sign = bytes((Status.OK,)) + nonce
        noise = 0
        while noise < MOST_NOISE and (data := self.port.read(self.port.patience)):
            noise += len(data)
            for frame in self._decoder.feed(data):
                if frame and frame.op == op | REPLY and frame.payload.startswith(sign):
                    return frame.payload[len(sign) :]
        return b""

    def _drain(self) -> None:
        """Wait until nothing more comes."""
        noise = 0
        while noise < MOST_NOISE and (data := self.port.read(self.port.quiet)):
            noise += len(data)
        self._decoder = FrameReader()
