# amaranth: UnusedElaboratable=no
"""What a core that learns has beside the parts of every core."""

from types import SimpleNamespace
from typing import Any

from amaranth.hdl import Value
from amaranth.lib import wiring

from golden.network.chip import Chip, unit
from golden.network.rules.interface import NUMBERS, learned_bits, regions, standing_region
from golden.network.rules.learner import LearningUnit
from golden.numbers.formats import index_bits
from hdl.network.learning.admission import Admission
from hdl.network.learning.aftermath import Aftermath
from hdl.network.learning.backlog import Backlog
from hdl.network.learning.latest import FOUND, LatestPost
from hdl.network.learning.memory import SharedMemory
from hdl.network.learning.norm import NormSums
from hdl.network.learning.places import PlaceMemories
from hdl.network.learning.replay import AllPlaces, LearnedRuns
from hdl.network.learning.rewards import ASKED, RewardMemories
from hdl.network.learning.runs import RunMemories
from hdl.network.learning.visits import Visits
from hdl.network.tables import LoadedMemory


def learning_parts(p: Chip) -> dict[str, wiring.Component]:
    """Return the parts by name."""
    learner = unit(p)
    numbers = regions(learner, p.places).get(NUMBERS, (0, 0))
    return {
        "admission": Admission(p),
        "visits": Visits(p),
        "places": PlaceMemories(p),
        "latest": LatestPost(p),
        "notes": Aftermath(p, "post", index_bits(p.places) + learner.count_bits),
        "run_memories": RunMemories(p),
        "learned_runs": LearnedRuns(p),
        "all_places": AllPlaces(p, FOUND),
        **_of_rewards(p),
        **({"norms": NormSums(p)} if learner.norm else {}),
        "backlog": Backlog(p),
        **{
            f"learned_{i}": SharedMemory(p.fabric, learner.synapses, learned_bits(word))
            for i, word in enumerate(learner.words)
        },
        **({NUMBERS: LoadedMemory(*numbers, p.fabric.columns(*numbers))} if learner.draws else {}),
    }


def _of_rewards(p: Chip) -> dict[str, wiring.Component]:
    if not unit(p).rewarded:
        return {}
    rewards = RewardMemories(p)
    return {"rewards": rewards, "receiving": AllPlaces(p, ASKED + rewards.aftermath.delay)}


def learning_hosted(p: Chip, s: SimpleNamespace) -> dict[str, tuple[Any, Any]]:
    """Return the host's way into its regions by name, and what it reads."""
    learner, runs, places = unit(p), s.run_memories, s.places
    memories = [getattr(s, f"learned_{i}") for i in range(len(learner.words))]
    numbers = getattr(s, NUMBERS) if learner.draws else None
    return {
        "run_lasts": (runs.host_lasts, runs.lasts),
        **{
            f"run_trace_{i}": (getattr(runs, f"host_trace_{i}"), runs.kept[i])
            for i in range(len(runs.kept))
        },
        "post_lasts": (places.host_lasts, places.lasts),
        **{
            f"post_trace_{i}": (getattr(places, f"host_trace_{i}"), places.traces[i])
            for i in range(len(places.traces))
        },
        **(_hosted_rewards(s.rewards) if learner.rewarded else {}),
        **{
            f"learned_{word.name}": (memory.host, memory.word)
            for word, memory in zip(learner.words, memories, strict=True)
        },
        **({NUMBERS: (numbers.host, numbers.word)} if numbers else {}),
        **{
            standing_region(name): (getattr(runs, f"host_{name}s"), getattr(runs, f"{name}s"))
            for name in learner.standing
        },
    }


def _hosted_rewards(rewards: RewardMemories) -> dict[str, tuple[Any, Any]]:
    return {
        "rewards": (rewards.host_rewards, rewards.amounts),
        "reward_lasts": (rewards.host_lasts, rewards.lasts),
        **{
            f"reward_trace_{i}": (getattr(rewards, f"host_trace_{i}"), rewards.kept[i])
            for i in range(len(rewards.kept))
        },
    }


def learning_shown(p: Chip, s: SimpleNamespace) -> dict[str, Value]:
    """Return what its fields of the record show."""
    learner, places = unit(p), s.places
    written = [getattr(s, f"learned_{i}").value for i in range(len(learner.words))]
    return {
        "learned": s.visits.learned,
        "learned_synapse": s.visits.synapse,
        **{f"learned_{w.name}": v for w, v in zip(learner.words, written, strict=True)},
        "mark": s.run_memories.mark,
        "mark_run": s.run_memories.at,
        **{f"mark_{i}": trace for i, trace in enumerate(s.run_memories.traces)},
        "note": s.notes.done,
        "note_place": places.record_at,
        "note_count": places.new_count,
        **{f"note_{i}": trace for i, trace in enumerate(s.notes.traces)},
        **_later_shown(learner, s),
    }


def _later_shown(learner: LearningUnit, s: SimpleNamespace) -> dict[str, Value]:
    """Return what the fields about rewards and norms show."""
    found: dict[str, Value] = {}
    if learner.rewarded:
        found |= {"receive": s.rewards.receive, "receive_place": s.rewards.at}
        marks = enumerate(s.rewards.marks)
        found |= {f"receive_{i}": trace.as_unsigned() for i, trace in marks}
    if learner.norm:
        found |= {"scale": s.norms.scale, "scale_place": s.norms.at, "scale_factor": s.norms.value}
    return found
