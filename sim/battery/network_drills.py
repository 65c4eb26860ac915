"""Drills of a network core: what its own run and random lives come to too seldom.

All memories get any bits and are read back. A core without groups, in which nothing is queued,
does a step in a few cycles: so its registers go over every power of two, runs begin that have no
end in sight, and one of 32,770 steps comes to its end. Then its own groups get new states before
each step, so that many neurons are near their thresholds, or have nearly the same margin where some
of them are elected. A core that learns begins at any step, with arrivals and posts that lie as far
back as a power of two, or a bit more.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.cycles.stimulus import Stimulus
from golden.network.chip import Chip, unit
from golden.network.interface import (
    COUNTER_BITS,
    INDEX_BITS,
    STEP_BITS,
    BusRequest,
    Region,
    added,
    extents,
    registers,
    streams,
)
from golden.network.rules.interface import LAST_BITS, ranges
from golden.network.timing.memories import CELLS, Memories
from golden.network.timing.requests import SERVED
from golden.network.timing.timeline import Timeline
from sim.battery.chips import random_contents, reads, unlearned_contents, writes
from sim.battery.cores import CORES, chip, rest
from sim.battery.groups import SmallGroup, arrange
from sim.battery.lessons import free_axons, teach

STEPS = 2
"""Of an exercise without groups."""
SHORT, LONG = 13, 400
"""Cycles of a step, at most: without groups, of keys and three phases; with all of a core's."""
ENDLESS = 12
"""Steps that are looked at of a run that has far more."""
MANY = (1 << 15) + STEPS
"""Steps of a run that has many, and ends."""
RENEWED = 80
"""Steps before each of which states are new."""
LEARNED, EARLY = 5, 4
"""Steps of what learns, and how much longer it was silent than a power of two, less than these."""
NEAR = 10
"""Bits in which states of a kind may differ, and one more."""
Played = tuple[Stimulus, NDArray[np.void]]
"""What happens at the ports, and what the model says of it."""


class Exercise(NamedTuple):
    """What the host asks for before a start and after it."""

    before: Sequence[BusRequest]
    after: Sequence[BusRequest] = ()
    external: tuple[tuple[int, int], ...] = ()
    """What is heard meanwhile."""


def network_drills(name: str) -> Iterator[tuple[str, Played]]:
    """Yield what a core goes through, each from reset on, by name."""
    made = chip(name)
    # What is inverted in every cycle is seen after an odd number of them: a request takes six.
    odd = STEPS * SHORT + 1
    yield "numbers", _record(made, _exercised(made, list(_numbers(made)), STEPS, odd))
    yield "memories", _record(made, _asked([*_anything(made), *reads(made)], made))
    yield "states", _record(made, _exercised(made, list(_states(name)), 1, LONG))
    if made.learner:
        pasts = _exercised(made, list(_pasts(name)), LEARNED, LEARNED * LONG)
        yield "pasts", _record(made, pasts)
    for bit in range(STEPS, STEP_BITS):
        yield f"{bit} bits of steps", _record(made, _started(made, (1 << bit) + STEPS, ENDLESS))
    yield "a long run", _record(made, _started(made, MANY, MANY))


def _numbers(made: Chip) -> Iterator[Exercise]:
    """Yield what goes over powers of two: step, counters, pauses that a host or a stream sets."""
    places = list(registers(made))

    def request(name: str, value: int, write: int = 1) -> BusRequest:
        return BusRequest(write, Region.REGISTERS, places.index(name), value)

    shown = [request("step", 0, 0)]
    for bit in range(STEP_BITS):
        yield Exercise([request("step", (1 << bit) - 1)], shown)
    shown = [request("quiet", 0, 0)]
    for bit in range(1, INDEX_BITS):
        yield Exercise([request("listen", 1), request("quiet", 1 << bit)], shown)
        yield Exercise([request("quiet", 0)], shown, ((1, 1 << bit),))
    for name in (name for name, bits in registers(made).items() if bits == COUNTER_BITS):
        for bit in range(1, COUNTER_BITS + 1):
            yield Exercise([request(name, (1 << bit) - 1)], [request(name, 0, 0)])


def _states(name: str) -> Iterator[Exercise]:
    """Yield steps of a core's own groups, before each of which all states and winners are new.

    Cells that must begin at rest go on from there, and hear anything that is not negative.
    """
    core, random = CORES[name], np.random.default_rng([CORES[name].seed, 10])
    loaded = random_contents(chip(name), random)
    loaded.registers |= {"listen": 0, "length": 0}
    if core.rested:
        rest(loaded)
    for step in range(RENEWED):
        arrange(loaded, [_varied(group, loaded.chip, random) for group in core.groups])
        script = loaded.words(Region.SCRIPT).tolist()
        told = (BusRequest(1, Region.SCRIPT, i, word) for i, word in enumerate(script))
        states = (_pushed if core.rested else _near)(loaded.chip, random)
        yield Exercise([*told, *states] if step else writes(loaded))


def _pasts(name: str) -> Iterator[Exercise]:
    """Yield steps of a core that learns, before which all was silent for about a power of two."""
    core, made, random = CORES[name], chip(name), np.random.default_rng([CORES[name].seed, 11])
    loaded = unlearned_contents(made, random)
    arrange(loaded, core.groups)
    teach(loaded, random, 1, core.period, core.off)
    regions, ends = added(made), ranges(unit(made))
    heard = tuple((0, axon) for axon in free_axons(made, core.groups).tolist())
    for bit in range(LAST_BITS - 1):
        loaded.registers |= {"listen": 1, "quiet": 0, "step": int(random.integers(1 << STEP_BITS))}
        for region in (regions["run_lasts"], regions["post_lasts"]):
            words, _ = loaded.extents[region]
            age = (1 << bit) + random.integers(EARLY, size=words)
            last = (loaded.registers["step"] - age) % (1 << LAST_BITS)
            loaded.fill(region, last | 1 << LAST_BITS)
        for word, (low, high) in ends.items():
            words, _ = loaded.extents[regions[word]]
            loaded.fill(regions[word], random.integers(low, high, words, endpoint=True))
        yield Exercise(writes(loaded), (), (*heard, (1, LEARNED - 1)))


def _varied(group: SmallGroup, made: Chip, random: np.random.Generator) -> SmallGroup:
    """Return a group all of which have an axon, and of which some but not all may win."""
    winners = int(random.integers(group.size > 1, group.size)) * made.elects
    return group._replace(axon=min(group.axon, made.axons - group.size), winners=winners)


def _near(made: Chip, random: np.random.Generator) -> Iterator[BusRequest]:
    """Yield requests that write states: those of a kind near 0, as thresholds are, or anywhere."""
    region = CELLS
    for kind in made.kinds:
        for number in range(len(kind.program.states)):
            base = int(random.integers(2)) * int(random.integers(1 << 32))
            spread = 1 << int(random.integers(NEAR))
            for slot in range(kind.slots):
                value = (base + int(random.integers(spread))) % (1 << 32)
                yield BusRequest(1, region + number, slot, value)
        region += len(kind.words)


def _pushed(made: Chip, random: np.random.Generator) -> Iterator[BusRequest]:
    """Yield requests that write sums of arrivals, from 0 to the largest."""
    region = CELLS
    for kind in made.kinds:
        region += len(kind.words)
        for number, bits in enumerate(kind.inlet_bits, region - len(kind.inlet_bits)):
            for slot in range(kind.slots):
                yield BusRequest(1, number, slot, int(random.integers(1 << (bits - 1))))


def _exercised(made: Chip, exercises: Sequence[Exercise], steps: int, cycles: int) -> Stimulus:
    """Return exercises one behind the other, each of so many steps within so many cycles."""
    # What is put forward stays until it is taken: one cycle for each.
    request, run = [1] + [0] * (SERVED - 1), [0] * (cycles + 1)
    bus, start = [], []
    for exercise in exercises:
        bus += [*request * len(exercise.before), 0, *run, *request * len(exercise.after)]
        start += [0] * SERVED * len(exercise.before) + [1, *run]
        start += [0] * SERVED * len(exercise.after)
    go = dict.fromkeys(streams(made), np.ones(len(bus), bool))
    go |= {"bus": np.array(bus, bool), "start": np.array(start, bool)}
    items = {
        "bus": [asked for each in exercises for asked in (*each.before, *each.after)],
        "start": [steps] * len(exercises),
        "external": [item for each in exercises for item in each.external],
    }
    return Stimulus(items, go)


def _anything(made: Chip) -> Iterator[BusRequest]:
    """Yield requests that write any bits into every word, which no run would have a meaning for."""
    random = np.random.default_rng(made.axons)
    for region, (words, _) in enumerate(extents(made)):
        for index in range(words):
            yield BusRequest(1, region, index, int(random.integers(1 << 32)))


def _asked(requests: Sequence[BusRequest], made: Chip) -> Stimulus:
    """Return requests one behind the other."""
    go = dict.fromkeys(streams(made), np.ones(SERVED * len(requests), bool))
    return Stimulus({"bus": requests, "start": [], "external": []}, go)


def _started(made: Chip, steps: int, seen: int) -> Stimulus:
    """Return the first steps of a run, at least as many as are to be seen."""
    go = dict.fromkeys(streams(made), np.ones(seen * SHORT, bool))
    return Stimulus({"bus": [], "start": [steps], "external": []}, go)


def _record(made: Chip, whole: Stimulus) -> Played:
    return whole, Timeline(Memories(made), whole).run()
