"""The core's streams as the link sees them."""

from amaranth.hdl import unsigned
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from golden.params import Params
from hdl.formats import shape
from hdl.host import Request
from hdl.layout import COUNT_BITS
from hdl.registers import DATA_WIDTH


def core_ports(p: Params) -> dict[str, wiring.Member]:
    """Return the ports by which a core made for ``p`` is driven; names as of `hdl.core.Core`."""
    start = data.StructLayout({"learn": 1, "label": shape(p.label)})
    result = data.StructLayout({"label": shape(p.label), "n_spikes": COUNT_BITS})
    response = data.StructLayout({"data": unsigned(DATA_WIDTH)})
    return {
        "pixels": Out(stream.Signature(shape(p.pixel))),
        "start": Out(stream.Signature(start)),
        "result": In(stream.Signature(result)),
        "bus": Out(stream.Signature(Request())),
        "response": In(stream.Signature(response)),
    }
