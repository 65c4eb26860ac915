"""Random lives of a core: registers and memories change between presentations, in any bits."""

import copy
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from golden.cycles.stimulus import Stimulus
from golden.dense import program
from golden.dense.declaration import DATA
from golden.dense.interface import BusRequest, MemoryMap, Region, Start
from golden.dense.params import GAIN, Params
from golden.dense.registers import name_of, register_map, values
from golden.dense.timing.machine import Machine
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
LONG, MANY_STEPS = 0.06, 256
"""Share of the episodes that last at least so many steps; some axons spike seldom in them."""
NEAR = 0.5
"""Share of the episodes in which it is decided by one whether an election is worth while."""
CLOSE, QUIZ = 0.3, 4
"""Share of the episodes whose votes are nearly alike, and the images of each: only labels tell."""
GAINS = 0.25
"""Share of the episodes with any gains."""
EVE = 0.2
"""Share of the episodes before which thresholds have all but waited long enough to decay."""
Shown = tuple[NDArray[np.int64], list[bool]]
"""Images (n, pixels), and which of them are learned."""
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
        self.network, self.built, self.p = network, network.built, network.p
        self.random = np.random.default_rng([seed, network.seed])
        stalls = Stalls(float(self.random.choice((0, 0, 0.3, 0.7))), seed)
        self.places = _places(self.built)
        self.types = program.register_types(self.built)
        self.prediction = Prediction(self.built, self.types, stalls)

    def __iter__(self) -> Iterator[Piece]:
        yield self.prediction.requests([*program.parameters(self.p, self.built), *self._memories()])
        for _ in range(EPISODES):
            kind = self.random.random()
            if kind < CLOSE:
                changes, shown = self._votes(), self._bright
            elif kind < CLOSE + LONG:
                changes, shown = self._many_steps(), self._dim
            else:
                changes, shown = self._settings(), self._any
            yield self.prediction.requests([*self._touches(), *changes])
            pixels, learn = shown()
            labels = self.random.integers(0, self.built.n_classes, len(learn)).tolist()
            yield self.prediction.images(pixels.astype(np.int64), list(map(Start, learn, labels)))
        yield self.prediction.requests(list(self._everything()))

    def _drawn(self, n: int, share: float) -> NDArray[np.int64]:
        """Draw images of which a share of the pixels is not black."""
        pixels = self.random.integers(0, 256, (n, self.built.height * self.built.width))
        return pixels * (self.random.random(pixels.shape) < share)

    def _any(self) -> Shown:
        """Draw one or two images of any kind, and whether they are learned."""
        n = int(self.random.integers(1, 3))
        pixels = self._drawn(n, float(self.random.choice((0.1, 0.5, 0.8, 1))))
        if self.random.random() < FLAT:
            pixels[:] = self.random.integers(1, 256)
        return pixels, (self.random.random(n) < 0.7).tolist()

    def _dim(self) -> Shown:
        """Draw an image, to be learned, of pixels of any order of magnitude."""
        pixels = self._drawn(1, 1)
        return pixels >> self.random.integers(0, 8, pixels.shape), [True]

    def _bright(self) -> Shown:
        """Draw images that make neurons spike as the network's do; only their labels matter."""
        return self._drawn(QUIZ, self.network.bright), [False] * QUIZ

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
        most = p.theta.max if random.random() < 0.3 else p.theta_init << p.theta_shift
        for place in self.places[Region.THETA]:
            theta = int(random.integers(0, most, endpoint=True))
            yield BusRequest(1, Region.THETA, place, theta)
        for place in self.places[Region.LAST]:
            yield BusRequest(1, Region.LAST, place, self._bits(p.last.width))

    def _afresh(self) -> Iterator[BusRequest]:
        """Let neurons spike as the network's do."""
        yield from program.parameters(self.p, self.built)
        if self.built.offset_plus:
            yield self._register("offset", 0)
        for place in self.places[Region.THETA]:
            theta = int(
                self.random.integers(0, self.p.theta_init << self.p.theta_shift, endpoint=True)
            )
            yield BusRequest(1, Region.THETA, place, theta)

    def _many_steps(self) -> Iterator[BusRequest]:
        """Let the next presentation be long."""
        yield from self._settings()
        n_steps = int(self.random.integers(MANY_STEPS, self.built.last.max))
        yield self._register(name_of(Params.n_steps), n_steps)

    def _votes(self) -> Iterator[BusRequest]:
        """Let labels be nearly equally good."""
        yield from self._afresh()
        at, word = MemoryMap(self.built), self._bits(self.p.w.width)
        first = at.vote_row * self.built.n_words << at.lane_bits
        for place in (place for place in self.places[Region.WEIGHTS] if place >= first):
            yield BusRequest(1, Region.WEIGHTS, place, word ^ int(self.random.random() < 0.3))

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
            name, width, _ = self.types[index]
            bits = self._bits(width)
            if name == name_of(Params.n_steps) and self.random.random() < SHORT:
                bits %= QUICK_STEPS
            yield from self._changed(machine, name, bits)
        if self.random.random() < NEAR:
            yield from self._near(machine.registers)
        if self.random.random() < EVE and self.built.theta_decay_shift:
            waited = machine.registers[name_of(Params.theta_decay_period)] - 1
            yield self._register("decay_count", waited - int(self.random.integers(0, 2)))
        if self.random.random() < GAINS:
            for place in self.places[Region.TABLE]:
                yield BusRequest(1, Region.TABLE, place, self._bits(GAIN.width))

    def _changed(self, machine: Machine, name: str, bits: int) -> Iterator[BusRequest]:
        """Set a register of a machine, and of the core, if a presentation can begin with it."""
        _, width, signed = next(each for each in self.types if each[0] == name)
        before = machine.registers[name]
        machine.registers[name] = Fmt(width, signed).wrap(bits)
        try:
            machine.params()
        except ValueError:
            machine.registers[name] = before
        else:
            yield self._register(name, bits)

    def _register(self, name: str, value: int) -> BusRequest:
        index = [each for each, *_ in self.types].index(name)
        return BusRequest(1, Region.REGISTERS, index, DATA.wrap(value))

    def _near(self, registers: dict[str, int]) -> Iterator[BusRequest]:
        """Let the bar be what no membrane can be above after a few events, or one more."""
        p, events = self.built, int(self.random.integers(1, 5))
        reach = min(p.v.max, max(0, registers[name_of(Params.v_reset)]) + events * p.w.max)
        bar = reach + int(self.random.integers(0, 2))
        v_th = bar + (registers.get("offset", 0) >> p.offset_shift)
        if p.v.min <= v_th <= p.v.max:
            yield self._register(name_of(Params.v_th), v_th)

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
