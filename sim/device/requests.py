"""What a device does with requests: `docs/link.md` from HELLO to DISCARD, on a core in Python."""

from golden.dense.interface import Region
from golden.dense.params import Params
from hdl.link.protocol import MOST_ANSWER, READ_ONLY, REGIONS, Op, Status, info, limits, value_bits
from sim.device.core import Core

LENGTHS = {Op.HELLO: 4, Op.STATUS: 4, Op.RESET: 5, Op.READ: 5, Op.PRESENT: 2, Op.DISCARD: 0}
SYSTEM = (Op.HELLO, Op.STATUS, Op.RESET)
"""Executed whatever their sequence number."""
Result = tuple[Status, bytes]
"""Status and answer."""


class Requests:
    """A core, and the image on its way into it.

    Parameters
    ----------
    p : Params
        What the core is made for.
    preset : str
        Its name, which HELLO tells.
    queue : int
        Bytes of the link's memory.
    """

    def __init__(self, p: Params, preset: str, queue: int):
        self.core, self.p = Core(p), p
        self.info = info(p, preset, queue)
        self.n_pixels = p.height * p.width
        self.image, self.spoilt = bytearray(), False
        self.expected = 0
        """Sequence number of the request that is executed next."""

    def execute(self, seq: int, op: int, payload: bytes) -> Result:
        """Do a request, or refuse it."""
        if op not in SYSTEM:
            if seq != self.expected:
                if (self.expected - seq) % 256 <= 128:
                    return Status.DUPLICATE, b""
                return Status.SEQUENCE, bytes((self.expected,))
            self.expected = (seq + 1) % 256
        if op not in set(Op):
            return Status.BAD_OP, b""
        least = 4 if op == Op.WRITE else 0
        if len(payload) != LENGTHS.get(Op(op), max(len(payload), least)):
            return Status.BAD_LENGTH, b""
        result = getattr(self, f"_{Op(op).name.lower()}")(payload)
        if op in {Op.HELLO, Op.RESET} and result[0] == Status.OK:
            self.expected = (seq + 1) % 256
        return result

    def state_of_image(self) -> int:
        """Return 0 empty, 1 partial, 2 complete, 3 spoilt."""
        if self.spoilt:
            return 3
        return 2 if len(self.image) == self.n_pixels else int(bool(self.image))

    def _hello(self, nonce) -> Result:
        self._discard(b"")
        return Status.OK, nonce + self.info

    def _status(self, nonce) -> Result:
        # STATUS comes before the number expected changes.
        return Status.OK, nonce + bytes((self.expected, self.state_of_image()))

    def _reset(self, word) -> Result:
        if word != b"RESET":
            return Status.BAD_VALUE, b""
        self.core.reset()
        self.image = bytearray(self.n_pixels)
        return self._discard(b"")

    def _read(self, payload) -> Result:
        region, count = payload[0], payload[4]
        bits = value_bits(self.p).get(region, 0) if region in REGIONS else 0
        if (bits * count + 7) // 8 > MOST_ANSWER:
            return Status.BAD_LENGTH, b""
        places, complete = self._places(payload, count)
        if not complete:
            return Status.BAD_INDEX, b""
        number = 0
        for i, index in enumerate(places):
            word = self.core.words[region][index]
            number |= (word & ((1 << bits) - 1)) << i * bits
        return Status.OK, number.to_bytes((bits * len(places) + 7) // 8, "little")

    def _write(self, payload) -> Result:
        region, data = payload[0], payload[4:]
        known = region in REGIONS
        bits = value_bits(self.p)[region] if known else 8
        if len(data) * 8 % bits:
            return Status.BAD_LENGTH, b""
        count = len(data) * 8 // bits
        places, complete = self._places(payload, count, region in READ_ONLY)
        number = int.from_bytes(data, "little")
        for i, index in enumerate(places):
            self.core.words[region][index] = number >> i * bits & ((1 << bits) - 1)
        # Of the two values in the last byte, the second may lie behind the end.
        if complete or (bits == 4 and len(places) == count - 1):
            return Status.OK, b""
        return Status.BAD_INDEX, b""

    def _places(self, payload, count, refused=False) -> tuple[list[int], bool]:
        """Return the indices up to the first that does not exist, and whether all do."""
        region, index = payload[0], int.from_bytes(payload[1:4], "little")
        end = limits(self.p)[region] if region in REGIONS and not refused else 0
        laned = region in {Region.WEIGHTS, Region.THETA}
        found, word = [], 1 << self.core.at.lane_bits
        for _ in range(count):
            if index >= end or (laned and index % word >= self.p.n_lanes):
                return found, False
            found.append(index)
            index += 1
            if laned and index % word == self.p.n_lanes % word:
                index = -(-index // word) * word
        return found, True

    def _pixels(self, payload) -> Result:
        values = iter(payload)
        for value in values:
            run = bytes((value,))
            if value == 0:
                n_zeros = next(values, None)
                if n_zeros is None:
                    self.spoilt = True
                    return Status.BAD_LENGTH, b""
                run = bytes(n_zeros)
            room = 0 if self.spoilt else self.n_pixels - len(self.image)
            self.image += run[:room]
            if len(run) > room:
                self.spoilt = True
                return Status.OVERRUN, b""
        return Status.OK, b""

    def _present(self, payload) -> Result:
        learn, label = payload
        if learn > 1 or label >= self.p.n_classes:
            return Status.BAD_VALUE, b""
        if self.state_of_image() != 2:
            return Status.NO_IMAGE, b""
        answer, n_spikes, cycles = self.core.present(self.image, learn, label)
        self.image = bytearray()
        told = bytes((answer,)) + n_spikes.to_bytes(3, "little") + cycles.to_bytes(4, "little")
        return Status.OK, told

    def _discard(self, payload) -> Result:
        if self.image:
            self.core.show(self.image.ljust(self.n_pixels, b"\0"))
        self.image, self.spoilt = bytearray(), False
        return Status.OK, payload
