"""The core's streams as the link sees them."""

from amaranth.hdl import unsigned
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.params import Params
from hdl.dense.host import Request
from hdl.dense.layout import COUNT_BITS
from hdl.dense.registers import DATA_WIDTH
from hdl.numbers.formats import shape


def core_ports(p: Params) -> dict[str, wiring.Member]:
    """Return the ports that drive a core made for ``p``; names as of `hdl.dense.core.Core`."""
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
