"""Requests for fuzzing: those that learned state does not depend on, and the dangerous ones."""

from random import Random

from golden.dense.interface import Region
from golden.dense.registers import register_map
from hdl.link.dense.protocol import ImageOp
from hdl.link.protocol import Op
from sim.device.dense import DenseDevice
from sim.traffic.source import Asking, RequestSource, place

LEARNED = (Region.WEIGHTS, Region.THETA, Region.LAST, Region.TABLE)
"""Regions that hold nothing but what was learned or loaded."""
N_IMAGES = 6


def runs(pixels: bytes) -> bytes:
    """Return pixels with zeros as pairs."""
    return b"".join(bytes((value,)) if value else b"\0\1" for value in pixels)


class ImageSource(RequestSource):
    """What a host may ask a device with a dense core for.

    Parameters
    ----------
    device : DenseDevice
        As it is now.
    source : Random
        Of all choices.
    """

    def __init__(self, device: DenseDevice, source: Random):
        super().__init__(device, source)
        self.p = device.requests.p
        n_pixels = self.p.height * self.p.width
        self.white = b"\xff" * n_pixels
        bright = [source.choice((0, 0, 0xC0, 0xDB, 255, 90)) for _ in range(N_IMAGES * n_pixels)]
        self.images = [bytes(bright[k::N_IMAGES]) for k in range(N_IMAGES)]

    def register(self, name: str, value: int) -> Asking:
        """Return a request to write a register."""
        index = list(register_map(self.p)).index(name)
        return self.write(Region.REGISTERS, index, [value])

    def harmless(self) -> Asking:
        """Return a request that can be done without a change of learned state."""
        kinds = (self._system, self._read, self._read, self._pixels, self._pixels, self._present)
        kinds += (self._same, self._refused, self._refused, self._discard)
        return self.random.choice(kinds)()

    def dangerous(self) -> Asking:
        """Return a request that would change what was learned, if it were done."""
        kind = self.random.randrange(4)
        if kind == 0:
            return Op.RESET, b"RESET"
        if kind == 1:
            op = self.random.choice((ImageOp.PRESENT, ImageOp.START))
            return op, bytes((1, self.random.randrange(self.p.n_classes)))
        region = self.random.choice(LEARNED)
        chunk = self.random.choice(list(self.chunks(region)))
        n = 2 * self.random.randint(1, len(chunk) // 2)
        return self.write(region, chunk[0], [self.random.randrange(1 << 16) for _ in range(n)])

    def is_dangerous(self, op: int, payload: bytes) -> bool:
        """Tell whether a request might change what was learned."""
        if op in (ImageOp.PRESENT, ImageOp.START):
            return payload[:1] == b"\1"
        return op == Op.WRITE or (op == Op.RESET and payload == b"RESET")

    def shown(self) -> list[Asking]:
        """Return requests for a whole inference."""
        pixels = runs(self.random.choice(self.images))
        cut = self.random.choice([i for i in range(len(pixels)) if len(pixels[:i]) % 2 == 0])
        halves = [pixels] if b"\0" in pixels else [pixels[:cut], pixels[cut:]]
        parts = [(ImageOp.PIXELS, half) for half in halves]
        return [(ImageOp.DISCARD, b""), *parts, self._present()]

    def _pixels(self):
        if self.random.random() < 0.2:
            return ImageOp.PIXELS, bytes(
                self.random.choices((0, 1, 17, 255), k=self.random.randrange(6))
            )
        image = self.random.choice(self.images)
        begun = len(self.device.requests.image)
        return ImageOp.PIXELS, runs(image[begun : begun + self.random.choice((1, 5, len(image)))])

    def _label(self):
        return bytes((0, self.random.randrange(self.p.n_classes)))

    def _present(self):
        return self.random.choice((ImageOp.PRESENT, ImageOp.START)), self._label()

    def _discard(self):
        return ImageOp.DISCARD, b""

    def _same(self):
        """Write what is there."""
        region = self.random.choice((*LEARNED, Region.REGISTERS))
        chunk = self.random.choice(list(self.chunks(region)))
        # Of the last one alone, a half byte may lie behind the end.
        last = self.random.random() < 0.1
        n = 2 * self.random.randint(1, len(chunk) // 2)
        chunk = self.indices(region)[-1:] if last else chunk[:n]
        core = self.device.requests.core
        return self.write(region, chunk[0], [core.read(region, index) for index in chunk])

    def _refused(self):
        """Ask for what is not done."""
        index = self.random.choice((0, 0, self.random.randrange(1 << 24)))
        nowhere = place(self.random.choice((5, 6, 7, 8, 9, 255)), index)
        unknown = place(self.random.choice((7, 8, 9, 255)), index)
        behind = place(self.random.choice(LEARNED), self.random.randrange(1 << 12, 1 << 24))
        return self.random.choice((
            (self.random.choice((0, 4, 0x12, 0x24, 0x7F, 0x91, 0xFF)), self.random.randbytes(3)),
            (Op.RESET, self.random.choice((b"RESEt", b"", b"RESET!"))),
            (Op.HELLO, self.random.randbytes(5)),
            (Op.STATUS, b""),
            (Op.READ, nowhere[:4]),
            (Op.READ, unknown + bytes((self.random.randint(1, 255),))),
            (Op.READ, behind + b"\1"),
            (Op.READ, place(Region.REGISTERS, 0) + b"\x40"),
            (Op.WRITE, nowhere + self.random.randbytes(8)),
            (Op.WRITE, nowhere + self.random.randbytes(self.random.randint(1, 4))),
            (Op.WRITE, behind + self.random.randbytes(8)),
            (Op.WRITE, place(Region.LAST, 0) + self.random.randbytes(3)),
            (Op.WRITE, behind[: self.random.randrange(4)]),
            (ImageOp.PRESENT, bytes((2, 0))),
            (ImageOp.PRESENT, bytes((0, self.p.n_classes))),
            (ImageOp.PRESENT, b"\1"),
            (ImageOp.START, bytes((0, self.p.n_classes))),
            (ImageOp.DISCARD, b"\0"),
        ))
