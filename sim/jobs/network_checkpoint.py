"""How far a lock-step of a network has come, in a file that another run goes on from.

An archive of `golden.command.archive`. ``meta`` holds ``format``, ``version``, the hashes of
``network`` (its rewards apart) and ``chip``, ``step``, the hash of the ``rewards`` before it and
``figures``; members are the words of every region, ``region0`` on, ``history`` and ``ends`` (spikes
of the last steps, the latest first, and where each step's end), ``spikes`` of every group, and of a
network with short-term plasticity ``sent``: the efficacies of the spikes in the history, rows by
rows, step by step.
"""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from golden.command.archive import DAMAGE, Shapes, packed, unpacked
from golden.command.atomic import write_atomically
from golden.network.digest import digest
from golden.network.interface import Phase, extents
from golden.network.placement import Placement
from golden.network.placement.chronicle import Chronicle
from golden.network.state import NetworkState
from golden.network.timing.memories import Memories
from sim.jobs.network import NetworkFigures, Standing

FORMAT, VERSION = "goldspike-lockstep", 2
COUNTS = ("cycles", "loading", "arrivals", "spikes", "entered")


class NetworkCheckpoint:
    """The file of one run.

    Parameters
    ----------
    placement : Placement
        What is run; a file of anything else is refused.
    """

    def __init__(self, path: Path, placement: Placement):
        self._path, self._placement = path, placement
        self._plastic = bool(placement.axons.plastic)
        self._run = {
            "format": FORMAT,
            "version": VERSION,
            "network": replace(placement.blueprint, rewards=()).sha256(),
            "chip": digest(placement.chip),
        }

    def save(self, progress: Standing) -> None:
        """Write it, whole or not at all."""
        figures, memories = progress.figures, progress.memories
        counted = {name: getattr(figures, name) for name in COUNTS}
        told = {
            "step": progress.step,
            "rewards": self._rewards(progress.step),
            "figures": {**counted, "phases": dict(figures.phases)},
        }
        members = {f"region{k}": memories.words(k) for k in range(len(memories.extents))}
        chronicle = progress.chronicle
        members["history"] = np.concatenate([np.zeros(0, np.int64), *chronicle.history])
        members["ends"] = np.cumsum([len(now) for now in chronicle.history], dtype=np.int64)
        members["spikes"] = np.array(chronicle.spikes, np.int64)
        if self._plastic:
            sent = [part for r in chronicle.releases if r for part in r.sent]
            members["sent"] = np.concatenate([np.zeros(0, np.int64), *sent])
        write_atomically(self._path, packed({**self._run, **told}, members))

    def load(self) -> Standing:
        """Read it.

        Raises
        ------
        ValueError
            If it is of another run, or damaged.
        """
        try:
            meta, members = unpacked(self._path.read_bytes(), self._shapes)
            return self._progress(meta, members)
        except (*DAMAGE, KeyError) as error:
            raise ValueError(f"{self._path} must be a checkpoint of this run: {error}") from error

    def _rewards(self, step: int) -> str:
        """Return the hash of what was given before a step: later rewards may be others."""
        told = [(r, int(np.searchsorted(r.steps, step))) for r in self._placement.blueprint.rewards]
        return digest([replace(r, steps=r.steps[:n], amounts=r.amounts[:n]) for r, n in told if n])

    def _shapes(self, meta: dict[str, Any]) -> Shapes:
        for name, value in self._run.items():
            if meta.get(name) != value:
                raise ValueError(f"{name} must be {value}, not {meta.get(name)}")
        step = int(meta["step"])
        if meta["rewards"] != self._rewards(step):
            raise ValueError(f"rewards before step {step} must be those of the checkpoint")
        sizes = [words for words, _ in extents(self._placement.chip)]
        return {
            **{f"region{k}": (words,) for k, words in enumerate(sizes)},
            "history": (None,),
            "ends": (None,),
            "spikes": (len(self._placement.blueprint.groups),),
            **({"sent": (None,)} if self._plastic else {}),
        }

    def _progress(self, meta: dict[str, Any], members: dict[str, Any]) -> Standing:
        memories = Memories(self._placement.chip)
        memories.load({k: members[f"region{k}"] for k in range(len(memories.extents))})
        figures, told = NetworkFigures(), meta["figures"]
        for name in COUNTS:
            setattr(figures, name, int(told[name]))
        figures.phases = Counter({p.name: int(told["phases"].get(p.name, 0)) for p in Phase})
        step = int(meta["step"])
        if step != memories.registers["step"]:
            raise ValueError(f"step must be {memories.registers['step']}, not {step}")
        return Standing(step, memories, self._chronicle(members), figures)

    def _chronicle(self, members: dict[str, Any]) -> Chronicle:
        """Return what was heard; what plastic axons know by themselves is in their regions."""
        blueprint = self._placement.blueprint
        found = Chronicle.of(blueprint, NetworkState.start(blueprint))
        found.history = np.split(members["history"], members["ends"])[:-1]
        found.spikes, sent = members["spikes"].tolist(), members.get("sent")
        for rows, release in zip(blueprint.rows, found.releases, strict=True):
            if release:
                group = blueprint.groups[rows.source]
                counts = [len(group.within(now)) for now in found.history]
                *release.sent, sent = np.split(sent, np.cumsum(counts, dtype=np.int64))
        return found
