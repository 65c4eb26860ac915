"""The network core behind a link in Python: runs, spikes, and what comes from outside."""

from collections import deque

from golden.network.chip import Chip
from hdl.link.network.protocol import (
    END_BIT,
    HEAD,
    ITEM,
    LENGTHS,
    MOST_ITEMS,
    MOST_SPIKES,
    Buffers,
    NetworkOp,
    NetworkStatus,
    link_map,
    neuron_bits,
    value_bits,
)
from hdl.link.protocol import Status
from sim.device.line import DeviceModel
from sim.device.network_core import NetworkModel, Running, Spike
from sim.device.requests import DeviceRequests, Result


class NetworkRequests(DeviceRequests):
    """The network core's requests: RUN, FETCH and FEED.

    A run is done as far as spikes have room and items are there, whenever somebody looks. Cycles
    are not counted: an answer says 0.

    Parameters
    ----------
    chip : Chip
        What the core is made for.
    preset, queue
        As of `DeviceRequests`.
    buffers : Buffers
        As of `hdl.link.network.top.NetworkTop`.
    """

    core: NetworkModel

    def __init__(self, chip: Chip, preset: str, buffers: Buffers, queue: int = 512):
        super().__init__(NetworkModel(chip), link_map(chip, buffers), preset, queue)
        self.buffers = buffers
        self.value_mask = (1 << value_bits(chip)) - 1
        self.neuron_mask = (1 << neuron_bits(chip)) - 1
        self.spikes: deque[Spike] = deque()
        self.items: deque[int] = deque()
        self.begin = 0
        """Position of the first spike that is kept."""
        self.runs: list[int] = []
        """Steps of every RUN that was done."""
        self._run: Running | None = None
        self._next: Spike | None = None
        """What the run has come to."""
        self.lengths |= LENGTHS
        self.does |= {
            NetworkOp.RUN: self._begin,
            NetworkOp.FETCH: self._fetch,
            NetworkOp.FEED: self._feed,
        }

    def state(self) -> int:
        """Return whether a run is under way."""
        self._go_on()
        return int(self._run is not None)

    def refusal(self) -> int:
        """Refuse READ and WRITE in a run."""
        return NetworkStatus.RUNNING if self.state() else Status.OK

    def ready(self) -> None:
        """Break a run off, and forget spikes and items."""
        if self.state():
            self.core.reset()
        self._run, self.begin = None, 0
        self.spikes.clear()
        self.items.clear()

    def _begin(self, payload) -> Result:
        if self.state():
            return NetworkStatus.RUNNING, b""
        steps = int.from_bytes(payload, "little")
        self.runs.append(steps)
        self._run = self.core.run(steps)
        self._resume(None)
        return Status.OK, b""

    def _resume(self, item: int | None) -> None:
        """Let the run go on to its next spike, or to where it wants an item."""
        assert self._run is not None
        try:
            self._next = next(self._run) if item is None else self._run.send(item)
        except StopIteration:
            self._run = None

    def _go_on(self) -> None:
        """Let the run go on as far as it can."""
        while self._run is not None:
            if self._next is None:
                if not self.items:
                    break
                self._resume(self.items.popleft())
            elif len(self.spikes) < self.buffers.spikes:
                step, neuron = self._next
                self.spikes.append((step, neuron & self.neuron_mask))
                self._resume(None)
            else:
                break

    def _fetch(self, payload) -> Result:
        position = int.from_bytes(payload, "little")
        self._go_on()
        around = 2 * self.buffers.spikes
        behind = (position - self.begin) % around
        if position >= around or behind > len(self.spikes):
            return Status.BAD_VALUE, b""
        for _ in range(behind):
            self.spikes.popleft()
        self.begin = position
        told = list(self.spikes)[:MOST_SPIKES]
        room = min(MOST_ITEMS, self.buffers.items - len(self.items))
        answer = HEAD.pack(0, self._run is not None, room)
        for step, neuron in told:
            answer += step.to_bytes(2, "little") + neuron.to_bytes(3, "little")
        return Status.OK, answer

    def _feed(self, payload) -> Result:
        self._go_on()
        whole, odd = divmod(len(payload), ITEM.size)
        if odd:
            return Status.BAD_LENGTH, b""
        if whole > self.buffers.items - len(self.items):
            return NetworkStatus.NO_ROOM, b""
        for (item,) in ITEM.iter_unpack(payload):
            self.items.append(item & (END_BIT | self.value_mask))
        return Status.OK, b""


def network_device(
    chip: Chip, preset: str, buffers: Buffers, queue: int = 512
) -> DeviceModel[NetworkRequests]:
    """Return a device with a network core."""
    return DeviceModel(NetworkRequests(chip, preset, buffers, queue))
