"""What a connection is to whoever looks at it: what it has learned, and whether it learns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.cells.program import Scale
from golden.network.blueprint import Blueprint, Rows
from golden.network.state import NetworkState


class Projection:
    """Synapses of one `Network.connect`; arrays have an entry a synapse, in the network's order.

    ``learning`` may be set between two runs: if it is False, nothing that its rule has learned or
    keeps changes.
    """

    def __init__(self, name: str, number: int, now: Callable[[], tuple[Blueprint, NetworkState]]):
        self.name, self.number, self.learning = name, number, True
        self._now = now

    def __repr__(self) -> str:
        return f"Projection({self.name!r})"

    @property
    def rows(self) -> dict[int, Rows]:
        """Its rows, by their numbers among all of the network."""
        blueprint, _ = self._now()
        return {k: r for k, r in enumerate(blueprint.rows) if r.connection == self.number}

    @property
    def pre(self) -> NDArray[np.int64]:
        """Numbers in the whole network of the presynaptic neurons."""
        blueprint, _ = self._now()
        return self._joined([
            np.repeat(blueprint.groups[r.source].index, np.diff(r.start))
            for r in self.rows.values()
        ])

    @property
    def post(self) -> NDArray[np.int64]:
        """The same of the postsynaptic neurons."""
        blueprint, _ = self._now()
        return self._joined([
            blueprint.groups[r.target].first + r.post.astype(np.int64) for r in self.rows.values()
        ])

    @property
    def weights(self) -> NDArray[np.float64]:
        """After the steps so far, in the receptor's unit; only to be read."""
        found = self._joined(self._words("w"), float)
        found.flags.writeable = False
        return found

    def variable(self, name: str) -> NDArray[np.float64]:
        """Return a variable of its rule after the steps so far.

        Raises
        ------
        ValueError
            If it has none of that name.
        """
        return self._joined(self._words(name), float)

    def __getitem__(self, which: Any) -> SynapseSelection:
        """Choose some synapses, by a slice, or an array of numbers or of truths."""
        count = sum(rows.synapses for rows in self.rows.values())
        return SynapseSelection(self, np.atleast_1d(np.arange(count)[which]))

    def words(self, name: str) -> list[tuple[int, Scale]]:
        """Return which rows keep a word, and what its integers mean there.

        Raises
        ------
        ValueError
            If it learns nothing, or has no such word.
        """
        found = []
        for k, rows in self.rows.items():
            if rows.learning is None:
                raise ValueError(f"{self.name} must learn, or there is nothing to record")
            found.append((k, rows.learning.word(name).scale))
        return found

    def units(self, name: str) -> NDArray[np.float64]:
        """Return what 1 is in a word of each synapse, in the receptor's unit."""
        rows = self.rows
        each = [s.quantity(np.ones(rows[k].synapses, np.int64)) for k, s in self.words(name)]
        return self._joined(each, float)

    def _words(self, name: str) -> list[NDArray[np.float64]]:
        blueprint, state = self._now()
        found = []
        for k, rows in self.rows.items():
            learned = state.learned[k]
            if rows.learning and learned:
                word = rows.learning.word(name)
                found.append(word.scale.quantity(learned.words[name]))
            elif name == "w":
                scale = blueprint.groups[rows.target].receptor(rows.receptor).scale
                found.append(scale.quantity(rows.weight))
            else:
                raise ValueError(f"a variable of {self.name} must be w, not {name}")
        return found

    @staticmethod
    def _joined(parts: list, kind: type = int) -> NDArray:
        return np.concatenate([np.zeros(0, kind), *parts])


@dataclass(frozen=True, eq=False)
class SynapseSelection:
    """Some synapses of a connection, to be recorded."""

    projection: Projection
    which: NDArray[np.int64]
    """Their numbers in it."""
