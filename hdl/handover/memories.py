"""A model as memories: what every region of the bus holds when the model has been loaded."""

from collections.abc import Iterable

from golden.dense.interface import BusRequest, MemoryMap, Region
from golden.dense.params import GAIN, Params
from golden.dense.registers import register_map
from hdl.handover.lists import words


def memories(built: Params, writes: Iterable[BusRequest]) -> dict[str, str]:
    """Return the memories that hold a model after so many writes, as files for ``$readmemh``.

    A word of ``weights`` or ``theta`` has all its lanes side by side, lane 0 in the lowest bits, as
    in the memories of the core; a word of ``registers`` has 32 bits, and what no write names is 0.

    Parameters
    ----------
    built : Params
        What the core is made for.
    writes : iterable of BusRequest
        Those that load the model.
    """
    at, lanes = MemoryMap(built), built.n_lanes
    lane_words = {
        Region.WEIGHTS: (at.n_weight_words, built.w.width),
        Region.THETA: (built.n_words, built.theta.width),
    }
    whole_words = {
        Region.REGISTERS: (len(register_map(built)), 32),
        Region.LAST: (built.n_axons, built.last.width),
        Region.TABLE: (at.n_gains, GAIN.width),
    }
    extents = {
        **{region: (n, width * lanes) for region, (n, width) in lane_words.items()},
        **whole_words,
    }
    held = {region: [0] * n for region, (n, _) in extents.items()}
    for _, region, index, data in writes:
        if region in lane_words:
            width = lane_words[Region(region)][1]
            word, lane = index >> at.lane_bits, index & ((1 << at.lane_bits) - 1)
            held[Region(region)][word] |= (data & ((1 << width) - 1)) << lane * width
        else:
            width = whole_words[Region(region)][1]
            held[Region(region)][index] = data & ((1 << width) - 1)
    return {
        region.name.lower(): words(_about(region, *extents[region]), extents[region][1], numbers)
        for region, numbers in held.items()
        if numbers
    }


def _about(region: Region, n: int, width: int) -> str:
    return f"{region.name.lower()}: {n} x {width}"
