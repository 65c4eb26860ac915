"""A network core on a board, or in simulation: load it, run it, and hear its spikes."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from boards.host.driver import Driver
from boards.host.link import LinkError, LinkRequest
from boards.host.port import Port
from golden.network.chip import Chip
from golden.network.interface import Region, registers
from golden.numbers.fields import BYTE
from hdl.link.network.protocol import (
    HEAD,
    ITEM,
    MOST_SPIKES,
    MOST_STEPS,
    SPIKE_BYTES,
    Buffers,
    NetworkOp,
    NetworkStatus,
    link_map,
)
from hdl.link.protocol import Op, Status

STEP_BYTES = 2


class Heard(NamedTuple):
    """What came of a run since the last time."""

    steps: NDArray[np.int64]
    """Of every spike, ascending."""
    neurons: NDArray[np.int64]
    cycles: int
    """Of the RUN that is over; 0 before."""


class NetworkDriver(Driver):
    """A network core that is loaded and run; entering the context greets it.

    Parameters
    ----------
    port : Port
        Is closed with the context.
    chip : Chip
        What the core is made for.
    preset : str
        Its name.
    buffers : Buffers
        What the link was made with.

    Raises
    ------
    LinkError, DeviceError, boards.host.port.PortError
        As of `Driver`.
    """

    ops = (Op, NetworkOp)
    statuses = (Status, NetworkStatus)

    def __init__(self, port: Port, chip: Chip, preset: str, buffers: Buffers):
        super().__init__(port, link_map(chip, buffers), preset)
        self.chip, self.buffers = chip, buffers
        self._position = 0
        """How many spikes have been heard, modulo twice the buffer; it begins anew with HELLO."""
        self._room = 0
        """Items that certainly have room."""

    def registers(self) -> dict[str, int]:
        """Return all registers by name."""
        names = list(registers(self.chip))
        words = self.transfer((0, Region.REGISTERS.value, i, 0) for i in range(len(names)))
        return dict(zip(names, words.tolist(), strict=True))

    def reset(self) -> None:
        """Put registers back to what they are after power-up; a run is broken off."""
        super().reset()
        self._position = 0

    def run(self, steps: int, items: Iterable[int] = ()) -> Iterator[Heard]:
        """Run so many steps, and yield what spikes meanwhile; to be used up.

        A run of no steps is one, too: in it a reward is received.

        Parameters
        ----------
        items : iterable of int
            What comes from outside, as a FEED has it, for all of these steps.

        Raises
        ------
        LinkError
            If the device has done another number of steps.
        """
        waiting = deque(items)
        first = self.registers()["step"]
        for begun in range(0, max(1, steps), MOST_STEPS):
            yield from self._run(first + begun, min(MOST_STEPS, steps - begun), waiting)
        done = (self.registers()["step"] - first) % (1 << 32)
        if done != steps:
            raise LinkError(f"the device must have done {steps} steps, not {done}")

    def _run(self, first: int, steps: int, waiting: deque[int]) -> Iterator[Heard]:
        self._fetch(first)
        self._feed(waiting)
        list(self.once([LinkRequest(NetworkOp.RUN, steps.to_bytes(STEP_BYTES, "little"))]))
        more = True
        while more:
            heard, under_way = self._fetch(first)
            more = under_way or len(heard.steps) == MOST_SPIKES
            if under_way:
                self._feed(waiting)
            yield heard

    def _fetch(self, first: int) -> tuple[Heard, bool]:
        """Return spikes of a run that began with a step, and whether it is under way.

        What was heard is not forgotten by the device before the next question, so that a lost
        answer is asked for again.
        """
        position = self._position.to_bytes(2, "little")
        (answer,) = self.sure([LinkRequest(NetworkOp.FETCH, position)])
        cycles, under_way, self._room = HEAD.unpack_from(answer)
        told = np.frombuffer(answer, np.uint8, offset=HEAD.size).reshape(-1, SPIKE_BYTES)
        shifts = BYTE * np.arange(SPIKE_BYTES)
        parts = told.astype(np.int64) << np.concatenate((shifts[:STEP_BYTES], shifts[:3]))
        steps, neurons = parts[:, :STEP_BYTES].sum(1), parts[:, STEP_BYTES:].sum(1)
        self._position = (self._position + len(told)) % (2 * self.buffers.spikes)
        steps = first + (steps - first) % (1 << BYTE * STEP_BYTES)
        return Heard(steps, neurons, 0 if under_way else cycles), bool(under_way)

    def _feed(self, waiting: deque[int]) -> None:
        """Send as many items as there is room for: so none is ever refused."""
        now = [waiting.popleft() for _ in range(min(self._room, len(waiting)))]
        if now:
            payload = b"".join(ITEM.pack(item) for item in now)
            list(self.once([LinkRequest(NetworkOp.FEED, payload)]))
            self._room -= len(now)
