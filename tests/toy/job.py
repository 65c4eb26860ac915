"""A lock-step of the toy core."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from golden.cycles.stimulus import Stimulus
from sim.jobs.job import Job, Stalls
from sim.records.comparison import Figures, Piece
from tests.toy.core import ToyCore
from tests.toy.interface import Phase, ToyParams, streams
from tests.toy.model import ToyModel, predicted

N_PIECES, N_ITEMS = 4, 12


class ToyFigures(Figures):
    """What was seen."""

    def __init__(self):
        self.phases: set[int] = set()
        self.sums: list[int] = []

    def add(self, piece: Piece, rows: NDArray[np.void]) -> None:
        """Remember phases, and what folding came to."""
        self.phases |= set(rows["phase"].tolist())
        self.sums += rows["sum"][piece.stimulus.taken(rows, "done")].tolist()


class ToyJob(Job[ToyFigures]):
    """Requests and foldings at random, in pieces that end in IDLE."""

    def __init__(self, p: ToyParams, seed: int, core: type[ToyCore] = ToyCore):
        self.p, self._random, self._core = p, np.random.default_rng(seed), core
        self.model = ToyModel(p)

    @property
    def totals(self) -> Mapping[str, int]:
        """Pieces."""
        return {"fold": N_PIECES}

    def core(self) -> ToyCore:
        """Return the gates."""
        return self._core(self.p)

    def figures(self) -> ToyFigures:
        """Return what remembers what was seen."""
        return ToyFigures()

    def pieces(self, stalls: Stalls) -> Iterator[Piece]:
        """Predict all pieces."""
        random = self._random
        for done in range(1, N_PIECES + 1):
            bus = []
            for _ in range(N_ITEMS):
                region = int(random.integers(2))
                index = int(random.integers((2, self.p.length)[region]))
                bus.append((int(random.integers(2)), region, index, int(random.integers(1 << 32))))
            counts = [(int(count),) for count in random.integers(0, self.p.length + 1, N_ITEMS)]
            n_cycles = round(N_ITEMS * (self.p.length + 9) * stalls.slowness)
            go = {name: stalls.draw(n_cycles) for name in streams(self.p)}
            stimulus = Stimulus({"bus": bus, "go": counts}, go)
            rows = predicted(self.model, stimulus)
            assert rows["phase"][-1] == Phase.IDLE
            yield Piece("fold", done, stimulus, rows)
