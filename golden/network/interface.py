"""What the gates, the cycle model and a host of the network core must agree on.

No behaviour: *what* lies where and how wide it is stands here once, *when* it happens stands in
`docs/network-hardware.md` and is written twice from there.
"""

from enum import IntEnum
from typing import NamedTuple

from golden.network.chip import DUE_BITS, Chip
from golden.network.rules import interface as learning
from golden.numbers.fields import Field, StreamPort
from golden.numbers.formats import Fmt, index_bits

DATA_BITS = 32
INDEX_BITS = 24
STEP_BITS = 32
SHOWN_STEP_BITS = 16
"""Of the step in a spike that leaves the core."""
COUNTER_BITS = 16
"""Counters stop at their largest value."""
HEADER = 5
"""Words of a group's record in the script before its branches and constants."""
SILENT = 1 << 16
"""In the first word of a record: its spikes are not streamed."""
NOTED = 1 << 17
"""In the first word of a record: its posts are noted."""
WINNERS_AT, KIND_BITS = 8, 8
SETTLED = 2
"""Cycles that constants have from the last one's register to a pipeline's time 1."""
HOST_CYCLES = 5
JUNCTION_WORDS = 6
"""Of a gap junction: slot and kind before, slot and inlet behind, ahead, behind, offset, the rest
of the offset and the shift. A junction begins every so many cycles."""
JUNCTION_SLOT_BITS, JUNCTION_SHIFT_AT = 24, 26
"""Where kind and inlet begin in their words, and the shift in the last one."""
RELEASE_WORDS = 8
"""Of the constants of a release: use; of recovery and of facilitation each where the coarse table
begins, its last place, where the fine table begins; and one of no meaning."""
EFFICACY_BITS = 16
SPIKED_BITS = 31
"""Of the step of a plastic axon's last spike; above it stands whether there was one."""
BRANCH_PRESENT = 1 << 31
"""In a branch's word of a record."""


class Phase(IntEnum):
    """What the core is doing."""

    IDLE = 0
    HOST = 1
    RESPOND = 2
    KEYS = 3
    WALK = 4
    EXTERNAL = 5
    LOAD = 6
    RUN = 7
    ELECT = 8
    EMIT = 9
    ENDSTEP = 10
    DONE = 11
    JUNCTIONS = 12
    REPLAY = 13
    EPOCH = 14
    SETTLE = 15
    REWARD = 16
    RECEIVE = 17
    FACTOR = 18
    SCALE = 19


class Region(IntEnum):
    """What an index counts; words of the kinds follow, one region each, then those of `added`."""

    REGISTERS = 0
    """Index in `registers`."""
    SCRIPT = 1
    ROW_RUNS = 2
    """Axon: run address, delay, present."""
    ROW_SYNAPSES = 3
    """Axon: synapse address."""
    RUNS = 4
    """count, gap, more, family."""
    SYNAPSES = 5
    """slot, weight."""
    FAMILIES = 6
    """weight, inlet."""
    QUEUE_RUNS = 7
    """Place: run address, due."""
    QUEUE_SYNAPSES = 8
    """Place: synapse address."""


class BusRequest(NamedTuple):
    """Payload of the stream ``bus``: write ``data``, or read; both are answered."""

    write: int
    region: int
    index: int  # pyright: ignore[reportIncompatibleMethodOverride]  # The word of the page.
    data: int = 0
    """32 bits, unsigned; of no meaning in a read."""


def extents(chip: Chip) -> tuple[tuple[int, int], ...]:
    """Return words and bits of a word of every region."""
    run, synapse = index_bits(chip.runs), index_bits(chip.synapses)
    inlet = index_bits(len(chip.inlets))
    return (
        (len(registers(chip)), DATA_BITS),
        (chip.script_words, DATA_BITS),
        (chip.axons, run + DUE_BITS + 1),
        (chip.axons, synapse),
        (chip.runs, chip.count_bits + chip.gap_bits + 1 + chip.family_bits),
        (chip.synapses, chip.slot_bits + chip.weight_bits),
        (1 << chip.family_bits, chip.family_weight_bits + inlet),
        (chip.queue, run + DUE_BITS),
        (chip.queue, synapse),
        *((chip.kinds[kind].slots, word.width) for kind, word in chip.words),
        *_added(chip).values(),
    )


def _added(chip: Chip) -> dict[str, tuple[int, int]]:
    """Return words and bits of the regions behind the words of kinds, by name."""
    found: dict[str, tuple[int, int]] = {}
    if chip.junctions:
        found["junctions"] = (JUNCTION_WORDS * chip.junctions, DATA_BITS)
    if chip.plastic_axons:
        found |= {
            "queue_efficacies": (chip.queue, EFFICACY_BITS),
            "plastic_values": (chip.plastic_axons, 2 * EFFICACY_BITS),
            "plastic_lasts": (chip.plastic_axons, SPIKED_BITS + 1),
            "plastic_releases": (chip.plastic_axons, index_bits(chip.releases)),
            "releases": (RELEASE_WORDS * chip.releases, DATA_BITS),
            "decays": (chip.decays, EFFICACY_BITS),
        }
    if chip.learner:
        found |= learning.regions(chip.learner, chip.places)
    return found


def added(chip: Chip) -> dict[str, int]:
    """Return the regions behind the words of kinds by name: those of what not every chip has."""
    return {name: k for k, name in enumerate(_added(chip), len(Region) + len(chip.words))}


def header(chip: Chip) -> int:
    """Return the words of a group's record in the script before its constants."""
    return HEADER + chip.branches


def phase_bits(chip: Chip) -> int:
    """Return the bits of a phase of a core: those behind SETTLE are of rewards and norms."""
    late = chip.learner and (chip.learner.rewarded or chip.learner.norm)
    return index_bits(len(Phase)) if late else index_bits(Phase.SETTLE + 1)


def registers(chip: Chip) -> dict[str, int]:
    """Return the bits of every register by name, in the order of their indices."""
    place = index_bits(chip.queue)
    return {
        "step": STEP_BITS,
        "seed": 32,
        "groups": 8,
        "listen": 1,
        "quiet": INDEX_BITS,
        "head": place,
        "length": chip.queue.bit_length(),
        "lost": COUNTER_BITS,
        **({"junctions": chip.junctions.bit_length()} if chip.junctions else {}),
        **(learning.registers(chip.learner) if chip.learner else {}),
        **{f"{kind.name}_{name}": COUNTER_BITS for kind in chip.kinds for name in kind.counted},
    }


def streams(chip: Chip) -> dict[str, StreamPort]:
    """Return the streams of a core in the order of its ports."""
    n_regions = len(extents(chip))
    request = (
        _bits("write"),
        _bits("region", index_bits(n_regions)),
        _bits("index", INDEX_BITS),
        _bits("data", DATA_BITS),
    )
    external = (_bits("end"), _bits("value", INDEX_BITS))
    spike = (_bits("step", SHOWN_STEP_BITS), _bits("neuron", INDEX_BITS))
    return {
        "start": StreamPort(True, (_bits("steps", STEP_BITS),), "run so many steps"),
        "external": StreamPort(True, external, "an axon that spikes; or the end of a step's"),
        "bus": StreamPort(True, request, "the host's requests"),
        "spikes": StreamPort(False, spike, "who spikes, in which step modulo 65536"),
        "done": StreamPort(False, (_bits("", 1),), "all steps are done; always 0"),
        "response": StreamPort(False, (_bits("data", DATA_BITS),), "one for every request"),
    }


def record(chip: Chip) -> tuple[Field, ...]:
    """Return the fields of what the probe shows in a cycle; one is 0 when its strobe is 0."""
    place = index_bits(chip.queue)
    run, synapse = index_bits(chip.runs), index_bits(chip.synapses)
    saturated = [
        _bits(f"{kind.name}_saturated", len(kind.counted)) for kind in chip.kinds if kind.counted
    ]
    return (
        _bits("phase", phase_bits(chip)),
        _bits("step", STEP_BITS),
        _bits("push"),
        _bits("push_place", place),
        _bits("push_run", run),
        _bits("push_synapse", synapse),
        _bits("push_due", DUE_BITS),
        *_release_fields(chip),
        _bits("arrive"),
        _bits("inlet", index_bits(len(chip.inlets))),
        _bits("slot", chip.slot_bits),
        _bits("sum", chip.sum_bits),
        *_state_fields(chip),
        *(learning.fields(chip.learner, chip.places) if chip.learner else ()),
        _bits("fire"),
        _bits("fired", chip.slot_bits),
        *saturated,
        _bits("head", place),
        _bits("length", chip.queue.bit_length()),
        _bits("lost", COUNTER_BITS),
        _bits("start_ready"),
        _bits("external_ready"),
        _bits("bus_ready"),
        _bits("spikes_valid"),
        _bits("neuron", INDEX_BITS),
        _bits("done_valid"),
        _bits("response_valid"),
        _bits("response", DATA_BITS),
    )


def _release_fields(chip: Chip) -> list[Field]:
    if not chip.plastic_axons:
        return []
    return [
        _bits("push_efficacy", EFFICACY_BITS),
        _bits("release"),
        _bits("release_axon", index_bits(chip.plastic_axons)),
        _bits("release_u", EFFICACY_BITS),
        _bits("release_x", EFFICACY_BITS),
    ]


def _state_fields(chip: Chip) -> list[Field]:
    return [
        field
        for kind in chip.kinds
        for state in kind.program.states
        for field in (
            _bits(f"{kind.name}_{state.name}_write"),
            _bits(f"{kind.name}_{state.name}_slot", chip.slot_bits),
            _bits(f"{kind.name}_{state.name}_data", state.width),
        )
    ]


def strobes(chip: Chip) -> dict[str, tuple[str, ...]]:
    """Return the strobes of the record, and the fields about each that fit a line."""
    cells = {
        f"{kind.name}_{state.name}_write": (
            f"{kind.name}_{state.name}_slot",
            f"{kind.name}_{state.name}_data",
        )
        for kind in chip.kinds
        for state in kind.program.states
    }
    pushed = ("push_place", "push_run", "push_synapse", "push_due")
    plastic = {"release": ("release_axon", "release_u", "release_x")} if chip.plastic_axons else {}
    return {
        "push": (*pushed, "push_efficacy") if plastic else pushed,
        **plastic,
        "arrive": ("inlet", "slot", "sum"),
        **cells,
        **(learning.strobes(chip.learner) if chip.learner else {}),
        "fire": ("fired",),
        "spikes_valid": ("neuron",),
        "done_valid": (),
        "response_valid": ("response",),
    }


def _bits(name: str, width: int = 1) -> Field:
    return Field(name, Fmt(width, signed=False))
