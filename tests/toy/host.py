"""The toy core's host: a driver, and a device in Python to try it on."""

from boards.host.driver import Driver
from boards.host.link import LinkRequest
from boards.host.port import Port
from hdl.link.protocol import Status
from sim.device.line import DeviceModel
from sim.device.requests import CoreModel, DeviceRequests, Result
from tests.toy.interface import RUN, ToyParams, ToyRegion, link_map
from tests.toy.model import ToyModel


class ToyDriver(Driver):
    """A core that folds."""

    def __init__(self, port: Port, p: ToyParams, preset: str):
        super().__init__(port, link_map(p), preset)

    def load(self, tape: bytes, gain: int) -> None:
        """Write the tape and the gain."""
        words = [(1, ToyRegion.TAPE.value, index, byte) for index, byte in enumerate(tape)]
        self.transfer([*words, (1, ToyRegion.REGISTERS.value, 0, gain)])

    def fold(self, count: int) -> int:
        """Fold so many bytes; return the sum."""
        (reply,) = self.once([LinkRequest(RUN, bytes((count,)))])
        return int.from_bytes(reply.answer, "little")


class ToyWords(CoreModel):
    """The core in Python."""

    def __init__(self, p: ToyParams):
        self.model = ToyModel(p)

    def reset(self) -> None:
        """Put the registers back; the tape stays."""
        self.model.words[ToyRegion.REGISTERS] = [1, 0]

    def read(self, region: int, index: int) -> int:
        """Return a word."""
        return self.model.serve(0, region, index, 0)

    def write(self, region: int, index: int, word: int) -> None:
        """Write a word."""
        self.model.serve(1, region, index, word)


class ToyRequests(DeviceRequests):
    """RUN."""

    core: ToyWords

    def __init__(self, p: ToyParams, preset: str):
        super().__init__(ToyWords(p), link_map(p), preset)
        self.p = p
        self.lengths[RUN], self.does[RUN] = 1, self._run

    def _run(self, payload: bytes) -> Result:
        (count,) = payload
        if count > self.p.length:
            return Status.BAD_VALUE, b""
        self.core.model.fold(count)
        self.count("folded", count)
        return Status.OK, self.core.read(ToyRegion.REGISTERS, 1).to_bytes(2, "little")


def toy_device(p: ToyParams, preset: str) -> DeviceModel[ToyRequests]:
    """Return a device with a toy core."""
    return DeviceModel(ToyRequests(p, preset))
