"""Traffic for the dense core: none of it may change what a device has learned."""

from collections.abc import Iterator
from random import Random
from typing import Any

from golden.dense.interface import Region
from golden.dense.params import Params
from golden.dense.registers import STATE, name_of
from hdl.link.dense.protocol import ImageOp, ImageStatus
from hdl.link.protocol import Status
from sim.device.dense import dense_device
from sim.device.line import escaped
from sim.traffic.bursts import Burst, Traffic
from sim.traffic.noise import BYTE, pause
from sim.traffic.requests import LEARNED, ImageSource

PRESET = "tiny"
"""Of the core behind the line."""
SETTLED = 1000
"""Cycles after which a presentation that was asked for has begun, and until it certainly ends."""


class ImageTraffic(Traffic):
    """Images that are not learned, and requests that would do harm if they were done.

    Parameters
    ----------
    p : Params
        What the core is made for.
    preset : str
        Its name.
    source : Random
        Of all choices.
    """

    requests: ImageSource
    rare, episodes, legible = 0.002, "flood", True
    statuses = (Status, ImageStatus)

    def __init__(self, p: Params, preset: str, source: Random):
        device = dense_device(p, preset)
        super().__init__(device, dense_device(p, ""), ImageSource(device, source))
        self._lasting = 0

    def kept(self) -> Any:
        """Return what is learned; that the core has it too, reading it back shows."""
        core, indices = self.device.requests.core, self.requests.indices
        words = [[core.read(region, index) for index in indices(region)] for region in LEARNED]
        return words, [core.machine.registers[name] for name in STATE]

    def told(self) -> str:
        """Return how many presentations there were, none of which was learned."""
        presented = self.device.requests.counters["presentations"]
        return f"{presented:,} of them presentations: no hang, nothing learned"

    def loading(self) -> Iterator[Burst]:
        """Yield bursts that write all memories at random, ages and gains excepted."""
        p = self.device.requests.p
        for region in LEARNED:
            for chunk in self.requests.chunks(region):
                words = [self.random.randrange(1, 16) for _ in chunk]
                if region == Region.LAST:
                    words = [0] * len(chunk)
                elif region == Region.TABLE:
                    words = [(*p.a_plus, *p.a_late)[index] for index in chunk]
                yield self.valid("load", [self.requests.write(region, chunk[0], words)])

    def episode(self) -> Iterator[Burst]:
        """Yield bursts of which one overruns the queue while an image is presented."""
        asked, p, core = self.requests, self.device.requests.p, self.device.requests.core
        # Nobody spikes whose ``theta`` is not 0, so that this lasts longer than filling the queue.
        slow = {
            name_of(Params.n_steps): p.last.max,
            name_of(Params.v_th): p.v.max,
            name_of(Params.force_spike): 0,
        }
        before = [asked.register(name, core.machine.registers[name]) for name in slow]
        changed = [asked.register(*pair) for pair in slow.items()]
        yield self.valid(
            "flood begins", [(ImageOp.DISCARD, b""), *changed, (ImageOp.PIXELS, asked.white)]
        )
        self._lasting = self._lasting or core.present(asked.white, 0, 0)[2]
        left = self._lasting - 2 * SETTLED
        self._seq = self.device.requests.expected
        items = [escaped(self._frame((ImageOp.PRESENT, b"\0\0"))), pause(SETTLED)]
        while True:
            good = self.random.random() < 0.9
            item = escaped(self._frame(asked.harmless())) if good else self._mutant()
            left -= len(item) * BYTE
            if left < 0:
                break
            items.append(item)
        yield Burst("flood", items, len(items) - 1, busy=True)
        yield self.valid("flood ends", before)

    def _own(self):
        return {self._inference: 6}

    def _inference(self):
        return self.valid("inference", self.requests.shown())
