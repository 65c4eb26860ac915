"""Fields of payloads and records as Amaranth layouts; see `golden.numbers.fields`."""

from collections.abc import Iterable, Sequence

from amaranth.hdl import Shape, unsigned
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from golden.numbers.fields import BYTE, Field, StreamPort
from hdl.numbers.formats import shape


def payload(fields: Sequence[Field]) -> data.StructLayout | Shape:
    """Return the layout of a payload, its fields side by side, or the shape of a bare number."""
    if [field.name for field in fields] == [""]:
        return shape(fields[0].fmt)
    return data.StructLayout({field.name: shape(field.fmt) for field in fields})


def stream_members(streams: dict[str, StreamPort]) -> dict[str, wiring.Member]:
    """Return the streams as ports of the core itself."""
    return {
        name: (In if port.is_input else Out)(stream.Signature(payload(port.fields)))
        for name, port in streams.items()
    }


def packed(fields: Iterable[Field]) -> data.FlexibleLayout:
    """Return the layout of a packed record, all of its fields unsigned."""
    placed, offset = {}, 0
    for field in fields:
        if field.is_mask:
            kind = unsigned(-(-(field.lanes or 0) // BYTE) * BYTE)
            size = kind.width
        elif field.lanes is None:
            kind, size = unsigned(field.container), field.container
        else:
            kind = data.ArrayLayout(unsigned(field.container), field.lanes)
            size = field.container * field.lanes
        placed[field.name] = data.Field(kind, offset)
        offset += size
    return data.FlexibleLayout(offset, placed)
