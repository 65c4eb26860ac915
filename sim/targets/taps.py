"""The core with a port for every field of its record instead of one wide probe.

Compiled C++ assembles a wide value field by field, each time copying all of it; that took longer
than all the rest of the core.
"""

from collections.abc import Iterator

from amaranth.hdl import Module, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import Out

from golden.numbers.fields import BYTE
from sim.targets.stimulus import inputs, outputs


class Taps(wiring.Component):
    """A core whose record leaves in pieces; no registers, no latency.

    Parameters
    ----------
    core : wiring.Component
        As of `sim.targets.target.Target`.

    Members
    -------
    tap0, tap1, ... : Out
        A field of the probe, or a lane of one, by the number of its first byte.
    """

    def __init__(self, core: wiring.Component):
        self.core = core
        self.places = {f"tap{at // BYTE}": (at, bits) for at, bits in _leaves(core.probe.shape())}
        """First bit and bits of every tap."""
        members = dict(core.signature.members)
        members.pop("probe")
        super().__init__({
            **members,
            **{name: Out(bits) for name, (_, bits) in self.places.items()},
        })

    def elaborate(self, platform):
        m = Module()
        m.submodules.core = self.core
        for name in self.core.signature.members:
            if name != "probe":
                outside, inside = getattr(self, name), getattr(self.core, name)
                wiring.connect(m, wiring.flipped(outside), inside)
        probe = self.core.probe.as_value()
        for name, (at, bits) in self.places.items():
            m.d.comb += getattr(self, name).eq(probe[at : at + bits])
        return m

    def header(self) -> str:
        """Return C++ macros for ``core.cpp``: streams with their numbers, bytes of a row, taps.

        A stream that the core reads is ``INPUT(number, port, bits of its payload)``, one that it
        writes ``OUTPUT(number, port)``; a tap is ``TAP(first byte, bytes, port)``.
        """
        streams = self.core.interface.streams(self.core.p)
        read, written = inputs(streams), outputs(streams)
        widths = [len(Value.cast(getattr(self.core, name).payload)) for name in read]
        lists = {
            "INPUTS": [f"INPUT({i}, {name}, {widths[i]})" for i, name in enumerate(read)],
            "OUTPUTS": [f"OUTPUT({i}, {name})" for i, name in enumerate(written, len(read))],
            "TAPS": [
                f"TAP({at // BYTE}, {bits // BYTE}, {name})"
                for name, (at, bits) in self.places.items()
            ],
        }
        numbers = {"N_INPUTS": len(read), "ROW_BYTES": self.core.probe.shape().size // BYTE}
        macros = numbers | {name: " ".join(items) for name, items in lists.items()}
        return "".join(f"#define {name} {text}\n" for name, text in macros.items())


def _leaves(layout: data.Layout, start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield first bit and bits of every field and every element of an array."""
    for _, field in layout:
        if isinstance(field.shape, data.Layout):
            yield from _leaves(field.shape, start + field.offset)
        else:
            yield start + field.offset, field.width
