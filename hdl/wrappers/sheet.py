"""The data sheet of a wrapper: its ports, and where the words of the core lie."""

from collections.abc import Iterator

from amaranth.hdl import Value
from amaranth.lib import wiring

from hdl.dense.datasheet import datasheet
from hdl.wrappers.axi import BYTE_BITS, AxiCore
from hdl.wrappers.wishbone import Own, PipelinedWishboneCore
from hdl.wrappers.wrapped import Wrapped


def wrapper_sheet(wrapper: Wrapped) -> str:
    """Return the text about a wrapper; what follows its addresses is the core's own."""
    _, _, inside = datasheet(wrapper.core, wrapper.p).partition("\n\n")
    is_axi = isinstance(wrapper, AxiCore)
    unit = "bytes" if is_axi else "words"
    parts = {
        f"Ports, as hdl/wrappers/{'axi' if is_axi else 'wishbone'}.py explains them": _ports(
            wrapper
        ),
        f"Addresses of regions, in {unit}: first, region, indices": _regions(wrapper, is_axi),
    }
    told = ["\n".join([title, *(f"  {x}" for x in lines)]) for title, lines in parts.items()]
    return "\n\n".join([*told, inside])


def _ports(wrapper: Wrapped) -> Iterator[str]:
    for name in ("clk", "rst"):
        yield f"{'input':<7}{name:<20}{1:>6}  as of the core"
    for path, member, value in wrapper.signature.flatten(wrapper):
        way = "input" if member.flow is wiring.In else "output"
        (name,) = path
        yield f"{way:<7}{name:<20}{len(Value.cast(value)):>6}  {_group(name, wrapper)}"


def _group(name: str, wrapper: Wrapped) -> str:
    cycles = "pipelined" if isinstance(wrapper, PipelinedWishboneCore) else "classic"
    groups = {
        "s_axil": "AXI4-Lite: the bus",
        "s_axis": "AXI4-Stream: a packet an image, tuser of its last beat = {label, learn}",
        "m_axis": "AXI4-Stream: a result of 32 bits = {bad, 1, n_spikes from bit 16, label}",
        "wb": f"Wishbone B4, {cycles}",
        "irq": "a result waits",
    }
    return next(about for start, about in groups.items() if name.startswith(start))


def _regions(wrapper: Wrapped, is_axi: bool) -> Iterator[str]:
    at, shift = wrapper.access.addresses, BYTE_BITS if is_axi else 0
    for region, n in at.sizes.items():
        yield f"{at.place(region, 0) << shift:#010x}  {region.name.lower():<10}{n:>8}"
    if not is_axi:
        for word in Own:
            yield f"{at.place(len(at.sizes), word):#010x}  {word.name.lower():<10}{1:>8}"
