"""A device in Python, written from docs/link.md, and a line to it that treats bytes badly."""

import random
import zlib
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from boards.port import Port
from golden import classifier, core
from golden.core import State
from golden.params import Params
from hdl.layout import Layout
from hdl.link.protocol import Op, Region, Status, capacity, info, limits, value_bits
from hdl.registers import register_map, values
from hdl.reward import REWARDS

END, ESC = 0xC0, 0xDB
ESCAPED = {0xDC: END, 0xDD: ESC}
SAME = ("n_steps", "force_spike", "stop_after", "theta_plus", "offset_plus", "a_minus")
SAME += ("w_min", "w_max", "soft_bounds", "reward_margin", "drop_chance", "v_th", "vote_spikes")
SAME += ("ballot", "v_reset")


class Core:
    """What `hdl.core.Core` does, by the step model; memories are tables by region and index."""

    def __init__(self, p: Params):
        self.p, self.at = p, Layout(p)
        self.words: dict[Region, Counter[int]] = {region: Counter() for region in Region}
        self.learned: list[bytes] = []
        self.reset()

    def reset(self):
        start = values(self.p, self.p)
        for index, name in enumerate(register_map(self.p)):
            self.words[Region.REGISTERS][index] = start.get(name, 0)
        self.words[Region.COUNTERS].clear()

    def register(self, name, value=None):
        index = list(register_map(self.p)).index(name)
        if value is not None:
            self.words[Region.REGISTERS][index] = value
        kind = register_map(self.p)[name]
        found = self.words[Region.REGISTERS][index] & ((1 << kind.width) - 1)
        return found - (1 << kind.width) if kind.signed and found >> kind.width - 1 else found

    def params(self) -> Params:
        """Return what the registers say."""
        present = register_map(self.p)
        changes: dict[str, Any] = {name: self.register(name) for name in SAME if name in present}
        changes |= {
            n: bool(changes[n]) for n in ("force_spike", "soft_bounds", "ballot") if n in changes
        }
        if "reward" in present:
            changes["reward"] = REWARDS[self.register("reward")]
        table = self.words[Region.TABLE]
        changes["a_plus"] = tuple(table[i] for i in range(self.register("ltp_window")))
        return replace(self.p, **changes)

    def place(self, row, neuron):
        word, lane = divmod(neuron, self.p.n_lanes)
        return (row * self.p.n_words + word) << self.at.lane_bits | lane

    def row(self, row):
        weights = self.words[Region.WEIGHTS]
        return [weights[self.place(row, neuron)] for neuron in range(self.p.n_neurons)]

    def numbers(self, row, n_rows):
        """Return numbers that lie in several rows, low bits first."""
        parts = [np.array(self.row(row + i)) << i * self.p.weight_bits for i in range(n_rows)]
        return np.sum(parts, axis=0)

    def state(self) -> State:
        p, theta, last = self.p, self.words[Region.THETA], self.words[Region.LAST]
        w = np.array([self.row(axon) for axon in range(p.n_axons)])
        return State(
            np.asarray(p.w.wrap(w)),
            np.array([theta[self.place(0, neuron)] for neuron in range(p.n_neurons)]),
            self.register("offset"),
            np.array([last[axon] for axon in range(p.n_axons)]),
            self.register("lfsr"),
            self.register("presented"),
        )

    def keep(self, state: State):
        p = self.p
        for axon in range(p.n_axons):
            self.words[Region.LAST][axon] = int(state.last[axon])
            for neuron in range(p.n_neurons):
                stored = int(state.w[axon, neuron]) & ((1 << p.weight_bits) - 1)
                self.words[Region.WEIGHTS][self.place(axon, neuron)] = stored
        for neuron in range(p.n_neurons):
            self.words[Region.THETA][self.place(0, neuron)] = int(state.theta[neuron])
        for name in ("offset", "lfsr", "presented"):
            self.register(name, getattr(state, name))

    def present(self, pixels, learn, label):
        """Return label, spikes and some number of cycles."""
        p, right = self.params(), None
        if self.at.class_rows:
            right = self.numbers(self.at.class_row, self.at.class_rows) == label
        image = np.array(list(pixels))
        done, state = core.present(p, self.state(), image, learn=bool(learn), right=right)
        self.keep(state)
        if learn:
            self.learned.append(bytes(pixels))
        told = self.words[Region.COUNTERS]
        told.update({0: 1, 1: done.n_events, 2: len(done.spikes), 3: 1})
        for rank, neuron in enumerate(done.spikes):
            self.words[Region.SPIKES][rank] = neuron
        answer = 0 if learn else classifier.decide(p, self.votes(), done.spikes)
        return answer, len(done.spikes), 1

    def votes(self):
        p, n_rows = self.p, self.at.vote_rows
        firsts = range(self.at.vote_row, self.at.n_rows, n_rows)
        tables = np.array([self.numbers(row, n_rows) for row in firsts])
        shape = (p.vote_spikes, p.n_classes, p.n_neurons)
        return np.moveaxis(tables.reshape(shape), 1, 2)


class Device:
    """The link in front of a core: bytes in, bytes out."""

    def __init__(self, p: Params, preset: str):
        self.core, self.p = Core(p), p
        self.info = info(p, preset)
        self.room = capacity(512)
        self.queue: deque[tuple[int, int, bytes]] = deque()
        self.out = bytearray()
        self.raw, self.escaped, self.bad = bytearray(), False, False
        self.expected = 0
        self.image, self.spoilt = bytearray(), False
        self.reports: list[Status] = []

    def take(self, byte: int):
        """Take a byte from the line."""
        if byte == END:
            if self.raw or self.bad or self.escaped:
                self._frame(bytes(self.raw), self.bad or self.escaped)
            self.raw, self.escaped, self.bad = bytearray(), False, False
        elif self.escaped:
            self.bad |= byte not in ESCAPED
            self.raw.append(ESCAPED.get(byte, 0))
            self.escaped = False
        elif byte == ESC:
            self.escaped = True
        else:
            self.raw.append(byte)

    def _frame(self, raw, bad):
        body = raw[:-4]
        if bad or len(raw) < 7 or len(body) != 3 + body[2] or _crc(body) != raw[-4:]:
            return self._drop(Status.BAD_FRAME)
        if sum(3 + len(payload) for *_, payload in self.queue) + len(body) > self.room:
            return self._drop(Status.OVERFLOW)
        return self.queue.append((body[0], body[1], body[3:]))

    def _drop(self, status):
        at = {Status.BAD_FRAME: 4, Status.OVERFLOW: 5}[status]
        self.core.words[Region.COUNTERS][at] += 1
        self.reports.append(status)

    def work(self):
        """Do one request, or say what was dropped."""
        if self.queue:
            seq, op, payload = self.queue.popleft()
            status, answer = self._number(seq, op, payload)
            self._say(seq, (op + 0x80) & 0xFF, bytes((status,)) + answer)
        elif self.reports:
            self._say(self.expected, 0xFF, bytes((self.reports[-1],)))
            self.reports.clear()

    def _say(self, seq, op, payload):
        body = bytes((seq, op, len(payload))) + payload
        for byte in body + _crc(body):
            self.out += {END: b"\xdb\xdc", ESC: b"\xdb\xdd"}.get(byte, bytes((byte,)))
        self.out.append(END)

    def _number(self, seq, op, payload):
        if op not in (Op.HELLO, Op.STATUS, Op.RESET) and seq != self.expected:
            if (self.expected - seq) % 256 <= 128:
                return Status.DUPLICATE, b""
            return Status.SEQUENCE, bytes((self.expected,))
        if op != Op.STATUS:
            self.expected = (seq + 1) % 256
        if op not in set(Op):
            return Status.BAD_OP, b""
        return getattr(self, f"_{Op(op).name.lower()}")(payload)

    def _hello(self, nonce):
        self._clear()
        return (Status.OK, nonce + self.info) if len(nonce) == 4 else (Status.BAD_LENGTH, b"")

    def _status(self, nonce):
        n_pixels = self.p.height * self.p.width
        how = 3 if self.spoilt else 2 if len(self.image) == n_pixels else int(bool(self.image))
        return Status.OK, nonce + bytes((self.expected, how))

    def _reset(self, word):
        if word != b"RESET":
            return Status.BAD_VALUE, b""
        self._clear()
        self.core.reset()
        return Status.OK, b""

    def _clear(self):
        self.image, self.spoilt = bytearray(), False

    def _places(self, payload, count):
        """Return region and indices, or None."""
        region, index = payload[0], int.from_bytes(payload[1:4], "little")
        if region not in set(Region):
            return None
        found, lanes = [], 1 << self.core.at.lane_bits
        for _ in range(count):
            laned = region in (Region.WEIGHTS, Region.THETA)
            if index >= limits(self.p)[Region(region)] or (
                laned and index % lanes >= self.p.n_lanes
            ):
                return None
            found.append(index)
            index += 1
            if laned and index % lanes == self.p.n_lanes % lanes:
                index = (index + lanes - 1) // lanes * lanes
        return Region(region), found

    def _read(self, payload):
        if len(payload) != 5:
            return Status.BAD_LENGTH, b""
        if (places := self._places(payload, payload[4])) is None:
            return Status.BAD_INDEX, b""
        region, indices = places
        words = [self.core.words[region][index] for index in indices]
        return Status.OK, _bytes(value_bits(self.p)[region], words)

    def _write(self, payload):
        bits = value_bits(self.p).get(Region(payload[0]), 8) if payload[0] in set(Region) else 8
        data = payload[4:]
        count = len(data) * 8 // bits
        if bits == 4 and self._places(payload, count) is None:
            count -= 1
        places = self._places(payload, count)
        if places is None or places[0] in (Region.SPIKES, Region.COUNTERS):
            return Status.BAD_INDEX, b""
        region, indices = places
        number = int.from_bytes(data, "little")
        for i, index in enumerate(indices):
            self.core.words[region][index] = number >> i * bits & ((1 << bits) - 1)
        return Status.OK, b""

    def _pixels(self, payload):
        runs = iter(payload)
        for value in runs:
            self.image += bytes(next(runs)) if value == 0 else bytes((value,))
        if self.spoilt or len(self.image) > self.p.height * self.p.width:
            self.spoilt = True
            return Status.OVERRUN, b""
        return Status.OK, b""

    def _present(self, payload):
        if self.spoilt or len(self.image) != self.p.height * self.p.width:
            return Status.NO_IMAGE, b""
        label, spikes, cycles = self.core.present(self.image, *payload)
        self._clear()
        return Status.OK, bytes((label,)) + spikes.to_bytes(3, "little") + cycles.to_bytes(
            4, "little"
        )

    def _discard(self, payload):
        self._clear()
        return Status.OK, b""


def _crc(body):
    return zlib.crc32(body).to_bytes(4, "little")


def _bytes(bits, words):
    number = sum((word & ((1 << bits) - 1)) << i * bits for i, word in enumerate(words))
    return number.to_bytes(-(-len(words) * bits // 8), "little")


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
        Chance that nothing is heard for as long as somebody waits.
    """

    name = "line"
    quiet = patience = 0.0

    def __init__(self, device: Device, seed: int = 0, wrong: float = 0.0, late: float = 0.0):
        self.device, self.random = device, random.Random(seed)
        self.wrong, self.late = wrong, late
        self.closed = False

    def write(self, data):
        for byte in spoiled(self.random, self.wrong, data):
            self.device.take(byte)
            if self.random.random() < 0.01:
                self.device.work()

    def read(self, timeout):
        if self.random.random() < self.late:
            return b""
        while not self.device.out and (self.device.queue or self.device.reports):
            self.device.work()
        size = self.random.randint(1, 600)
        data, self.device.out = self.device.out[:size], self.device.out[size:]
        return bytes(spoiled(self.random, self.wrong, data))

    def close(self):
        self.closed = True
