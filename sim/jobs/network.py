# amaranth: UnusedElaboratable=no
"""What is done to a network core, piece by piece: load a network, run steps, read it back."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from golden.network.engine.engine import Engine
from golden.network.interface import BusRequest, Phase, Region, extents
from golden.network.placement import Placement
from golden.network.placement.able import timely
from golden.network.placement.chronicle import Chronicle
from golden.network.placement.contents import contents
from golden.network.placement.events import externals, halts, rewarding, writes
from golden.network.placement.loading import network_state, recorded, state_words
from golden.network.reward import due
from golden.network.state import NetworkState
from golden.network.timing.memories import Memories
from golden.numbers.formats import Array
from hdl.network.core import NetworkCore
from sim.jobs.job import Job, Stalls
from sim.jobs.network_prediction import NetworkPrediction
from sim.records.comparison import Figures, Piece

REQUESTS = 20_000
CYCLES = 200_000
"""In one piece of a run, about."""


class NetworkFigures(Figures):
    """What happens in a network core."""

    def __init__(self):
        self.phases: Counter[str] = Counter()
        """Cycles by phase, without those of loading."""
        self.cycles = self.loading = self.arrivals = self.spikes = self.entered = 0
        """Cycles, and those of loading; arrivals, spikes, neurons that entered a pipeline."""
        self.answers: NDArray[np.int64] = np.zeros(0, np.int64)
        """Responses of the last piece."""
        self.told: tuple[Array, Array] = (self.answers, self.answers)
        """Spikes of the last piece: steps, and neurons."""

    def add(self, piece: Piece, rows: NDArray[np.void]) -> None:
        """Count the rows (n,) of a piece that are equal."""
        answered = piece.stimulus.taken(rows, "response")
        self.answers = rows["response"][answered].astype(np.int64)
        spiked = rows[piece.stimulus.taken(rows, "spikes")]
        self.told = spiked["step"].astype(np.int64), spiked["neuron"].astype(np.int64)
        self.cycles += len(rows)
        self.spikes += len(spiked)
        self.arrivals += int(np.count_nonzero(rows["arrive"]))
        if piece.task == "load":
            self.loading += len(rows)
            return
        for number, cycles in enumerate(np.bincount(rows["phase"]).tolist()):
            self.phases[Phase(number).name] += cycles


@dataclass
class Standing:
    """How far a run has come."""

    step: int
    """Steps that are done."""
    memories: Memories
    """As they were at the last check."""
    chronicle: Chronicle
    """Of its spikes."""
    figures: NetworkFigures
    """Of all runs, of which this may be a continuation."""


@dataclass(frozen=True, slots=True)
class Check:
    """A state that was read back."""

    step: int
    got: str
    expected: str
    """Its hash in the engine."""
    lost: int = 0
    """Spikes on their way that the queue had no place for; no state shows them yet."""

    @property
    def equal(self) -> bool:
        """They are the same, and go on to be."""
        return self.got == self.expected and not self.lost


@dataclass
class NetworkJob(Job[NetworkFigures]):
    """One lock-step.

    Parameters
    ----------
    steps : int
        The last one is this step, less 1.
    every : int
        After so many steps the state is read back, and at the end.
    keep : callable
        Is told how far it has come after every check.
    learning : booleans, optional
        Of all rows whether they learn; without, all that have a rule do.

    Raises
    ------
    ValueError
        If there are more steps than a chip that learns can tell ages of.
    """

    placement: Placement
    steps: int
    every: int
    keep: Callable[[Standing], object] = lambda _: None
    learning: Sequence[bool] | None = None
    checks: list[Check] = field(default_factory=list)
    """States that were read back."""

    def __post_init__(self):
        blueprint, chip = self.placement.blueprint, self.placement.chip
        timely(chip, self.steps)
        self._outside = [
            group
            for group, tenant in zip(blueprint.groups, self.placement.tenants, strict=True)
            if not tenant
        ]
        self._state = NetworkState.start(blueprint)
        if self.learning is not None:
            self._state.learn(self.learning)
        state = state_words(self.placement, self._state)
        self._contents: Mapping[int, NDArray] = contents(self.placement) | state
        chronicle = Chronicle.of(blueprint, self._state)
        self._now = Standing(0, Memories(chip), chronicle, NetworkFigures())

    def go_on(self, progress: Standing) -> None:
        """Begin where another run has come to.

        Raises
        ------
        ValueError
            If that is farther than this one is to come.
        """
        if progress.step >= self.steps:
            raise ValueError(
                f"a run must go on for more than {progress.step} steps, not {self.steps}"
            )
        memories = progress.memories
        words = {k: memories.words(k).astype(np.uint32) for k in range(len(memories.extents))}
        # A checkpoint does not say who learns: that is how this job began, and stays so.
        heard = replace(progress.chronicle, still=self._now.chronicle.still)
        self._state = network_state(self.placement, words, heard)
        chronicle = Chronicle.of(self.placement.blueprint, self._state)
        self._contents, self._now = words, replace(progress, chronicle=chronicle)

    @property
    def totals(self) -> dict[str, int]:
        """Words, and steps."""
        return {"load": sum(map(len, self._contents.values())), "run": self.steps}

    def core(self) -> NetworkCore:
        """Return the gates."""
        return NetworkCore(self.placement.chip)

    def figures(self) -> NetworkFigures:
        """Return what counts what happens."""
        return self._now.figures

    def pieces(self, stalls: Stalls) -> Iterator[Piece]:
        """Predict the whole run; it ends with the first state that is not the engine's."""
        prediction = NetworkPrediction(self.placement.chip, stalls)
        yield from _requests(self._load(), prediction)
        engine, now = Engine(self.placement.blueprint, self._state), self._now
        changed = halts(self.placement)
        while now.step < self.steps:
            if now.step and now.step in changed:
                asked = writes(self.placement, now.step)
                yield Piece("run", now.step, *prediction.requests(asked))
            yield from self._rewards(prediction)
            stop = self._stop(prediction.steps_within(CYCLES), changed)
            items = [(x.end, x.value) for x in externals(self.placement, now.step, stop)]
            yield Piece("run", stop, *prediction.steps(stop - now.step, items))
            same = self._take(stop, engine.spikes(stop - now.step))
            if stop % self.every == 0 or stop == self.steps or not same:
                yield from self._check(prediction, engine.state().sha256())
                if not self.checks[-1].equal:
                    return
                self.keep(now)

    def _load(self) -> Iterator[BusRequest]:
        for region, words in self._contents.items():
            for index, word in enumerate(words.tolist()):
                yield BusRequest(1, region, index, word)

    def _stop(self, most: int, changed: Array) -> int:
        """Return the step before which the next piece ends."""
        step = self._now.step
        ends = [self.steps, step + most, step + self.every - step % self.every]
        return min(*ends, *changed[changed > step][:1].tolist())

    def _rewards(self, prediction: NetworkPrediction) -> Iterator[Piece]:
        """Give the rewards of a step, each received by a start of no steps."""
        step = self._now.step
        for group, amounts in due(self.placement.blueprint, step):
            if asked := rewarding(self.placement, self._state.learning, group, amounts):
                yield Piece("run", step, *prediction.requests(asked))
                yield Piece("run", step, *prediction.steps(0, ()))

    def _take(self, stop: int, expected: tuple[Array, Array]) -> bool:
        """Remember what a piece has told; return whether these are the engine's spikes."""
        now = self._now
        steps, neurons = now.figures.told
        for step in range(now.step, stop):
            for group in self._outside:
                assert group.source is not None
                told = group.first + group.source.spikes(step, [], group.index)
                steps = np.append(steps, np.full(len(told), step))
                neurons = np.append(neurons, told)
        order = np.lexsort((neurons, steps))
        steps, neurons = steps[order], neurons[order]
        now.chronicle.hear(now.step, stop, steps, neurons)
        cells = sum(tenant.group.size for tenant in self.placement.placed)
        now.figures.entered += cells * (stop - now.step)
        now.step = stop
        return all(map(np.array_equal, (steps, neurons), expected))

    def _check(self, prediction: NetworkPrediction, expected: str) -> Iterator[Piece]:
        """Read registers and words of cells back; of the queue the record shows every entry."""
        chip, now = self.placement.chip, self._now
        last = len(Region) + len(chip.words)
        sizes = [words for words, _ in extents(chip)]
        known = recorded(self.placement)
        regions = [int(r) for r in (Region.REGISTERS, *range(len(Region), last), *known)]
        reads = [BusRequest(0, region, k) for region in regions for k in range(sizes[region])]
        answers: list[NDArray[np.int64]] = []
        for piece in _requests(iter(reads), prediction, now.step):
            yield piece
            answers.append(now.figures.answers)
        ends = np.cumsum([sizes[region] for region in regions])
        found = np.split(np.concatenate(answers), ends[:-1])
        now.memories = prediction.memories
        got = self._hash(dict(zip(regions, found, strict=True)))
        self.checks.append(Check(now.step, got, expected, now.memories.registers["lost"]))

    def _hash(self, words: Mapping[int, NDArray[np.int64]]) -> str:
        read = {region: found.astype(np.uint32) for region, found in words.items()}
        return network_state(self.placement, read, self._now.chronicle).sha256()


def _requests(
    requests: Iterator[BusRequest], prediction: NetworkPrediction, step: int | None = None
) -> Iterator[Piece]:
    """Predict requests: of loading, or after a step."""
    done = 0
    while some := list(islice(requests, REQUESTS)):
        done += len(some)
        task, at = ("load", done) if step is None else ("run", step)
        yield Piece(task, at, *prediction.requests(some))
