"""What synapses learn as words of a chip, and back: "Learning" in `docs/network-hardware.md`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from golden.network.blueprint import Rows
from golden.network.chip import unit
from golden.network.learning import LearningState
from golden.network.placement.placement import Placement
from golden.network.release import NEVER
from golden.network.rules.interface import LAST_BITS, OFF, REWARD_BITS, learned_bits
from golden.network.rules.learner import LearningUnit
from golden.network.rules.words import REWARD, LearnedWord
from golden.network.state import NetworkState
from golden.numbers.formats import Array, Fmt

AMOUNT = (1 << REWARD_BITS) - 1

LAST = (1 << LAST_BITS) - 1
SPIKED = 1 << LAST_BITS
"""Beside the step of a last event: there was one."""


@dataclass(frozen=True)
class Pupils:
    """Rows that learn, and where what they know lies in the memories of their chip."""

    placement: Placement
    rows: Rows
    number: int
    """Of the rows in the network."""

    @cached_property
    def synapses(self) -> tuple[Array, Array]:
        """Addresses of its synapses, and which each is among them."""
        synapses = self.placement.chains.synapses
        at = np.flatnonzero(synapses.learner == self.number)
        return at, synapses.place[at]

    @cached_property
    def runs(self) -> tuple[Array, Array]:
        """Of every synapse the address of its run, and which that is of those that the rows have.

        A run of the chip is a part of what one run has of all rows with one source and inlet.
        """
        at, place = self.synapses
        runs = np.searchsorted(self.placement.runs.synapse, at, "right") - 1
        return runs, np.searchsorted(self.rows.runs(), place, "right") - 1

    @property
    def posts(self) -> slice:
        """Places of its targets."""
        tenant = self.placement.tenants[self.rows.target]
        assert tenant is not None
        first = self.placement.chip.place_bases[tenant.kind] + tenant.slot
        return slice(first, first + tenant.group.size)


def pupils(placement: Placement) -> Iterator[Pupils]:
    """Yield all rows that learn."""
    for number, rows in enumerate(placement.blueprint.rows):
        if rows.learning:
            yield Pupils(placement, rows, number)


def synapse_numbers(placement: Placement) -> Array:
    """Return the number of every synapse that learns, counted through all that do."""
    found = np.zeros(placement.chains.learning, np.int64)
    for pupil in pupils(placement):
        at, which = pupil.synapses
        assert pupil.rows.learning
        found[at] = pupil.rows.learning.first + which
    return found


def used(placement: Placement) -> dict[str, int]:
    """Return how many words a network uses of every region, by name."""
    learner = unit(placement.chip)
    runs, posts = _sides(learner)
    synapses = dict.fromkeys(_learned(learner), placement.chains.learning)
    sizes = dict.fromkeys(runs, placement.runs.learning)
    places = [*posts, *_of_rewards(learner)]
    return sizes | dict.fromkeys(places, placement.chip.places) | synapses


def learning_words(placement: Placement, state: NetworkState) -> dict[str, Array]:
    """Return what synapses, their runs and their targets know, by region.

    Raises
    ------
    ValueError
        If rows with one source or target do not know the same of it, or some whose synapses share
        a run learn and others do not.
    """
    learner = unit(placement.chip)
    found = {name: np.zeros(size, np.int64) for name, size in used(placement).items()}
    every = list(pupils(placement))
    _refuse_divided(every, state)
    for pupil in every:
        for name, at, values in _known(learner, pupil, _state(state, pupil)):
            found[name][at] = values
    for pupil in every:
        for name, at, values in _known(learner, pupil, _state(state, pupil)):
            if not np.array_equal(found[name][at], values):
                raise ValueError(
                    f"rows that share a source or a target must know the same spikes of it on a "
                    f"chip, and {pupil.rows.name} does not"
                )
    return found


def _known(
    learner: LearningUnit, pupil: Pupils, learned: LearningState
) -> Iterator[tuple[str, Array | slice, Array]]:
    """Yield what rows know: a region, which of its words, and these."""
    at, which = pupil.synapses
    for region, words in zip(_learned(learner), learned.words.values(), strict=False):
        yield region, at, words[which]
    at, which = pupil.runs
    (lasts, *traces), (post_lasts, *post_traces) = _sides(learner)
    if not learned.on:
        # Whatever else they know stays as it is: the host keeps it (`Chronicle`).
        yield lasts, at, np.full(len(at), OFF)
        return
    yield lasts, at, _lasts(learned.arrived)[which]
    yield post_lasts, pupil.posts, _lasts(learned.spiked)
    for region, trace in _own(traces, learner, "pre", learned):
        yield region, at, learned.traces[trace][which]
    for region, trace in _own(post_traces, learner, "post", learned):
        yield region, pupil.posts, learned.traces[trace]
    if learner.rewarded:
        rewards, reward_lasts, *marks = _of_rewards(learner)
        yield rewards, pupil.posts, learned.reward & AMOUNT
        yield reward_lasts, pupil.posts, np.resize(_lasts(learned.rewarded), len(learned.reward))
        for region, trace in zip(marks, learner.side(REWARD), strict=True):
            yield region, pupil.posts, learned.traces[trace.name] & AMOUNT


def _own(
    regions: list[str], learner: LearningUnit, side: str, learned: LearningState
) -> list[tuple[str, str]]:
    """Return regions and names of those added traces of a side that the rule of rows has."""
    named = zip(regions, (word.name for word in learner.side(side)), strict=True)
    return [(region, name) for region, name in named if name in learned.traces]


def _refuse_divided(every: list[Pupils], state: NetworkState) -> None:
    """Refuse runs of which some synapses learn and others do not."""
    on = [pupil for pupil in every if _state(state, pupil).on]
    off = [pupil for pupil in every if not _state(state, pupil).on]
    for one, other in product(on, off):
        if np.intersect1d(one.runs[0], other.runs[0]).size:
            raise ValueError(
                f"rows whose synapses share a run of a chip must all learn, or none, not "
                f"{one.rows.name} while {other.rows.name} does not"
            )


def relearned(
    placement: Placement,
    state: NetworkState,
    words: Mapping[str, Array],
    kept: Sequence[LearningState | None],
) -> None:
    """Let rows know what words of a chip say, by region; ``kept`` is of those that are off."""
    learner, before = unit(placement.chip), state.step - 1
    (lasts, *traces), (post_lasts, *post_traces) = _sides(learner)
    for pupil in pupils(placement):
        learned = _state(state, pupil)
        at, which = pupil.synapses
        for (region, word), own in zip(_learned(learner).items(), learned.words, strict=False):
            sign = 1 << (learned_bits(word) - 1) if word.low < 0 else 0
            learned.words[own][which] = (words[region][at] ^ sign) - sign
        if still := kept[pupil.number]:
            state.learned[pupil.number] = still.having(learned.words)
            continue
        at, which = pupil.runs
        learned.arrived[which] = _steps(words[lasts][at], before)
        learned.spiked[:] = _steps(words[post_lasts][pupil.posts], before)
        for region, trace in _own(traces, learner, "pre", learned):
            learned.traces[trace][which] = words[region][at]
        for region, trace in _own(post_traces, learner, "post", learned):
            learned.traces[trace][:] = words[region][pupil.posts]
        if learner.rewarded:
            _recall_rewards(learner, pupil, learned, words, state.step)


def _recall_rewards(
    learner: LearningUnit,
    pupil: Pupils,
    learned: LearningState,
    words: Mapping[str, Array],
    step: int,
) -> None:
    """Let rows know their rewards: the last one may be of the step that comes next."""
    rewards, lasts, *marks = _of_rewards(learner)
    learned.reward[:] = Fmt(REWARD_BITS, True).wrap(words[rewards][pupil.posts])
    learned.rewarded[:] = _steps(words[lasts][pupil.posts][:1], step)
    for region, trace in zip(marks, learner.side(REWARD), strict=True):
        learned.traces[trace.name][:] = Fmt(REWARD_BITS, True).wrap(words[region][pupil.posts])


def learning_registers(placement: Placement, state: NetworkState) -> dict[str, int]:
    """Return the registers of a chip that learns, by name."""
    every = list(pupils(placement))
    on = any(_state(state, pupil).on for pupil in every)
    found = {"learn": int(on), "learned": placement.runs.learning}
    periods = [pupil.rows.learning.period for pupil in every if pupil.rows.learning]
    if period := max(periods, default=0):
        found |= {"period": period, "until": period - state.step % period}
    return found


def _state(state: NetworkState, pupil: Pupils) -> LearningState:
    learned = state.learned[pupil.number]
    assert learned is not None
    return learned


def _sides(learner: LearningUnit) -> tuple[list[str], list[str]]:
    """Return the regions of runs and of places, that of last steps first."""
    found = []
    for owner, side in (("run", "pre"), ("post", "post")):
        traces = (f"{owner}_trace_{i}" for i in range(len(learner.side(side))))
        found.append([f"{owner}_lasts", *traces])
    return found[0], found[1]


def _of_rewards(learner: LearningUnit) -> list[str]:
    """Return the regions of rewards: the last ones, their steps, traces."""
    traces = (f"reward_trace_{i}" for i in range(len(learner.side(REWARD))))
    return ["rewards", "reward_lasts", *traces] if learner.rewarded else []


def _learned(learner: LearningUnit) -> dict[str, LearnedWord]:
    """Return the word of every region of learned words."""
    return {f"learned_{word.name}": word for word in learner.words}


def _lasts(steps: Array) -> Array:
    """Return steps as words, `NEVER` as 0."""
    return np.where(steps >= 0, SPIKED | steps & LAST, 0)


def _steps(words: Array, before: int) -> Array:
    """Return words as steps up to one."""
    return np.where(words >= SPIKED, before - ((before - words) & LAST), NEVER)
