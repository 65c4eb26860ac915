"""A host that knows what a device must say to whatever comes over the line."""

from collections import Counter, deque
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from hdl.link.protocol import END, REPORT, Op, Status
from sim.device.line import LOSSES, DeviceModel, DeviceReply, escaped, parsed, request
from sim.targets.serial import Serial
from sim.traffic.noise import Item, heard, put

PATIENCE = 300_000
"""Cycles within which a device that is not presenting must have said all."""


class Disagreement(Exception):
    """The device does not do what docs/link.md says; the text is one sentence.

    Parameters
    ----------
    field : str
        What is not as it must be: silence, frame, seq, op, status, answer or report.
    cycle : int
        Of the simulation.
    text : str
        What differs.
    """

    def __init__(self, field: str, cycle: int, text: str):
        super().__init__(f"{field} in cycle {cycle}: {text}")
        self.field, self.cycle = field, cycle


class Due(NamedTuple):
    """A reply that must come."""

    reply: DeviceReply
    lost: Counter[Status]
    """Frames that were dropped before its request came: they must have been reported before."""
    expected: int
    """The number expected before it was executed; a report tells it."""
    meant: bytes
    """Of the answer, the bits that mean something."""


class Dialogue:
    """One end of a line, a device in Python that hears the same, and the real one.

    Parameters
    ----------
    line : Serial
        A `hdl.link.top.Top`.
    device : DeviceModel
        What it must be like. Both must have been reset.
    source : Random
        Of nonces.
    """

    def __init__(self, line: Serial, device: DeviceModel, source: Random):
        self.line, self.device, self._source = line, device, source
        self.replies, self.reports = Counter(), Counter()
        """What has come, by status."""
        self.lost = 0
        """Frames dropped."""
        self.longest = 0
        """Cycles from the last byte of a recovery to the end of its answer."""
        self._due: deque[Due] = deque()
        self._dropped, self._reported = Counter(), Counter()
        self._come = b""
        self._end = 0

    def exchange(self, items: Sequence[Item], busy: bool = False) -> None:
        """Send items, then ask for a sign of life; everything up to it must be as predicted.

        Parameters
        ----------
        busy : bool
            The first request lasts until all others have come, so that they wait in the queue.

        Raises
        ------
        Disagreement
            If something is not.
        """
        self._predict(items, busy)
        for item in items:
            self._put(item)
        if busy:
            self._collect()
        # The recovery of docs/link.md, which works whatever was before.
        nonce = self._source.randbytes(4)
        recovery = bytes((END,)) + escaped(request(self._source.randrange(256), Op.STATUS, nonce))
        self._predict([recovery], busy=False)
        self._put(recovery)
        self._collect()
        self.longest = max(self.longest, self.line.cycles - self._end)
        self._settle()

    def _put(self, item):
        self._end = max(self._end, self.line.cycles) + put(self.line, item)

    def _predict(self, items, busy):
        """Let the device in Python hear it."""
        device, lost = self.device, deque()
        for byte in (byte for item in items for byte in heard(item)):
            device.take(byte)
            if len(device.queue) > len(lost):
                lost.append(Counter(device.reports))
            if device.queue and not (busy and self._due):
                self._execute(lost.popleft())
        while device.queue:
            self._execute(lost.popleft())
        self._dropped = Counter(device.reports)

    def _execute(self, lost):
        expected = self.device.requests.expected
        _, op, payload = self.device.queue[0]
        reply = self.device.execute()
        meant = self.device.requests.meant(op, payload, reply.answer)
        self._due.append(Due(reply, lost, expected, meant))

    def _collect(self):
        """Take replies and reports until nothing is due."""
        deadline = self._end + PATIENCE
        while self._due:
            frame = self._frame(deadline)
            said = parsed(frame)
            if said is None:
                self._refuse("frame", f"no reply can be read from {frame.hex(' ')}")
            elif said.op == REPORT and said.status in LOSSES:
                self._report(said)
            else:
                self._reply(said)

    def _frame(self, deadline):
        while bytes((END,)) not in self._come:
            if self.line.cycles >= deadline:
                due = self._due[0].reply
                self._refuse("silence", f"{due} must have come, not {self._come.hex(' ')!r}")
            self.line.run(deadline - self.line.cycles)
            self._come += self.line.receive()
        frame, _, self._come = self._come.partition(bytes((END,)))
        return frame

    def _reply(self, said):
        due = self._due.popleft()
        for status, n in due.lost.items():
            if n and not self._reported[status]:
                self._refuse("report", f"{status.name} must be reported before {said}")
        heard, true = _meaning(said, due.meant), _meaning(due.reply, due.meant)
        for field, ours, theirs in zip(DeviceReply._fields, true, heard, strict=True):
            if ours != theirs:
                self._refuse(field, f"{due.reply} must come, not {said}")
        self.replies[said.status] += 1

    def _report(self, said):
        status = Status(said.status)
        self._reported[status] += 1
        expected = self._due[0].expected
        if (said.seq, said.answer) != (expected, b""):
            self._refuse("report", f"number {expected} must be told, not {said}")
        if self._reported[status] > self._dropped[status]:
            n = self._dropped[status]
            self._refuse("report", f"{status.name} must come {n} times at most, not once more")

    def _settle(self):
        """Count what was lost; every loss has been reported before the sign of life."""
        for status, loss in LOSSES.items():
            for _ in range(self._reported[status]):
                self.device.requests.lose(loss)
            self.reports[status] += self._reported[status]
        self.lost += self._dropped.total()
        self.device.reports.clear()
        self.device.out.clear()
        self._reported.clear()

    def _refuse(self, field, text):
        raise Disagreement(field, self.line.cycles, text)


def _meaning(reply, meant):
    if len(reply.answer) != len(meant):
        return reply
    return reply._replace(answer=bytes(a & b for a, b in zip(reply.answer, meant, strict=True)))
