"""The network core behind a link in Python: runs, spikes, and what comes from outside."""

from collections import deque

import numpy as np

from golden.cycles.stimulus import NEVER, Stimulus
from golden.cycles.track import Track
from golden.network.chip import Chip
from golden.network.interface import SHOWN_STEP_BITS, BusRequest
from golden.network.timing.count import Prompt
from golden.network.timing.memories import Memories
from golden.network.timing.record import PhaseCount
from golden.network.timing.step import Steps
from golden.numbers.formats import Array
from hdl.link.network.protocol import (
    END_BIT,
    HEAD,
    ITEM,
    LENGTHS,
    MOST_ITEMS,
    MOST_NEURONS,
    MOST_SPIKES,
    Buffers,
    NetworkOp,
    NetworkStatus,
    link_map,
    value_bits,
)
from hdl.link.protocol import Status
from sim.device.line import DeviceModel
from sim.device.requests import CoreModel, DeviceRequests, Result

ALWAYS = np.zeros(0, np.bool_)
EVERY = (1 << 32) - 1
"""Bits of a number of cycles."""


class HeardSpikes(PhaseCount):
    """Counts cycles, and keeps what leaves the core."""

    def __init__(self, chip: Chip):
        super().__init__(chip)
        self.neurons: list[int] = []

    def offered(self, first: Array, last: Array, neurons: Array) -> None:
        """Keep spikes."""
        self.neurons += neurons.tolist()


class GivenItems(Prompt):
    """What a step takes from outside."""

    def give(self, items: list[tuple[int, int]]) -> None:
        """Put these forward, and no others."""
        self._items, self._taken = items, 0
        self.valid = self._valid(0)


class NetworkModel(CoreModel):
    """What `hdl.network.core.NetworkCore` does, by `golden.network.timing`.

    Parameters
    ----------
    chip : Chip
        What it is made for.
    """

    def __init__(self, chip: Chip):
        self.memories = Memories(chip)
        self._heard = HeardSpikes(chip)
        self._given = GivenItems(Stimulus({"external": []}, {"external": ALWAYS}), "external")
        self._steps = self._fresh()

    def _fresh(self) -> Steps:
        """Return steps of a core in which no post waits."""
        return Steps(self.memories, Track(self._heard), ALWAYS, self._given)

    def reset(self) -> None:
        """Put all registers back; posts that wait are forgotten, as a host sees to it."""
        self.memories.registers = dict.fromkeys(self.memories.registers, 0)
        self._steps = self._fresh()

    def read(self, region: int, index: int) -> int:
        """Return a word."""
        return self.memories.serve(BusRequest(0, region, index))

    def write(self, region: int, index: int, word: int) -> None:
        """Write a word."""
        self.memories.serve(BusRequest(1, region, index, word))

    @property
    def listens(self) -> bool:
        """The next step takes items."""
        held = self.memories.registers
        return bool(held["listen"] and not held["quiet"])

    def step(self, items: list[tuple[int, int]]) -> tuple[list[tuple[int, int]], int]:
        """Do a step with items, each end and value; return steps and neurons of spikes, cycles."""
        now = self.memories.registers["step"] % (1 << SHOWN_STEP_BITS)
        self._heard.neurons = []
        self._heard.cycles.clear()
        self._given.give(items)
        self._steps.begin()
        self._steps.step(NEVER)
        return [(now, neuron) for neuron in self._heard.neurons], self._heard.cycles.total()

    def finish(self) -> int:
        """Do what comes behind the last step of a run; return its cycles."""
        self._heard.cycles.clear()
        self._steps.finish()
        return self._heard.cycles.total()


class NetworkRequests(DeviceRequests):
    """The network core's requests: RUN, FETCH and FEED.

    A run is done as far as spikes have room and items are there, whenever somebody looks; cycles
    are those of a core that never waits, so they mean something only of a run in which nothing was
    waited for, not even the cycle that a spike takes on its way into the buffer.

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
        self.runs: list[int] = []
        """Steps of every RUN that was done."""
        self.lengths |= LENGTHS
        self.does |= {
            NetworkOp.RUN: self._begin,
            NetworkOp.FETCH: self._fetch,
            NetworkOp.FEED: self._feed,
        }
        self._forget()

    def _forget(self) -> None:
        self.under_way = False
        self.begin = 0
        """Position of the first spike that is kept."""
        self.left = self.cycles = 0
        """Steps and cycles of the run."""
        self.prompt = self.stirred = False
        """The run has not waited, so the number of its cycles is known; the last FETCH has released
        spikes while it was under way."""
        self.spikes: deque[tuple[int, int]] = deque()
        self.waiting: deque[tuple[int, int]] = deque()
        """Spikes of the step that is under way, for which there was no room."""
        self.items: deque[int] = deque()
        self.taken: list[tuple[int, int]] = []
        """Items of the step that is under way, as far as they have come."""

    def state(self) -> int:
        """Return whether a run is under way."""
        self._go_on()
        return int(self.under_way)

    def refusal(self) -> int:
        """Refuse READ and WRITE in a run; the number of cycles means nothing behind them."""
        if self.state():
            return NetworkStatus.RUNNING
        self.prompt = False
        return Status.OK

    def meant(self, op: int, payload: bytes, answer: bytes) -> bytes:
        """Return likewise; of FETCH not always cycles, nor room if the run went on meanwhile."""
        mask = super().meant(op, payload, answer)
        if op != NetworkOp.FETCH or not answer:
            return mask
        known = self.prompt and not self.under_way
        sure = HEAD.pack(EVERY if known else 0, 0xFF, 0 if self.stirred else 0xFF)
        return sure + mask[HEAD.size :]

    def ready(self) -> None:
        """Break a run off, and forget spikes and items."""
        if self.state():
            self.core.reset()
        self._forget()

    def _begin(self, payload) -> Result:
        if self.state():
            return NetworkStatus.RUNNING, b""
        self.left = int.from_bytes(payload, "little")
        self.runs.append(self.left)
        self.cycles, self.under_way, self.prompt = 1, True, True
        return Status.OK, b""

    def _go_on(self) -> None:
        """Let the run go on as far as it can."""
        while self.under_way:
            while self.waiting and len(self.spikes) < self.buffers.spikes:
                step, neuron = self.waiting.popleft()
                self.spikes.append((step, neuron % MOST_NEURONS))
            if self.waiting or (self.left and self.core.listens and not self._ended()):
                self.prompt = False
                break
            if self.left:
                spikes, cycles = self.core.step(self.taken)
                self.waiting.extend(spikes)
                self.prompt = self.prompt and not spikes
                self.taken, self.left, self.cycles = [], self.left - 1, self.cycles + cycles
            else:
                self.cycles += self.core.finish()
                self.under_way = False

    def _ended(self) -> bool:
        """Take items up to the end of a step; return whether it was there."""
        while self.items:
            end, value = divmod(self.items.popleft(), END_BIT)
            self.taken.append((end, value))
            if end:
                return True
        return False

    def _fetch(self, payload) -> Result:
        position = int.from_bytes(payload, "little")
        self._go_on()
        around = 2 * self.buffers.spikes
        behind = (position - self.begin) % around
        if position >= around or behind > len(self.spikes):
            return Status.BAD_VALUE, b""
        under_way = self.under_way
        self.stirred = under_way and behind > 0
        for _ in range(behind):
            self.spikes.popleft()
        self.begin = position
        told = list(self.spikes)[:MOST_SPIKES]
        room = min(MOST_ITEMS, self.buffers.items - len(self.items))
        answer = HEAD.pack(self.cycles, under_way, room)
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


NetworkDevice = DeviceModel[NetworkRequests]


def network_device(chip: Chip, preset: str, buffers: Buffers, queue: int = 512) -> NetworkDevice:
    """Return a device with a network core."""
    return DeviceModel(NetworkRequests(chip, preset, buffers, queue))
