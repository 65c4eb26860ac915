"""The core's streams as the link sees them."""

from amaranth.lib import wiring

from golden.dense.interface import streams
from golden.dense.params import Params
from hdl.numbers.fields import stream_members


def core_ports(p: Params) -> dict[str, wiring.Member]:
    """Return the ports that drive a core made for ``p``; names as of `hdl.dense.core.Core`."""
    return {name: member.flip() for name, member in stream_members(streams(p)).items()}
