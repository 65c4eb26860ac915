"""Random lives of a core: registers and memories change between presentations, in any bits."""

import copy
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from golden.cycles.stimulus import Stimulus
from golden.dense import program
from golden.dense.declaration import DATA
from golden.dense.interface import BusRequest, MemoryMap, Region, Start
from golden.dense.params import Params
from golden.dense.registers import name_of, register_map, values
from golden.numbers.formats import Fmt
from sim.battery.networks import SmallNetwork
from sim.jobs.job import Stalls
from sim.jobs.prediction import Prediction

EPISODES = 12
MOST_CHANGES = 4
"""Registers in an episode that differ from those of the network."""
QUICK_STEPS, SHORT = 24, 0.7
"""Steps of presentations that are short, and the share of those among others of any length."""
FLAT = 0.2
"""Share of the episodes whose images are of one brightness: many events at once fill the queue."""
NEAR = 0.5
"""Share of the episodes in which it is decided by one whether an election is worth while."""
Piece = tuple[Stimulus, NDArray[np.void]]
"""What is done, and the record of it."""


class Life:
    """One life; iterate over it once.

    Parameters
    ----------
    network : SmallNetwork
        What the core is made for, and what its registers mostly hold.
    seed : int
        Of all choices.
    """

    def __init__(self, network: SmallNetwork, seed: int):
        self.built, self.p = network.built, network.p
        self.random = np.random.default_rng([seed, network.seed])
        stalls = Stalls(float(self.random.choice((0, 0, 0.3, 0.7))), seed)
        self.places = _places(self.built)
        self.types = program.register_types(self.built)
        self.prediction = Prediction(self.built, self.types, stalls)

    def __iter__(self) -> Iterator[Piece]:
        yield self.prediction.requests([*program.parameters(self.p, self.built), *self._memories()])
        for _ in range(EPISODES):
            yield self.prediction.requests([*self._touches(), *self._settings()])
            n = int(self.random.integers(1, 3))
            pixels = self.random.integers(0, 256, (n, self.built.height * self.built.width))
            pixels *= self.random.random(pixels.shape) < self.random.choice((0.1, 0.5, 0.8, 1))
            if self.random.random() < FLAT:
                pixels[:] = self.random.integers(1, 256)
            starts = [
                Start(bool(self.random.random() < 0.7), label)
                for label in self.random.integers(0, self.built.n_classes, n).tolist()
            ]
            yield self.prediction.images(pixels.astype(np.int64), starts)
        yield self.prediction.requests(list(self._everything()))

    def _bits(self, width: int) -> int:
        """Draw a number that is small, or large, or of any size."""
        full = (1 << width) - 1
        number = int(self.random.integers(0, full, endpoint=True))
        small = number >> int(self.random.integers(0, width, endpoint=True))
        return (number, small, full ^ small)[self.random.integers(3)]

    def _memories(self) -> Iterator[BusRequest]:
        """Fill all memories, what lies in padding lanes too."""
        p, random = self.p, self.random
        lowest, most = p.w_init_low, p.w_init_high - 1
        if random.random() < 0.3:
            lowest, most = p.w.min, p.w.max
        for place in self.places[Region.WEIGHTS]:
            weight = int(random.integers(lowest, most, endpoint=True))
            yield BusRequest(1, Region.WEIGHTS, place, DATA.wrap(weight))
        for place in self.places[Region.THETA]:
            theta = int(random.integers(0, p.theta_init, endpoint=True))
            yield BusRequest(1, Region.THETA, place, theta)
        for place in self.places[Region.LAST]:
            yield BusRequest(1, Region.LAST, place, self._bits(p.last.width))

    def _touches(self) -> Iterator[BusRequest]:
        """Write any bits here and there, and read them."""
        for region, places in self.places.items():
            for place in self.random.choice(places, min(3, len(places))).tolist():
                if self.random.random() < 0.3:
                    yield BusRequest(1, region, place, self._bits(32))
                yield BusRequest(0, region, place)
        for rank in range(self.built.vote_spikes):
            yield BusRequest(0, Region.SPIKES, rank)

    def _settings(self) -> Iterator[BusRequest]:
        """Set registers so that a presentation can begin; a few differ from the network's."""
        yield from program.parameters(self.p, self.built)
        machine = copy.deepcopy(self.prediction.machine)
        machine.registers |= values(self.p, self.built)
        n_changes = int(self.random.integers(MOST_CHANGES + 1))
        for index in self.random.permutation(len(self.types)).tolist()[:n_changes]:
            name, width, signed = self.types[index]
            before, bits = machine.registers[name], self._bits(width)
            if name == name_of(Params.n_steps) and self.random.random() < SHORT:
                bits %= QUICK_STEPS
            machine.registers[name] = Fmt(width, signed).wrap(bits)
            try:
                machine.params()
            except ValueError:
                machine.registers[name] = before
            else:
                yield BusRequest(1, Region.REGISTERS, index, bits)
        if self.random.random() < NEAR:
            yield from self._near(machine.registers)

    def _near(self, registers: dict[str, int]) -> Iterator[BusRequest]:
        """Let the bar be what no membrane can be above after a few events, or one more."""
        p, events = self.built, int(self.random.integers(1, 5))
        reach = min(p.v.max, max(0, registers[name_of(Params.v_reset)]) + events * p.w.max)
        bar = reach + int(self.random.integers(0, 2))
        v_th = bar + (registers.get("offset", 0) >> p.offset_shift)
        if p.v.min <= v_th <= p.v.max:
            names = [name for name, *_ in self.types]
            yield BusRequest(
                1, Region.REGISTERS, names.index(name_of(Params.v_th)), DATA.wrap(v_th)
            )

    def _everything(self) -> Iterator[BusRequest]:
        """Read all there is."""
        for region, places in self.places.items():
            for place in places:
                yield BusRequest(0, region, place)


def _places(built: Params) -> dict[Region, list[int]]:
    """Return all indices of the regions that can be written."""
    at = MemoryMap(built)
    laned = [
        [word << at.lane_bits | lane for word in range(n_words) for lane in range(built.n_lanes)]
        for n_words in (at.n_weight_words, built.n_words)
    ]
    return {
        Region.REGISTERS: list(range(len(register_map(built)))),
        Region.WEIGHTS: laned[0],
        Region.THETA: laned[1],
        Region.LAST: list(range(built.n_axons)),
        Region.TABLE: list(range(built.ltp_window + built.ltd_window)),
    }
