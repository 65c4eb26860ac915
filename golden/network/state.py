"""What a network knows between two steps; its hash is the same in every engine."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from golden.network.blueprint import Blueprint
from golden.network.learning import LearningState
from golden.network.release import ReleaseState
from golden.numbers.formats import Array


@dataclass(slots=True)
class NetworkState:
    """Everything that the next step depends on, and what has been counted."""

    step: int
    """Steps that have been done; the number of the next one."""
    words: list[dict[str, Array]]
    """State variables of every group, each of shape (neurons,); empty for a source."""
    history: list[Array]
    """Spikes of the last steps, the latest first: neurons, ascending. As long as the longest
    delay, or as the run so far."""
    saturated: list[dict[str, int]]
    """Of every group, cases by state variable and receptor."""
    first_saturated: list[dict[str, int]]
    """Of every group, the step of the first case, of those that have one."""
    releases: list[ReleaseState | None]
    """Of all rows, in their order; None where plasticity is not short-term."""
    learned: list[LearningState | None]
    """Of all rows; None where no rule changes them."""
    spikes: list[int] = field(default_factory=list)
    """Of every group, so far."""

    @classmethod
    def start(cls, blueprint: Blueprint) -> "NetworkState":
        """Return the state before step 0."""
        words = [
            {s.name: np.broadcast_to(s.start, (g.size,)).copy() for s in g.program.states}
            if g.program
            else {}
            for g in blueprint.groups
        ]
        counted = [
            dict.fromkeys(g.program.counters(), 0) if g.program else {} for g in blueprint.groups
        ]
        releases = [
            ReleaseState.start(r.release, blueprint.groups[r.source].size) if r.release else None
            for r in blueprint.rows
        ]
        learned = [
            LearningState.start(r, blueprint.groups[r.target].size) if r.learning else None
            for r in blueprint.rows
        ]
        nothing = [{} for _ in blueprint.groups]
        return cls(0, words, [], counted, nothing, releases, learned, [0] * len(blueprint.groups))

    def sha256(self) -> str:
        """Return the hash of the state: the same bits give the same hash in every engine.

        Hashed are, each int64 little-endian: the step; of every group its state variables in the
        order of the program; of every step of the history the number of spikes, then the spikes;
        of all rows with short-term plasticity x, u and last, then the efficacies of every step; of
        all rows that can learn whether they do, 0 or 1, and their words, traces and last steps.
        """
        digest = hashlib.sha256(np.int64(self.step).astype("<i8").tobytes())
        for group in self.words:
            for values in group.values():
                digest.update(values.astype("<i8").tobytes())
        for spikes in self.history:
            digest.update(np.int64(len(spikes)).astype("<i8").tobytes())
            digest.update(spikes.astype("<i8").tobytes())
        for r in self.releases:
            for values in (r.x, r.u, r.last, *r.sent) if r else ():
                digest.update(values.astype("<i8").tobytes())
        for learned in self.learned:
            for values in learned.arrays() if learned else ():
                digest.update(values.astype("<i8").tobytes())
        return digest.hexdigest()

    def learn(self, wanted: Sequence[bool]) -> None:
        """Say of all rows whether they learn from here on."""
        for learned, on in zip(self.learned, wanted, strict=True):
            if learned:
                learned.on = on

    @property
    def learning(self) -> tuple[bool, ...]:
        """Of all rows whether they learn."""
        return tuple(bool(learned and learned.on) for learned in self.learned)

    @property
    def overflows(self) -> int:
        """All cases of saturation."""
        return sum(cases for group in self.saturated for cases in group.values())
