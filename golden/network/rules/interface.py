"""What the gates, the cycle model and a host of a core that learns must agree on beside the rest.

`docs/network-hardware.md`, "Learning", says what each is for.
"""

from golden.network.rules.learner import LearningUnit
from golden.network.rules.words import NORM_FACTOR_BITS, REWARD, REWARD_MOST, LearnedWord
from golden.numbers.fields import Field
from golden.numbers.formats import Fmt, index_bits, narrowest

LAST_BITS = 26
"""Of the step of a last spike, arrival or post; above it stands whether there was one."""
OFF = 1
"""In place of the step of a last arrival, beside that there was none: the run is switched off."""
EPOCH_BITS = 24
"""Of the steps of an epoch."""
NUMBERS = "synapse_numbers"
"""The region of the numbers of synapses, whose random words they are."""
REWARD_BITS = REWARD_MOST.bit_length() + 1
"""Of a reward and a trace of rewards, two's complement; above a reward stands whether it is due."""


def standing_region(name: str) -> str:
    """Return the region of what stands still of runs: ``run_delays``, ``run_rules``."""
    return f"run_{name}s"


def learned_bits(word: LearnedWord) -> int:
    """Return the bits of a word that a synapse learns: two's complement if it can be negative."""
    return narrowest(word.low, word.high)[0]


def carried_bits(word: LearnedWord) -> int:
    """Return the bits of a word with a sign, whether it has one where it is kept or not."""
    return narrowest(min(word.low, -1), word.high)[0]


def regions(learner: LearningUnit, places: int) -> dict[str, tuple[int, int]]:
    """Return words and bits of a word of its regions by name, in their order."""
    runs, last = learner.runs, LAST_BITS + 1
    before, behind = (range(len(learner.side(side))) for side in ("pre", "post"))
    learned = {f"learned_{word.name}": learned_bits(word) for word in learner.words}
    numbers = {NUMBERS: (learner.synapses, index_bits(learner.synapses))} if learner.draws else {}
    standing = {standing_region(name): (runs, bits) for name, bits in learner.standing.items()}
    rewarded = {f"reward_trace_{i}": REWARD_BITS for i in range(len(learner.side(REWARD)))}
    if learner.rewarded:
        rewarded = {"rewards": REWARD_BITS + 1, "reward_lasts": last, **rewarded}
    return {
        "run_lasts": (runs, last),
        **{f"run_trace_{i}": (runs, learner.trace_bits) for i in before},
        "post_lasts": (places, last),
        **{f"post_trace_{i}": (places, learner.trace_bits) for i in behind},
        **{name: (places, bits) for name, bits in rewarded.items()},
        **{name: (learner.synapses, bits) for name, bits in learned.items()},
        **numbers,
        **standing,
    }


def ranges(learner: LearningUnit) -> dict[str, tuple[int, int]]:
    """Return what a word may be, of its regions but those of last steps, by name.

    A reward is one whether it is given or not.
    """
    found = {f"learned_{word.name}": (word.low, word.high) for word in learner.words}
    for side, owner in (("pre", "run"), ("post", "post"), (REWARD, REWARD)):
        words = enumerate(learner.side(side))
        found |= {f"{owner}_trace_{i}": word.ends(learner.trace_bits) for i, word in words}
    return found | ({"rewards": (-REWARD_MOST, REWARD_MOST)} if learner.rewarded else {})


def registers(learner: LearningUnit) -> dict[str, int]:
    """Return the bits of its registers by name, in their order."""
    epochs = {"period": EPOCH_BITS, "until": EPOCH_BITS} if learner.on_epoch else {}
    rewards = {REWARD: 1} if learner.rewarded else {}
    return {"learn": 1, "learned": learner.runs.bit_length(), **epochs, **rewards}


def fields(learner: LearningUnit, places: int) -> list[Field]:
    """Return its fields of the record."""
    before, behind = (range(len(learner.side(side))) for side in ("pre", "post"))
    return [
        _bits("learned"),
        _bits("learned_synapse", index_bits(learner.synapses)),
        *(_bits(f"learned_{word.name}", learned_bits(word)) for word in learner.words),
        _bits("mark"),
        _bits("mark_run", index_bits(learner.runs)),
        *(_bits(f"mark_{i}", learner.trace_bits) for i in before),
        _bits("note"),
        _bits("note_place", index_bits(places)),
        _bits("note_count", learner.count_bits),
        *(_bits(f"note_{i}", learner.trace_bits) for i in behind),
        *(_bits(name, bits) for name, bits in _later(learner, places).items()),
    ]


def _later(learner: LearningUnit, places: int) -> dict[str, int]:
    """Return the bits of the fields about rewards and norms by name."""
    found: dict[str, int] = {}
    if learner.rewarded:
        traces = range(len(learner.side(REWARD)))
        found |= {"receive": 1, "receive_place": index_bits(places)}
        found |= {f"receive_{i}": REWARD_BITS for i in traces}
    if learner.norm:
        found |= {"scale": 1, "scale_place": index_bits(places), "scale_factor": NORM_FACTOR_BITS}
    return found


def strobes(learner: LearningUnit) -> dict[str, tuple[str, ...]]:
    """Return its strobes, and the fields about each."""
    before, behind = (range(len(learner.side(side))) for side in ("pre", "post"))
    return {
        "learned": ("learned_synapse", *(f"learned_{word.name}" for word in learner.words)),
        "mark": ("mark_run", *(f"mark_{i}" for i in before)),
        "note": ("note_place", "note_count", *(f"note_{i}" for i in behind)),
        **_later_strobes(learner),
    }


def _later_strobes(learner: LearningUnit) -> dict[str, tuple[str, ...]]:
    traces = range(len(learner.side(REWARD)))
    found: dict[str, tuple[str, ...]] = {}
    if learner.rewarded:
        found["receive"] = ("receive_place", *(f"receive_{i}" for i in traces))
    if learner.norm:
        found["scale"] = ("scale_place", "scale_factor")
    return found


def _bits(name: str, width: int = 1) -> Field:
    return Field(name, Fmt(width, signed=False))
