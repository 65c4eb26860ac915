"""The record of one clock cycle: everything the core writes in it, for the lock-step to compare."""

from amaranth.hdl import Shape, unsigned
from amaranth.lib import data, enum

from golden.dense.params import Params
from hdl.dense.layout import COUNT_BITS, Layout, index_bits

BYTE = 8


class Phase(enum.IntEnum, shape=5):
    """What the sequencer is doing."""

    IDLE = 0
    HOST = 1
    RESPOND = 2
    DRY = 3
    CLEAR = 4
    LEAK = 5
    INTEGRATE = 6
    COMPETE = 7
    VERDICT = 8
    BAR = 9
    TEACH = 10
    SWEEP = 11
    RISE = 12
    ENDSTEP = 13
    INHIBIT = 14
    RESET = 15
    RELEASE = 16
    FINISH = 17
    DECAY = 18
    DECIDE = 19
    RESULT = 20


def fields(p: Params) -> dict[str, Shape | data.ArrayLayout]:
    """Return the fields of the record with their shapes, in order."""
    at = Layout(p)
    lanes, strobe = unsigned(p.n_lanes), unsigned(1)
    word, step = unsigned(at.word_bits), unsigned(p.last.width)
    return {
        "phase": unsigned(Shape.cast(Phase).width),
        "step": step,
        "take": strobe,
        "row": word,
        "n_en": lanes,
        "n_row": unsigned(index_bits(2 * p.n_words)),
        "n_data": data.ArrayLayout(unsigned(at.value_bits), p.n_lanes),
        "f_en": strobe,
        "barred": lanes,
        "frozen": lanes,
        "w_read": strobe,
        "w_word": word,
        "w_en": strobe,
        "w_addr": word,
        "w_lane": unsigned(at.lane_bits),
        "w_data": unsigned(p.w.width),
        "last_en": strobe,
        "last_axon": unsigned(at.axon_bits),
        "last_data": step,
        "elected": strobe,
        "neuron": unsigned(at.neuron_bits),
        "offset": unsigned(p.offset.width),
        "lfsr": unsigned(32),
        "presented": unsigned(p.presented.width),
        "pixels_ready": strobe,
        "start_ready": strobe,
        "bus_ready": strobe,
        "response_valid": strobe,
        "response": unsigned(32),
        "result_valid": strobe,
        "label": unsigned(p.label.width),
        "n_spikes": unsigned(COUNT_BITS),
    }


def container(width: int) -> int:
    """Return the bits a field of ``width`` bits takes: 1, 2, 4 or 8 whole bytes."""
    return next(n * BYTE for n in (1, 2, 4, 8) if width <= n * BYTE)


def layout(p: Params) -> data.FlexibleLayout:
    """Return the layout of the probe: `fields` packed, each in its container, little-endian."""
    placed, offset = {}, 0
    for name, kind in fields(p).items():
        if isinstance(kind, data.ArrayLayout):
            width = container(Shape.cast(kind.elem_shape).width)
            kind = data.ArrayLayout(unsigned(width), kind.length)
            size = width * kind.length
        elif name in ("n_en", "barred", "frozen"):
            size = -(-kind.width // BYTE) * BYTE
            kind = unsigned(size)
        else:
            size = container(kind.width)
            kind = unsigned(size)
        placed[name] = data.Field(kind, offset)
        offset += size
    return data.FlexibleLayout(offset, placed)
