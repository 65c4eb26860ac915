"""Small network cores that show every feature, and what they hear.

Their memories hold anything that has a meaning (`sim.battery.chips`). They are loaded over the bus,
run steps with stalls, get requests between runs, and are read back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.cells.schedule import ECP5, GENERIC, UP5K
from golden.cycles.stimulus import Stimulus
from golden.network.chip import Chip
from golden.network.interface import (
    HOST_CYCLES,
    BusRequest,
    Region,
    streams,
)
from golden.network.timing.memories import Memories
from golden.network.timing.timeline import Timeline
from golden.numbers.formats import index_bits
from sim.battery import small
from sim.battery.chips import reads, unlearned_contents, writes
from sim.battery.groups import SmallGroup, arrange
from sim.battery.lessons import free_axons, given, teach

LONGEST = 30_000
"""Cycles within which a run must have come to its end."""
SERVED = HOST_CYCLES + 2
"""Cycles of a request."""
TOUCHES = 6
"""Requests between two runs."""
UNREWARDED = 3
"""Of a core's runs the one behind which no reward is given."""


@dataclass(frozen=True)
class SmallCore:
    """What a core is made for, and how it runs."""

    chip: Callable[[], Chip]
    """Its cells are those of the library as it is imported now."""
    groups: tuple[SmallGroup, ...]
    runs: tuple[int, ...]
    """Steps of each."""
    seed: int = 5
    stall: float = 0.0
    """Share of the cycles in which a stream stands still."""
    listen: bool = True
    step: int = 250
    rested: bool = False
    """Cells begin at rest, not anywhere."""
    learn: int = 1
    period: int = 0
    """Registers of a chip that learns."""
    off: bool = False
    """Some of its runs are switched off."""


ONE = (SmallGroup(0, 0, 4, 2),)
TWICE = (SmallGroup(0, 1, 4, 0, noted=1), SmallGroup(0, 5, 3, 4, noted=1))
"""Two groups of one kind, both noted."""
EACH = (SmallGroup(0, 0, 5, 0, noted=1), SmallGroup(1, 1, 6, 5, noted=1))
"""A group of each of two kinds."""
CORES = {
    # One kind, one inlet, a queue of a size that is no power of two; constants of a group each.
    "single": SmallCore(
        small.plain, (SmallGroup(0, 1, 4, 1), SmallGroup(0, 5, 1, 7)), (14, 0, 9), 1, 0.3
    ),
    # Three kinds, random words, a constant each, inlets of several widths, one port, elections.
    "mixed": SmallCore(
        small.mixed,
        (
            SmallGroup(0, 0, 5, 1),
            SmallGroup(1, 2, 5, 3, winners=1),
            SmallGroup(2, 0, 6, 2, silent=1),
            SmallGroup(0, 5, 1, 0),
        ),
        (9, 4),
        seed=7,
        stall=0.2,
        step=(3 << 16) - 5,
    ),
    "electing": SmallCore(
        small.electing,
        (SmallGroup(0, 0, 8, winners=2), SmallGroup(0, 0, 8), SmallGroup(0, 1, 7, 1, 3, silent=1)),
        (12,),
        listen=False,
    ),
    # Products, one for each and shared; tables.
    "izhikevich": SmallCore(
        small.of_library("izhikevich.Izhikevich", UP5K, 1, substeps=2), ONE, (5,)
    ),
    "adex": SmallCore(small.of_library("adex.AdEx", ECP5, 2), ONE, (5,)),
    "hodgkin": SmallCore(
        small.of_library("hodgkin_huxley.HodgkinHuxley", GENERIC, 3), ONE, (12,), rested=True
    ),
    # Gap junctions between two kinds, in any direction, into inlets of several widths.
    "joined": SmallCore(
        small.joined, (SmallGroup(0, 0, 5, 1), SmallGroup(1, 1, 6, 3)), (9, 3), seed=8, stall=0.2
    ),
    # Axons with short-term plasticity and without, some neurons with several.
    "plastic": SmallCore(
        small.plastic,
        (
            SmallGroup(0, 0, 4, 1, branches=(3, None)),
            SmallGroup(0, 2, 3, 5, silent=1, branches=(0, 4)),
            SmallGroup(0, 1, 2, 6, branches=(None, 2)),
        ),
        (14, 9),
        seed=9,
        stall=0.2,
    ),
    # A receptor that decays.
    "decaying": SmallCore(small.of_library("pynn.IF_curr_exp", GENERIC, 1), ONE, (9,), 1),
    # Rules: of nearest spikes; of traces that are added, with branches and elections; with epochs.
    "nearest": SmallCore(
        small.nearest,
        (
            SmallGroup(0, 1, 4, 0, noted=1),
            SmallGroup(0, 5, 2, 4, silent=1, noted=1),
            SmallGroup(0, 0, 1, 6),
        ),
        (14, 0, 12),
        seed=3,
        stall=0.1,
    ),
    # One of added traces on a part whose factors have 16 bits.
    "narrow": SmallCore(small.narrow, TWICE, (13, 9), seed=5, stall=0.1),
    "adding": SmallCore(
        small.adding,
        (
            SmallGroup(0, 0, 4, 0, branches=(None,)),
            SmallGroup(1, 0, 6, 4, noted=1, branches=(10,)),
            SmallGroup(2, 1, 4, 16, winners=2, noted=1, branches=(None,)),
        ),
        (17, 6),
        seed=11,
        stall=0.1,
        step=(1 << 31) - 4,
    ),
    "slow": SmallCore(small.slow, EACH, (16, 7), seed=4, period=5),
    # A rule that looks at delays, some runs switched off.
    "distant": SmallCore(small.distant, TWICE, (16, 9), off=True),
    # Two rules, some runs switched off.
    "divided": SmallCore(small.divided, TWICE, (17, 9), seed=6, period=4, off=True),
    # Random words at arrivals, posts and epochs, of steps on both sides of 2^31.
    "drawing": SmallCore(small.drawing, EACH, (11, 8), seed=4, period=7, step=(1 << 31) - 9),
    # Rewards, at which synapses learn, or which arrivals and posts see; and weights with a norm.
    "rewarded": SmallCore(small.rewarded, TWICE, (11, 0, 8, 3), seed=12, stall=0.1),
    # Synapses that learn as much as their rewards are.
    "praised": SmallCore(small.praised, TWICE, (11, 0, 6), seed=14),
    # What does not learn keeps its rewards.
    "unmoved": SmallCore(small.rewarded, TWICE, (5,), seed=12, learn=0),
    "normed": SmallCore(small.normed, EACH, (12, 6), seed=13, stall=0.1, period=5),
    # Some runs switched off; a place whose weights are so small that its factor is the largest.
    "parted": SmallCore(small.normed, EACH, (5,), seed=19, period=5, off=True),
    "faint": SmallCore(small.normed, EACH, (5,), seed=19, period=5),
    # Two rules, by which nothing learns.
    "resting": SmallCore(small.divided, TWICE, (7,), seed=6, learn=0),
    # What has learned, and goes on without; epochs without a period.
    "knowing": SmallCore(small.slow, EACH, (11,), seed=6, learn=0, period=3),
    "timeless": SmallCore(small.slow, (SmallGroup(1, 1, 6, 5, noted=1),), (4,), seed=4),
    "idle": SmallCore(small.plain, (), (3,), listen=False),
}
"""The battery, by name."""


@cache
def chip(name: str) -> Chip:
    """Return what a core of the battery is made for."""
    return CORES[name].chip()


@cache
def heard(name: str) -> Stimulus:
    """Return what is done to a core."""
    core, made = CORES[name], chip(name)
    random = np.random.default_rng([core.seed, 6])
    loaded = unlearned_contents(made, random)
    arrange(loaded, core.groups)
    _begin(loaded, core)
    if core.rested:
        rest(loaded)
    if made.learner:
        teach(loaded, random, core.learn, core.period, core.off)
    bus = writes(loaded)
    go = {stream: random.random(LONGEST) >= core.stall for stream in streams(made)}
    go["bus"][:] = go["start"][:] = False
    begun, asked = len(bus) * SERVED, reads(made)
    go["bus"][:begun] = go["response"][:begun] = True
    items: dict[str, Any] = {
        "bus": bus,
        "start": list(core.runs),
        "external": _external(core, made, random),
    }
    for starts in range(1, len(core.runs) + 1):
        go["start"][begun:] = True
        end = _end(made, Stimulus({**items, "start": items["start"][:starts]}, go))
        go["start"][end:] = False
        touched = random.permutation(np.array(asked))[:TOUCHES]
        told = [_any(made, request, random) for request in touched]
        if made.learner and made.learner.rewarded and starts != UNREWARDED:
            told += given(made, random)
        bus += told
        go["bus"][end : (begun := end + 2 * len(told) * SERVED)] = True
    go["bus"][begun:] = go["response"][begun:] = True
    bus += asked
    return Stimulus(items, go).cut(begun + len(asked) * SERVED)


def _begin(loaded: Memories, core: SmallCore) -> None:
    """Set the step, from which on entries of the queue are as far away as they were."""
    entries, bits = loaded.packed[Region.QUEUE_RUNS], index_bits(loaded.chip.runs)
    due = ((entries >> bits) - loaded.registers["step"] + core.step) & 0xFF
    entries[:] = entries & ((1 << bits) - 1) | due << bits
    loaded.registers |= {"listen": int(core.listen), "step": core.step}


def rest(loaded: Memories) -> None:
    """Let all cells be in the state in which they start: what follows stays in proved ranges."""
    region = len(Region)
    for kind in loaded.chip.kinds:
        for k, state in enumerate(kind.program.states):
            loaded.fill(region + k, np.full(kind.slots, int(state.start)))
        region += len(kind.words)


def _any(made: Chip, request: NDArray[np.int64], random: np.random.Generator) -> BusRequest:
    """Return a request for that word: to read it or, if it is one of cells, to write any bits."""
    _, region, index, _ = request.tolist()
    of_cells = 0 <= region - len(Region) < len(made.words)
    write = int(of_cells and random.random() < 0.5)
    return BusRequest(write, region, index, int(random.integers(1 << 32)))


def _external(core: SmallCore, made: Chip, random: np.random.Generator) -> list[tuple[int, int]]:
    """Return axons that spike in some steps, and quiet steps between them."""
    items: list[tuple[int, int]] = []
    for _ in range(40):
        axons = random.integers(0, made.axons, int(random.integers(3))).tolist()
        if made.learner:
            free = free_axons(made, core.groups)
            axons = random.permutation(free)[: random.integers(len(free))].tolist()
        items += [*((0, axon) for axon in axons), (1, int(random.integers(3)))]
    return items


def _end(made: Chip, whole: Stimulus) -> int:
    """Return the cycle after the last done."""
    rows = Timeline(Memories(made), whole).run()
    return int(np.flatnonzero(whole.go["done"] & (rows["done_valid"] == 1))[-1]) + 1


@cache
def foretold(name: str) -> NDArray[np.void]:
    """Return the record that the cycle model predicts."""
    return Timeline(Memories(chip(name)), heard(name)).run()
