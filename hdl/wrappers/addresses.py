"""Where the regions of a core lie in one space of words, as an address has them.

A word address is ``region << index_bits | index``, regions and indices as of
`golden.dense.interface.Region`; a byte address has two bits more. Behind the core's regions lies
one of the wrapper's own, `OWN`.
"""

from amaranth.hdl import Const, Module, Signal, Value

from golden.dense.interface import MemoryMap, Region
from golden.dense.params import Params
from golden.dense.registers import register_map
from golden.numbers.formats import index_bits

OWN = len(Region)
"""Region of a wrapper."""
READ_ONLY = (Region.SPIKES,)


class WordAddresses:
    """The space of a core that is made for ``p``."""

    def __init__(self, p: Params):
        at = MemoryMap(p)
        self.n_lanes, self.lane_bits = p.n_lanes, at.lane_bits
        self.sizes = {
            Region.REGISTERS: len(register_map(p)),
            Region.WEIGHTS: at.n_weight_words << at.lane_bits,
            Region.THETA: p.n_words << at.lane_bits,
            Region.LAST: p.n_axons,
            Region.TABLE: at.n_gains,
            Region.SPIKES: p.vote_spikes,
        }
        """Indices of each region; in some of those with lanes there is nothing."""

    @property
    def region_bits(self) -> int:
        """Bits of a region's number."""
        return index_bits(OWN + 1)

    @property
    def index_bits(self) -> int:
        """Bits of an index."""
        return index_bits(max(self.sizes.values()))

    @property
    def bits(self) -> int:
        """Bits of a word address."""
        return self.region_bits + self.index_bits

    def place(self, region: int, index: int) -> int:
        """Return a word address."""
        return region << self.index_bits | index

    def region(self, place: Value) -> Value:
        """Return the region of a word address."""
        return place[self.index_bits :]

    def index(self, place: Value) -> Value:
        """Return the index of a word address."""
        return place[: self.index_bits]

    def exists(self, m: Module, place: Value, write: Value) -> Value:
        """Return whether a word of the core is there, to be written if it shall be."""
        there, index = Signal(), self.index(place)
        with m.Switch(self.region(place)):
            for region, size in self.sizes.items():
                with m.Case(region):
                    lanes = region in {Region.WEIGHTS, Region.THETA}
                    lane = index[: self.lane_bits] < self.n_lanes if lanes else Const(1)
                    allowed = ~write if region in READ_ONLY else Const(1)
                    m.d.comb += there.eq((index < size) & lane & allowed)
        return there
