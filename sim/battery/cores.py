"""Small network cores that show every feature, and what they hear.

Their memories hold anything that has a meaning (`sim.battery.chips`). They are loaded over the bus,
run steps with stalls, get requests between runs, and are read back.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.cells.schedule import ECP5, GENERIC, UP5K, Fabric
from golden.cycles.stimulus import Stimulus
from golden.network.chip import Chip, Kind
from golden.network.interface import (
    BRANCH_PRESENT,
    HOST_CYCLES,
    SILENT,
    WINNERS_AT,
    BusRequest,
    Region,
    streams,
)
from golden.network.timing.memories import Memories
from golden.network.timing.timeline import Timeline
from golden.numbers.formats import index_bits
from sim.battery.chips import random_contents, reads, writes
from sim.battery.tiny import Adder, Dice, Seeping

LONGEST = 30_000
"""Cycles within which a run must have come to its end."""
SERVED = HOST_CYCLES + 2
"""Cycles of a request."""
TOUCHES = 6
"""Requests between two runs."""


class SmallGroup(NamedTuple):
    """A record of the script."""

    kind: int
    slot: int
    size: int
    axon: int = 0
    winners: int = 0
    silent: int = 0
    branches: tuple[int | None, ...] = ()
    """Axon of the first neuron, or None that is not present, of every one that the chip has."""


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


def _chip(kinds: tuple[Kind, ...], fabric: Fabric = GENERIC, **changes: Any) -> Chip:
    made = Chip(
        kinds,
        fabric,
        script_words=60,
        axons=8,
        runs=12,
        synapses=24,
        queue=8,
        count_bits=3,
        gap_bits=8,
        family_bits=2,
        weight_bits=6,
        family_weight_bits=0,
    )
    return replace(made, **changes)


def _small(cell: Any, name: str, **changes: Any) -> Kind:
    program = cell.program(1.0)
    given = {"slots": 6, "inlet_bits": (12,) * len(program.receptors)} | changes
    return Kind(name, program, **given)


def _plain() -> Chip:
    return _chip((_small(Adder(40, bits=8), "adder"),), queue=5)


def _mixed() -> Chip:
    kinds = (
        _small(
            Seeping(noise=4, bits=9), "leaky", varying=("rate",), interval=2, inlet_bits=(10, 13)
        ),
        _small(Adder(40, bits=8), "adder", varying=("threshold",), slots=7),
        _small(Dice(), "dice"),
    )
    return _chip(kinds, weight_bits=0, family_weight_bits=7, elects=True, single_port=True)


def _joined() -> Chip:
    kinds = (
        _small(Seeping(bits=9), "leaky", inlet_bits=(10, 13)),
        _small(Adder(40, bits=8), "adder", slots=7),
    )
    return _chip(kinds, junctions=6, junction_factor_bits=20, junction_offset_bits=34)


def _plastic() -> Chip:
    kinds = (_small(Adder(-20, bits=8), "adder"),)
    return _chip(kinds, plastic_axons=5, branches=2, releases=3, decays=300)


def _electing() -> Chip:
    return _chip((_small(Adder(-20, bits=8), "adder", slots=8),), elects=True, gap_bits=2, queue=4)


def _library(name: str, fabric: Fabric, interval: int, **cell: Any) -> Callable[[], Chip]:
    """Return what makes a chip of one kind of ``golden.cells``, multipliers shared if they can be.

    The cell is imported when the chip is made, as it may have a fault then.
    """

    def made() -> Chip:
        module, _, kind = name.rpartition(".")
        text = getattr(import_module(f"golden.cells.{module}"), kind)(**cell)
        program = text.program(1.0 if cell else 0.125, fabric.operand_bits)
        products = program.cost().get("multiply", 0)
        multipliers = -(-products // interval) if interval > 1 else None
        inlets = (20,) * len(program.receptors)
        return _chip((Kind("cell", program, 4, (), inlets, interval, multipliers),), fabric)

    return made


ONE = (SmallGroup(0, 0, 4, 2),)
CORES = {
    # One kind, one inlet, a queue of a size that is no power of two; constants of a group each.
    "single": SmallCore(
        _plain, (SmallGroup(0, 1, 4, 1), SmallGroup(0, 5, 1, 7)), (14, 0, 9), 1, 0.3
    ),
    # Three kinds, random words, a constant each, inlets of several widths, one port, elections.
    "mixed": SmallCore(
        _mixed,
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
        _electing,
        (SmallGroup(0, 0, 8, winners=2), SmallGroup(0, 0, 8), SmallGroup(0, 1, 7, 1, 3, silent=1)),
        (12,),
        listen=False,
    ),
    # Products, one for each and shared; tables.
    "izhikevich": SmallCore(_library("izhikevich.Izhikevich", UP5K, 1, substeps=2), ONE, (5,)),
    "adex": SmallCore(_library("adex.AdEx", ECP5, 2), ONE, (5,)),
    "hodgkin": SmallCore(
        _library("hodgkin_huxley.HodgkinHuxley", GENERIC, 3), ONE, (12,), rested=True
    ),
    # Gap junctions between two kinds, in any direction, into inlets of several widths.
    "joined": SmallCore(
        _joined, (SmallGroup(0, 0, 5, 1), SmallGroup(1, 1, 6, 3)), (9, 3), seed=8, stall=0.2
    ),
    # Axons with short-term plasticity and without, some neurons with several.
    "plastic": SmallCore(
        _plastic,
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
    "decaying": SmallCore(_library("pynn.IF_curr_exp", GENERIC, 1), ONE, (9,), 1, rested=True),
    "idle": SmallCore(_plain, (), (3,), listen=False),
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
    loaded = random_contents(made, random)
    arrange(loaded, core.groups)
    _begin(loaded, core)
    if core.rested:
        rest(loaded)
    bus = writes(loaded)
    go = {stream: random.random(LONGEST) >= core.stall for stream in streams(made)}
    go["bus"][:] = go["start"][:] = False
    begun, asked = len(bus) * SERVED, reads(made)
    go["bus"][:begun] = go["response"][:begun] = True
    items: dict[str, Any] = {
        "bus": bus,
        "start": list(core.runs),
        "external": _external(made, random),
    }
    for starts in range(1, len(core.runs) + 1):
        go["start"][begun:] = True
        end = _end(made, Stimulus({**items, "start": items["start"][:starts]}, go))
        go["start"][end:] = False
        touched = random.permutation(np.array(asked))[:TOUCHES]
        bus += [_any(made, request, random) for request in touched]
        go["bus"][end : (begun := end + 2 * TOUCHES * SERVED)] = True
    go["bus"][begun:] = go["response"][begun:] = True
    bus += asked
    return Stimulus(items, go).cut(begun + len(asked) * SERVED)


def arrange(loaded: Memories, groups: Sequence[SmallGroup]) -> None:
    """Write the script: groups of cells as they come from the library."""
    words: list[int] = []
    for group in groups:
        kind = loaded.chip.kinds[group.kind]
        first = group.kind | group.winners << WINNERS_AT | SILENT * group.silent
        words += [first, group.slot, group.size, 1000 * len(words), group.axon]
        words += [0 if axon is None else axon | BRANCH_PRESENT for axon in group.branches]
        values = {constant.name: constant.values for constant in kind.program.constants}
        words += [int(values[name]) for name in kind.constants]
    loaded.fill(Region.SCRIPT, np.array(words))
    loaded.registers["groups"] = len(groups)


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


def _external(made: Chip, random: np.random.Generator) -> list[tuple[int, int]]:
    """Return axons that spike in some steps, and quiet steps between them."""
    items: list[tuple[int, int]] = []
    for _ in range(40):
        axons = random.integers(0, made.axons, int(random.integers(3))).tolist()
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
