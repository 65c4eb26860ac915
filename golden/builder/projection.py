"""What a connection is to whoever looks at it: what it has learned, and whether it learns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from golden.network.blueprint import Blueprint
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
    def pre(self) -> NDArray[np.int64]:
        """Numbers in the whole network of the presynaptic neurons."""
        blueprint, _ = self._now()
        return self._joined([
            np.repeat(blueprint.groups[r.source].index, np.diff(r.start))
            for r in blueprint.rows
            if r.connection == self.number
        ])

    @property
    def post(self) -> NDArray[np.int64]:
        """The same of the postsynaptic neurons."""
        blueprint, _ = self._now()
        return self._joined([
            blueprint.groups[r.target].first + r.post.astype(np.int64)
            for r in blueprint.rows
            if r.connection == self.number
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

    def _words(self, name: str) -> list[NDArray[np.float64]]:
        blueprint, state = self._now()
        found = []
        for rows, learned in zip(blueprint.rows, state.learned, strict=True):
            if rows.connection != self.number:
                continue
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
