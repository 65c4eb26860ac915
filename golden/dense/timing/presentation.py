"""One presentation on the grid: the stages of `golden.dense.core`, each in its cycles."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.cycles.track import Track
from golden.dense import classifier, homeostasis, membrane, reward, wta
from golden.dense.declaration import DATA
from golden.dense.interface import Phase
from golden.dense.receptive_field import receptive_field
from golden.dense.timing.costs import LATENCY, LOOK_LATENCY, costs, election, search_cycles
from golden.dense.timing.election import searched
from golden.dense.timing.ending import Ending
from golden.dense.timing.lessons import Lessons, draws
from golden.dense.timing.machine import Machine
from golden.dense.timing.record import DenseGrid
from golden.dense.timing.source import Source, Walk
from golden.dense.wta import NOBODY, NOTHING, THRESHOLD

DROP_BITS = 8


class Laid(NamedTuple):
    """A presentation that lies on the grid."""

    end: int
    """First cycle of RESULT."""
    step: int
    """Shown from then on."""
    filling: int
    """First cycle in which the receptive field fills again."""
    spikes: tuple[int, ...]
    """Neurons in order of their spikes."""
    label: int
    """The answer; 0 when learning."""


def lay(
    machine: Machine,
    grid: DenseGrid,
    start: int,
    image: NDArray[np.int64],
    learn: bool,
    label: int,
) -> Laid:
    """Lay a presentation of an image (height * width,) on a grid, from cycle ``start`` on.

    Changes the machine. The rules that are not written here are those of `golden.dense`, stage by
    stage.

    Raises
    ------
    ValueError
        If the core cannot run with the parameters in its registers.
    """
    return _Laying(machine, grid, start, learn, label).run(image)


class _Laying:
    """What a presentation has come to, phase by phase."""

    def __init__(self, machine: Machine, grid: DenseGrid, start: int, learn: bool, label: int):
        self.p = p = machine.params()
        self.costs = costs(p)
        self.machine, self.map, self.grid, self.learn = machine, machine.map, grid, learn
        self.track = Track(grid, start)
        self.lessons = Lessons(p, self.costs, machine, self.track)
        self.ending = Ending(p, self.costs, machine, self.track)
        self.taught = learn and p.reward != "none"
        self.right = (machine.classes == label) & self.taught
        self.words = np.arange(p.n_words)
        shape = (p.n_words, p.n_lanes)
        self.all_lanes = np.ones(shape, dtype=np.bool_)
        self.v = np.zeros(shape, dtype=np.int64)
        self.barred = np.zeros(shape, dtype=np.bool_)
        self.frozen = np.zeros(shape, dtype=np.bool_)
        self.spikes: list[int] = []
        self.reach = max(p.v_reset, 0)
        """No ``v`` exceeds it."""
        self.winners: list[int] = []
        self.filling = 0
        """First cycle in which the receptive field fills again."""

    def run(self, image: NDArray[np.int64]) -> Laid:
        """Lay it; once."""
        p, track = self.p, self.track
        self._steps(Source(p, receptive_field(p, image), track.now))
        label = 0 if self.learn else classifier.decide(p, self.machine.votes, self.spikes)
        return Laid(track.now, track.step, self.filling, tuple(self.spikes), label)

    def _steps(self, source: Source) -> None:
        p, peak = self.p, 0
        self.filling = self.track.now + p.n_axons
        if p.activity_gain:
            peak = self._dry(source)
        base = homeostasis.base_threshold(p, peak)
        gate = self._clear()
        for t in range(p.n_steps):
            self._leak()
            walk = source.step(t, gate, self.track.now, self.costs.one_pass)
            if t == 0 and not p.activity_gain and p.n_axons > 1:
                self.filling = int(walk.entries[-2]) + 1
            self._integrate(walk, t, scan=t == 0 and not p.activity_gain)
            winner = self._compete(walk, t, base)
            self.winners.append(winner)
            self.track.spend(Phase.ENDSTEP, self.costs.endstep)
            if self._ends(t, winner):
                break
            gate = self.track.now
            self.track.step = t + 1
            self._settle(t, winner)
        self.lessons.finish()
        self.ending.lay(self.learn, self.spikes)

    def _dry(self, source: Source) -> int:
        cycles, peak = source.dry_run()
        start = self.track.spend(Phase.DRY, cycles)
        if self.learn:
            axons = np.arange(self.p.n_axons)
            self.grid.last(start + 1 + axons, axons, 0)
            self.machine.last[:] = 0
        return peak

    def _clear(self) -> int:
        """CLEAR; return its first cycle."""
        p, issued = self.p, self.words
        start = self.track.now
        if self.learn and p.drop_chance:
            drawn = draws(self.machine.registers["lfsr"], p.n_neurons)
            self.grid.follow("lfsr", start + 1 + np.arange(len(drawn)), drawn)
            self.machine.registers["lfsr"] = int(drawn[-1])
            dropped = (drawn >> (DATA.width - DROP_BITS)) < p.drop_chance
            self.barred.flat[: p.n_neurons] = dropped
            issued = np.minimum((self.words + 1) * p.n_lanes, p.n_neurons) - 1
        self.track.spend(Phase.CLEAR, self.costs.clear_learning if self.learn else self.costs.clear)
        self.v[:] = p.v_reset
        at = start + issued + LATENCY
        self.grid.neurons(at, 2 * self.words, self.v, self.all_lanes)
        self.grid.flags(at, self.barred, self.frozen)
        return start

    def _pass(self, phase: Phase) -> NDArray[np.int64]:
        """Spend a pass; return when the words are written, (n_words,)."""
        return self.track.spend(phase, self.costs.one_pass) + self.words + LATENCY

    def _leak(self) -> None:
        p, free = self.p, ~self.frozen
        leaked = (
            np.where(free, self.v - (self.v >> p.leak_shift), self.v) if p.leak_shift else self.v
        )
        if p.leak_shift:
            self.grid.neurons(self._pass(Phase.LEAK), 2 * self.words, leaked, free)
        lanes = free & membrane.above(p, leaked)
        self.v = membrane.leak(p, self.v, self.frozen.astype(np.int64))
        if p.leak_sub:
            self.grid.neurons(self._pass(Phase.LEAK), 2 * self.words, self.v, lanes)

    def _integrate(self, walk: Walk, t: int, scan: bool) -> None:
        p, start = self.p, self.track.now
        free = max(start, int(walk.taken[-1]) + self.costs.one_pass) if walk.axons.size else start
        self.track.spend(Phase.INTEGRATE, max(free, walk.turn) + 1 - start)
        if self.learn:
            self.machine.last[walk.axons] = t + 1
            axons = np.arange(p.n_axons) if scan else walk.axons
            if scan:
                self.machine.last[:] = np.isin(axons, walk.axons)
            self.grid.last(walk.entries if scan else walk.pushed, axons, self.machine.last[axons])
        if walk.axons.size == 0:
            return
        rows = walk.axons * p.n_words
        self.grid.mark(walk.taken, take=1, row=rows)
        at = walk.taken[:, None] + self.words
        self.grid.read(at, rows[:, None] + self.words)
        path = self._path(walk.axons)
        lanes = np.broadcast_to(~self.frozen, path.shape)
        # The membranes wait a cycle for their weights.
        at += 1 + LATENCY
        self.grid.neurons(at, np.broadcast_to(2 * self.words, at.shape), path, lanes)
        self.v = path[-1]

    def _path(self, axons: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return ``v`` after each event, (n_events, n_words, n_lanes)."""
        p = self.p
        rows = self.machine.w[axons].reshape(-1, *self.v.shape)
        path = self.v + np.cumsum(np.where(self.frozen, 0, rows), axis=0)
        if path.min() >= p.v.min and path.max() <= p.v.max:
            return path
        v, frozen = self.v, self.frozen.astype(np.int64)
        for event, row in enumerate(rows):
            v = path[event] = membrane.integrate(p, v, row, frozen)
        return path

    def _compete(self, walk: Walk, t: int, base: int) -> int:
        """Hold the step's elections and teach; return the winner."""
        p, winner, lessons = self.p, NOBODY, ()
        force = p.force_spike and not self.spikes and t == p.n_steps - 1
        offset = self.machine.registers["offset"]
        self.reach = min(self.reach + walk.axons.size * p.w.max, p.v.max)
        within = self.reach >= base - (offset >> p.offset_shift)
        if force or (walk.axons.size and within):
            m = p.n_neurons
            level = homeostasis.threshold(p, base, self.machine.theta[:m], offset)
            margin = self.v.ravel()[:m] - level
            counted = ~(self.barred | self.frozen).ravel()[:m]
            able = counted & (reward.candidates(p, self.right) | (not self.learn))
            words = searched(p, margin, counted, able, NOTHING if force else THRESHOLD)
            winner = self._elect(wta.elect(margin, able, force), words)
            if winner != NOBODY and p.ballot and not self.learn:
                self._ballot(margin, able, winner)
            if winner != NOBODY and self.learn:
                lessons = reward.lessons(p, margin, able, self.right, winner)
                if p.reward == "error":
                    self._elect_rival(margin, counted, able, winner)
        if self.learn and (winner != NOBODY or self.map.p.ltd_window):
            self.lessons.step(t, winner, lessons)
        return winner

    def _elect_rival(self, margin, counted, able, winner: int) -> None:
        """Elect the rival; behind a right winner only one that is near enough to teach."""
        others = able & (self.right != self.right[winner])
        beaten = margin[winner] - self.p.reward_margin if self.right[winner] else NOTHING
        rival = wta.elect(margin, others & (margin > beaten), force=True)
        self._elect(rival, searched(self.p, margin, counted, others, beaten), rival=True)

    def _elect(self, elected: int, words: Sequence[int], rival: bool = False) -> int:
        """COMPETE, in which these words are searched, and VERDICT."""
        p, grid = self.p, self.grid
        length = search_cycles(p)
        begins = self.track.now + 1
        for i, word in enumerate(words):
            looked = word - (words[i - 1] + 1 if i else 0)
            begins += 2 * looked + LOOK_LATENCY + 1
            if self.taught:
                k = np.arange(1, length)
                row = p.n_axons + (k + 1) % self.map.class_parts
                grid.read(begins + k, row * p.n_words + word)
            begins += length
        last = p.n_words - 1 in words
        self.track.spend(Phase.COMPETE, election(self.costs, len(words), last))
        at = self.track.spend(Phase.VERDICT, self.costs.verdict)
        if elected != NOBODY:
            grid.mark(at, elected=1, neuron=elected)
            if not rival:
                self.spikes.append(elected)
        return elected

    def _ballot(self, margin: NDArray[np.int64], able: NDArray[np.bool_], winner: int) -> None:
        """Elect the others, each time barring who was elected last."""
        p, counted = self.p, ~self.frozen.ravel()[: self.p.n_neurons]
        voters = wta.ballot(margin, able, winner, p.vote_spikes - 1)
        for elected in (*voters, NOBODY)[: p.vote_spikes - 1]:
            able = able & (np.arange(p.n_neurons) != self.spikes[-1])
            word, lane = divmod(self.spikes[-1], p.n_lanes)
            self.barred[word, lane] = True
            at = self.track.spend(Phase.BAR, self.costs.bar) + LATENCY
            self.grid.flags(at, self.barred[word], self.frozen[word])
            self._elect(elected, searched(p, margin, counted, able, NOTHING))

    def _ends(self, t: int, winner: int) -> bool:
        p = self.p
        limit = p.stop_after if self.learn else p.vote_spikes
        full = limit > 0 and len(self.spikes) >= limit
        return full or t == p.n_steps - 1 or (p.ballot and not self.learn and winner != NOBODY)

    def _settle(self, t: int, winner: int) -> None:
        """INHIBIT, RESET and RELEASE; these happen when ``t + 1`` is already shown."""
        p, grid = self.p, self.grid
        if winner != NOBODY:
            if p.v_inhibit or p.bar_losers:
                free = ~self.frozen
                at = self.track.spend(Phase.INHIBIT, self.costs.inhibit) + self.words + LATENCY
                self.v = np.where(free, p.v.saturate(self.v - p.v_inhibit), self.v)
                grid.neurons(at, 2 * self.words, self.v, free)
                if p.bar_losers:
                    self.barred[:] = True
                    grid.flags(at, self.barred, self.frozen)
            word, lane = divmod(winner, p.n_lanes)
            at = self.track.spend(Phase.RESET, self.costs.reset) + LATENCY
            self.v[word, lane] = p.v_reset
            self.barred[word, lane], self.frozen[word, lane] = False, p.refrac > 0
            grid.neurons(at, 2 * word, self.v[word], np.arange(p.n_lanes) == lane)
            grid.flags(at, self.barred[word], self.frozen[word])
        if 0 < p.refrac <= t and self.winners[t - p.refrac] != NOBODY:
            word, lane = divmod(self.winners[t - p.refrac], p.n_lanes)
            self.frozen[word, lane] = False
            at = self.track.spend(Phase.RELEASE, self.costs.release) + LATENCY
            grid.flags(at, self.barred[word], self.frozen[word])
