# amaranth: UnusedElaboratable=no
"""What a core that learns has beside the parts of every core."""

from types import SimpleNamespace
from typing import Any

from amaranth.hdl import Value
from amaranth.lib import wiring

from golden.network.chip import Chip, unit
from golden.network.rules.interface import DELAYS, NUMBERS, learned_bits, regions
from golden.numbers.formats import index_bits
from hdl.network.learning.admission import Admission
from hdl.network.learning.aftermath import Aftermath
from hdl.network.learning.backlog import Backlog
from hdl.network.learning.latest import LatestPost
from hdl.network.learning.memory import SharedMemory
from hdl.network.learning.places import PlaceMemories
from hdl.network.learning.replay import AllPlaces, LearnedRuns
from hdl.network.learning.runs import RunMemories
from hdl.network.learning.visits import Visits
from hdl.network.tables import LoadedMemory


def learning_parts(p: Chip) -> dict[str, wiring.Component]:
    """Return the parts by name."""
    learner = unit(p)
    return {
        "admission": Admission(p),
        "visits": Visits(p),
        "places": PlaceMemories(p),
        "latest": LatestPost(p),
        "notes": Aftermath(p, "post", index_bits(p.places) + learner.count_bits),
        "run_memories": RunMemories(p),
        "learned_runs": LearnedRuns(p),
        "all_places": AllPlaces(p),
        "backlog": Backlog(p),
        **{
            f"learned_{i}": SharedMemory(learner.synapses, learned_bits(word))
            for i, word in enumerate(learner.words)
        },
        **({NUMBERS: LoadedMemory(*regions(learner, p.places)[NUMBERS])} if learner.draws else {}),
    }


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
        **{
            f"learned_{word.name}": (memory.host, memory.word)
            for word, memory in zip(learner.words, memories, strict=True)
        },
        **({NUMBERS: (numbers.host, numbers.word)} if numbers else {}),
        **({DELAYS: (runs.host_delays, runs.delays)} if learner.delays else {}),
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
    }
