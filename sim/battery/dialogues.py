"""Dialogues over the line that show all that the link does, for finding faults in it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import product, starmap
from random import Random

from amaranth.lib import wiring

from golden.dense.interface import Region
from golden.dense.params import Params
from golden.dense.registers import envelope, name_of
from golden.training.recipe import all_phases
from hdl.link.dense.protocol import ImageOp
from hdl.link.protocol import END, ESC, ESC_END, ESC_ESC, RESET_WORD, Op
from sim.battery.script import RunScript, Script, opening
from sim.device.line import escaped, request
from sim.targets.library import THOROUGH, library
from sim.targets.serial import DRIVER, Serial
from sim.targets.target import SimulatorError
from sim.traffic.bursts import Burst
from sim.traffic.dialogue import Disagreement
from sim.traffic.fuzz import Fuzz
from sim.traffic.images import PRESET, ImageTraffic
from sim.traffic.noise import BYTE, DIVISOR, Noise, pause
from sim.traffic.requests import ImageSource, runs
from sim.traffic.source import Asking, place

RESTLESS = 1000
"""Steps of a presentation that has so many spikes, a number with ones above the lowest byte."""
TINY = envelope(all_phases(PRESET, "stdp"))


@dataclass(frozen=True)
class ImageScript(Script):
    """What a dense core is made for."""

    p: Params

    rooms = ("dense", "link")

    def top(self) -> wiring.Component:
        """Return the top level as it is imported now."""
        return import_module("hdl.link.dense.top").DenseTop(self.p, PRESET, DIVISOR)

    def traffic(self, source: Random) -> ImageTraffic:
        """Return what it hears between opening and ending."""
        return ImageTraffic(self.p, PRESET, source)

    def opening(self, traffic: ImageTraffic) -> Iterator[Burst]:
        """Yield what shows how a device is after power-up."""
        return opening(traffic)

    def ending(self, traffic: ImageTraffic) -> Iterator[Burst]:
        """Yield a flood, edges, lessons, what RESET leaves, lessons again, and what is no RESET."""
        return _ending(traffic)


IMAGE_DIALOGUES = {
    # Half bytes, thresholds of two bytes, no padding lanes.
    "halves": ImageScript(1200, 1, TINY),
    # Bytes, thresholds of four bytes, padding lanes.
    "bytes": ImageScript(
        300,
        2,
        replace(
            TINY, n_neurons=5, n_lanes=3, weight_bits=5, theta_width=18, v_width=20,
            w_min=-16, w_max=15,
        ),
    ),
}  # fmt: skip
"""Those with the dense core, by name."""
DIALOGUES = {**IMAGE_DIALOGUES, "runs": RunScript(1500, 3)}
"""All, by name."""


def talk(name: str) -> Disagreement | None:
    """Hold a dialogue with a top level as it is imported now; return the first thing that is wrong.

    Raises
    ------
    sim.targets.target.SimulatorError
        If it cannot be compiled.
    """
    compiled = library(DIALOGUES[name].top(), DRIVER, THOROUGH)
    return held(Serial(compiled, DIVISOR), name)


def held(line: Serial, name: str) -> Disagreement | None:
    """Hold a dialogue over a line, which is closed then; return the first thing likewise."""
    script = DIALOGUES[name]
    traffic = script.traffic(Random(script.seed))
    fuzz = Fuzz(line, traffic)
    try:
        for burst in script.opening(traffic):
            fuzz.send(burst)
        fuzz.run(script.n_frames)
        for burst in script.ending(traffic):
            fuzz.send(burst)
    except Disagreement as difference:
        return difference
    except SimulatorError as error:
        return Disagreement("stop bit", line.cycles, str(error))
    finally:
        line.close()
    return None


def _ending(traffic: ImageTraffic) -> Iterator[Burst]:
    yield from traffic.episode()
    for asked in _edges(traffic.requests):
        yield traffic.valid("edge", [asked])
    whole = escaped(request(0, Op.STATUS, b"1234"))
    yield Burst("escaped end", [whole[:-1] + bytes((ESC, END))], 1)
    # Who begins a byte within the break hears C0 at its end.
    pulled = Noise(((False, 17 * DIVISOR), (True, 2 * BYTE)))
    yield Burst("break", [whole[:4], pulled, whole[4:]], 1)
    yield traffic.valid("divided", [(ImageOp.PIXELS, b"\0"), (ImageOp.DISCARD, b"")])
    yield from _rare(traffic)
    yield from _lessons(traffic)
    for left in (b"", b"\0", traffic.requests.white[:5], traffic.requests.white):
        started = [(ImageOp.PIXELS, traffic.requests.white), (ImageOp.START, b"\0\0")]
        yield traffic.valid("left behind", [(ImageOp.DISCARD, b""), *started])
        yield traffic.valid("left behind", [(ImageOp.PIXELS, left)])
        yield Burst("reset", [escaped(request(200, Op.RESET, b"RESET"))], 1)
        yield from traffic.reading()
    yield from _lessons(traffic)
    for byte, bit in product(range(len(RESET_WORD)), range(8)):
        wrong = bytearray(RESET_WORD)
        wrong[byte] ^= 1 << bit
        yield traffic.valid("wrong word", [(Op.RESET, bytes(wrong))])
    yield from _restless(traffic)
    yield from _torn(traffic)


def _rare(traffic: ImageTraffic) -> Iterator[Burst]:
    """Yield what random traffic hardly hits: bits of escapes and pixels, long payloads."""
    whole = escaped(request(0, Op.STATUS, bytes((END, ESC)) * 2))
    known = [int(op) for op in (*Op, *ImageOp)]
    for wrong in sorted({op ^ 1 << bit for op in known for bit in range(8)}.difference(known)):
        yield traffic.valid("unknown op", [(wrong, b"")])
    for right in (ESC_END, ESC_ESC):
        for bit in range(8):
            wrong = bytes((ESC, right ^ 1 << bit))
            yield Burst("bad escape", [whole.replace(bytes((ESC, right)), wrong, 1)], 1)
    asked, core, discard = traffic.requests, traffic.device.requests.core, (ImageOp.DISCARD, b"")
    white, region = asked.white, Region.WEIGHTS
    indices, bits = asked.indices(region), asked.places.extents[region].bits
    for n_bytes in (127, 128, 129, 192, 255):
        same = [core.read(region, index) for index in indices[: (n_bytes - 4) * 8 // bits]]
        nothing = b"\0\0" * ((n_bytes - len(white)) // 2)
        yield traffic.valid("long payload", [asked.write(region, indices[0], same)])
        yield traffic.valid("long payload", [(ImageOp.PIXELS, nothing + white), discard])
        yield traffic.valid("long payload", [(Op.STATUS, bytes(n_bytes))])
    for behind in (b"\0", b"\0\0", b"\0\1", b"\1"):
        for parts in ([white, behind], [white + behind]):
            shown = [(ImageOp.PIXELS, part) for part in parts]
            yield traffic.valid("behind", shown)
            yield traffic.valid("behind", [discard])
    for bit in range(8):
        image = bytes((1 << bit, 255 ^ 1 << bit)) * (len(white) // 2)
        yield traffic.valid("bits", [(ImageOp.PIXELS, image), (ImageOp.PRESENT, b"\0\0")])
        labelled = (ImageOp.PRESENT, bytes((0, 1 << bit)))
        yield traffic.valid("label", [(ImageOp.PIXELS, white), labelled, discard])


def _restless(traffic: ImageTraffic) -> Iterator[Burst]:
    """Yield a presentation of which every step has a spike, to count in high bits."""
    asked, p, core = traffic.requests, traffic.device.requests.p, traffic.device.requests.core
    restless = {
        name_of(Params.n_steps): RESTLESS,
        name_of(Params.v_th): p.v.min,
        name_of(Params.theta_plus): 0,
        name_of(Params.stop_after): 0,
    }
    before = [asked.register(name, core.machine.registers[name]) for name in restless]
    yield traffic.valid("restless", list(starmap(asked.register, restless.items())))
    shown = [(ImageOp.DISCARD, b""), (ImageOp.PIXELS, asked.white)]
    yield traffic.valid("restless", [*shown, (ImageOp.PRESENT, b"\1\0")])
    # A loss is counted, and the next image comes in, while one is presented that was started.
    ahead = traffic.valid("ahead", [*shown, (ImageOp.START, b"\1\0"), *shown[1:]])
    yield Burst("ahead", [*ahead.items[:-1], b"spoilt\xc0", ahead.items[-1]], 5)
    yield traffic.valid("ahead", [(ImageOp.PRESENT, b"\0\0"), *before])
    yield from traffic.reading()


def _torn(traffic: ImageTraffic) -> Iterator[Burst]:
    """Yield parts of values, and bytes of which one does not come in time with the others."""
    for region, extent in traffic.requests.places.extents.items():
        n_bytes = extent.bits // 8
        for written in range(1, 2 * n_bytes):
            if written % n_bytes:
                begun = place(region, 0) + bytes(written)
                yield traffic.valid("part of a value", [(Op.WRITE, begun)])
    whole = escaped(request(0, Op.STATUS, b"1234"))
    for first, late in product(range(1, len(whole)), range(1, DIVISOR)):
        yield Burst("late", [whole[:first], pause(late), whole[first:]], 1)


def _edges(requests: ImageSource) -> Iterator[Asking]:
    """Yield what is at the ends of regions and lanes, and of what a reply has room for."""
    extents = requests.places.extents
    for region, extent in extents.items():
        ends = (0, requests.p.n_lanes, extent.size - 1, extent.size)
        for index in (*ends, 1 << 16, 1 << 23):
            for count in (1, 2):
                yield Op.READ, place(region, index) + bytes((count,))
        for count in (63, 64, 127, 128, 254, 255):
            yield Op.READ, place(region, 0) + bytes((count,))
        for bit in range(8):
            yield Op.READ, place(region ^ 1 << bit, 0) + b"\1"
            yield Op.WRITE, place(region ^ 1 << bit, extent.size) + b"\1"
        yield requests.write(region, extent.size, [0])
    for bit in range(24):
        yield Op.READ, place(Region.REGISTERS, 1 << bit) + b"\1"
    for region, extent in extents.items():
        if not extent.writable:
            yield requests.write(region, 0, [0])


def _lessons(traffic: ImageTraffic) -> Iterator[Burst]:
    """Yield images to learn from, what they left, and an inference."""
    for label, image in enumerate(traffic.requests.images):
        begun = [(ImageOp.PIXELS, b"\1\2\3"), (ImageOp.DISCARD, b"")]
        shown = [(ImageOp.PIXELS, runs(image)), (ImageOp.PRESENT, bytes((1, label)))]
        yield traffic.valid("lesson", [*begun, *shown])
    yield from traffic.reading()
    yield traffic.valid("inference", traffic.requests.shown())
