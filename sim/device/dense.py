"""The dense core in Python behind a link: its memories, and the image on its way into it."""

import numpy as np

from golden.cycles.track import Track
from golden.dense.core import State
from golden.dense.interface import BusRequest
from golden.dense.params import Params
from golden.dense.program import register_types
from golden.dense.registers import values
from golden.dense.timing import Machine
from golden.dense.timing.host import Host
from golden.dense.timing.presentation import lay
from golden.dense.timing.record import DenseGrid
from hdl.link.dense.protocol import LENGTHS, Image, ImageOp, ImageStatus, link_map
from hdl.link.protocol import Status
from sim.device.line import DeviceModel
from sim.device.requests import CoreModel, DeviceRequests, Result


class DenseModel(CoreModel):
    """What `hdl.dense.core.Core` does, by `golden.dense.timing`.

    Parameters
    ----------
    p : Params
        What the core is made for.
    """

    def __init__(self, p: Params):
        self.p = p
        self.machine = Machine.reset(p)
        self._track = Track(DenseGrid(p))
        self._host = Host(self.machine, self._track, register_types(p))
        self.learned: list[bytes] = []
        """Images, in order."""
        self.reset()

    def reset(self) -> None:
        """Put the registers back: parameters to what the core is made for."""
        self.machine.registers |= values(self.p, self.p)
        self.machine.registers |= Machine.reset(self.p).registers

    def read(self, region: int, index: int) -> int:
        """Return a word of the bus."""
        return self._serve(BusRequest(0, region, index))

    def write(self, region: int, index: int, word: int) -> None:
        """Write a word of the bus."""
        self._serve(BusRequest(1, region, index, word))

    def _serve(self, request):
        # Nobody looks at the cycles: they may as well be always the same ones.
        self._track.now = 0
        return self._host.serve(request)

    @property
    def state(self) -> State:
        """The learned state."""
        return self.machine.state

    def present(self, pixels: bytes, learn: int, label: int) -> tuple[int, int, int, int]:
        """Present an image; return label, spikes, clock cycles and events."""
        grid = DenseGrid(self.p)
        image = np.frombuffer(bytes(pixels), dtype=np.uint8).astype(np.int64)
        laid = lay(self.machine, grid, 0, image, bool(learn), label)
        if learn:
            self.learned.append(bytes(pixels))
        n_events = int(grid.rows["take"][: laid.end].sum())
        # The result is taken in the cycle in which it stands.
        return laid.label, len(laid.spikes), laid.end + 1, n_events


class ImageRequests(DeviceRequests):
    """The dense core's requests: PIXELS, PRESENT, DISCARD and START.

    Parameters
    ----------
    p : Params
        What the core is made for.
    preset, queue
        As of `DeviceRequests`.
    """

    core: DenseModel

    def __init__(self, p: Params, preset: str, queue: int = 512):
        super().__init__(DenseModel(p), link_map(p), preset, queue)
        self.p = p
        self.n_pixels = p.height * p.width
        self.image, self.spoilt = bytearray(), False
        self.lengths |= LENGTHS
        self.does |= {
            ImageOp.PIXELS: self._pixels,
            ImageOp.PRESENT: self._present,
            ImageOp.DISCARD: self._discard,
            ImageOp.START: self._start,
        }

    def state(self) -> int:
        """Return the state of the image."""
        if self.spoilt:
            return Image.SPOILT
        if len(self.image) == self.n_pixels:
            return Image.COMPLETE
        return Image.PARTIAL if self.image else Image.EMPTY

    def ready(self) -> None:
        """Complete a partial image and present it without learning."""
        if self.image:
            self.core.present(self.image.ljust(self.n_pixels, b"\0"), 0, 0)
        self.image, self.spoilt = bytearray(), False

    def _reset(self, word) -> Result:
        if word == b"RESET":
            # The receptive field starts anew, and is made black by a whole image.
            self.image = bytearray(self.n_pixels)
        return super()._reset(word)

    def _pixels(self, payload) -> Result:
        bytes_ = iter(payload)
        for value in bytes_:
            run = bytes((value,))
            if value == 0:
                n_zeros = next(bytes_, None)
                if n_zeros is None:
                    self.spoilt = True
                    return Status.BAD_LENGTH, b""
                run = bytes(n_zeros)
            room = 0 if self.spoilt else self.n_pixels - len(self.image)
            self.image += run[:room]
            if len(run) > room:
                self.spoilt = True
                return ImageStatus.OVERRUN, b""
        return Status.OK, b""

    def _present(self, payload) -> Result:
        learn, label = payload
        if learn > 1 or label >= self.p.n_classes:
            return Status.BAD_VALUE, b""
        if self.state() != Image.COMPLETE:
            return ImageStatus.NO_IMAGE, b""
        answer, n_spikes, cycles, n_events = self.core.present(self.image, learn, label)
        self.image = bytearray()
        for counter, more in (
            ("cycles", cycles),
            ("events", n_events),
            ("spikes", n_spikes),
            ("presentations", 1),
        ):
            self.count(counter, more)
        told = bytes((answer,)) + n_spikes.to_bytes(3, "little") + cycles.to_bytes(4, "little")
        return Status.OK, told

    def _start(self, payload) -> Result:
        # Nobody can tell that it was done at once.
        status, _ = self._present(payload)
        return status, b""

    def _discard(self, payload) -> Result:
        self.ready()
        return Status.OK, payload


DenseDevice = DeviceModel[ImageRequests]


def dense_device(p: Params, preset: str, queue: int = 512) -> DenseDevice:
    """Return a device with a dense core."""
    return DeviceModel(ImageRequests(p, preset, queue))
