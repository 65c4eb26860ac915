"""A network's blueprint laid out in the flat arrays that the compiled loop runs."""

from collections.abc import Sequence

import numpy as np

from golden.network.blueprint import Blueprint, Group
from golden.network.engine import run as r
from golden.network.engine.kernel import LANES, Layout, compiled
from golden.network.source import Chance, Metronome, Train
from golden.network.state import NetworkState
from golden.network.taps import Tap
from golden.numbers.hash import ROUNDS

LEAST_RUN = 32
"""Targets in a row that are worth a loop of their own."""
NEVER = np.iinfo(np.int64).max


def blocks(group: Group) -> int:
    """Return how many blocks of neurons a group has."""
    return -(-group.size // LANES)


class Arrays:
    """Lays out an blueprint; keeps what Python reads back."""

    def __init__(self, blueprint: Blueprint, taps: Sequence[Tap]):
        self.blueprint = blueprint
        self.layouts = [Layout.of(g.program) if g.program else None for g in blueprint.groups]
        self._place_words()
        self.shared = _joined([
            [int(c.values) for c in g.program.constants if not c.values.ndim] if g.program else []
            for g in blueprint.groups
        ])
        self.lookups = _joined([lay.table_words() if lay else [] for lay in self.layouts])
        self.counts = _joined(
            [[0] * len(g.program.counters()) if g.program else [] for g in blueprint.groups],
            np.int64,
        )
        self.keys = np.zeros(ROUNDS, np.uint32)
        self.fired = np.zeros(
            max((blocks(g) for g in blueprint.groups), default=1) * LANES, np.int32
        )
        self.sums = np.zeros((self.mask + 1) * self.slot, np.int32)
        self.tables = self._tables(taps)

    def _place_words(self) -> None:
        self.word_place, self.sum_place, words, slot = [], [], 0, 0
        for group, layout in zip(self.blueprint.groups, self.layouts, strict=True):
            self.word_place.append(words)
            self.sum_place.append(slot)
            if layout and group.program:
                words += blocks(group) * LANES * len(layout.rows)
                slot += blocks(group) * LANES * len(group.program.receptors)
        self.words = np.zeros(max(words, 1), np.int32)
        self.slot = max(slot, 1)
        self.mask = (1 << self.blueprint.longest.bit_length()) - 1
        for number, group in enumerate(self.blueprint.groups):
            for constant in group.program.constants if group.program else ():
                if constant.values.ndim:
                    self.row(number, f"constant {constant.name}", constant.values)

    def row(self, number: int, name: str, values: np.ndarray | None = None) -> np.ndarray:
        """Return the words ``name`` of a group, after writing them."""
        group, layout = self.blueprint.groups[number], self.layouts[number]
        assert layout is not None
        place, rows = self.word_place[number], len(layout.rows)
        span = self.words[place : place + blocks(group) * rows * LANES]
        view = span.reshape(-1, rows, LANES)[:, layout.rows[name], :]
        if values is not None:
            padded = np.zeros(view.size, np.int32)
            padded[: group.size] = values
            view[:] = padded.reshape(view.shape)
        return view.reshape(-1)[: group.size].astype(np.int64)

    def address(self, group: int, receptor: str) -> int:
        """Return where in a slot the sums of a receptor begin."""
        program = self.blueprint.groups[group].program
        assert program is not None
        order = [x.name for x in program.receptors].index(receptor)
        return self.sum_place[group] + order * blocks(self.blueprint.groups[group]) * LANES

    def _tables(self, taps: Sequence[Tap]) -> r.Tables:
        groups, kernels = self._groups()
        return r.Tables(
            groups=groups,
            kernels=kernels,
            words=self.words,
            sums=self.sums,
            slot=self.slot,
            mask=self.mask,
            keys=self.keys,
            fired=self.fired,
            **self._sources(groups),
            **self._synapses(),
            **self._drives(),
            **self._taps(taps),
        )

    def _groups(self) -> tuple[np.ndarray, np.ndarray]:
        table = np.zeros((len(self.blueprint.groups) + 1, r.SPAN + 1), np.int64)
        kernels = np.zeros(len(self.blueprint.groups), np.int64)
        for number, (group, layout) in enumerate(
            zip(self.blueprint.groups, self.layouts, strict=True)
        ):
            row = table[number]
            row[r.FIRST], row[r.SIZE], row[r.BLOCKS] = group.first, group.size, blocks(group)
            row[r.WINNERS] = -1 if group.winners is None else group.winners
            if group.program and layout:
                row[r.KIND] = r.CELLS
                kernels[number] = compiled(group.program)
                row[r.WORDS] = self.words.ctypes.data + 4 * self.word_place[number]
                row[r.SUMS], row[r.APART] = self.sum_place[number], blocks(group) * LANES
                row[r.SHARED] = _address(self.shared, number)
                row[r.TABLES] = _address(self.lookups, number)
                row[r.COUNTS] = _address(self.counts, number)
                row[r.SPAN] = len(layout.rows) * LANES
                row[r.MARGIN] = self.word_place[number] + layout.rows["margin"] * LANES
        table[-1, r.WORDS] = self.sums.ctypes.data
        table[-1, r.SHARED] = self.keys.ctypes.data
        table[-1, r.TABLES] = self.fired.ctypes.data
        return table, kernels

    def _sources(self, groups: np.ndarray) -> dict[str, np.ndarray]:
        thresholds, steps, neurons = [], [], []
        self.train_place: dict[int, tuple[int, Train]] = {}
        for number, group in enumerate(self.blueprint.groups):
            if isinstance(group.source, Chance):
                groups[number, r.KIND] = r.CHANCE
                groups[number, r.PLACE] = sum(map(len, thresholds))
                thresholds.append(group.source.thresholds)
            elif isinstance(group.source, Metronome):
                groups[number, r.KIND] = r.METRONOME
                groups[number, r.PLACE] = sum(map(len, thresholds))
                thresholds += [group.source.period, group.source.phase]
            elif isinstance(group.source, Train):
                groups[number, r.KIND] = r.TRAIN
                self.train_place[number] = sum(map(len, steps)), group.source
                steps += [group.source.steps, np.array([NEVER])]
                neurons += [group.source.neurons, np.array([0])]
        cursor = np.zeros(len(groups), np.int64)
        return {
            "thresholds": _flat(thresholds, np.int64),
            "train_steps": _flat(steps, np.int64),
            "train_neurons": _flat(neurons, np.int32),
            "cursor": cursor,
        }

    def _drives(self) -> dict[str, np.ndarray]:
        table, changes, levels = [], [], []
        for d in self.blueprint.drives:
            begin, level = sum(map(len, changes)), sum(map(len, levels))
            changes.append(d.changes)
            levels.append((d.levels if d.deviation is None else d.deviation).ravel())
            into = self.address(d.group, d.receptor) + d.first
            index = self.blueprint.groups[d.group].first + d.first
            noise = -1 if d.deviation is None else d.purpose
            end = begin + len(d.changes)
            table.append([into, index, d.levels.shape[1], begin, end, level, noise])
        rows = np.array(table, np.int64).reshape(-1, 7)
        return {
            "drives": rows,
            "changes": _flat(changes, np.int64),
            "levels": _flat(levels, np.int32),
            "drive_cursor": rows[:, r.D_CHANGES].copy(),
        }

    def _taps(self, taps: Sequence[Tap]) -> dict[str, np.ndarray]:
        table, places = [], []
        for tap in taps:
            layout = self.layouts[tap.group]
            assert layout is not None
            table.append([tap.every, sum(map(len, places)), len(tap.neurons)])
            block, lane = np.divmod(tap.neurons, LANES)
            row = block * len(layout.rows) + layout.rows[f"state {tap.variable}"]
            places.append(self.word_place[tap.group] + row * LANES + lane)
        return {
            "taps": np.array(table, np.int64).reshape(-1, 3),
            "tap_places": _flat(places, np.int64),
        }

    def _synapses(self) -> dict[str, np.ndarray]:
        pre, offset, weight = [], [], []
        for rows in self.blueprint.rows:
            first = self.blueprint.groups[rows.source].first
            pre.append(first + np.repeat(np.arange(len(rows.start) - 1), np.diff(rows.start)))
            into = self.address(rows.target, rows.receptor)
            offset.append(rows.delay.astype(np.int64) * self.slot + into + rows.post)
            weight.append(rows.weight)
        return rows_and_runs(
            self.blueprint.neurons,
            _flat(pre, np.int64),
            _flat(offset, np.int64),
            _flat(weight, np.int32),
        )

    def load(self, state: NetworkState) -> None:
        """Take over a state: words, and what is still on its way."""
        for number, words in enumerate(state.words):
            for name, values in words.items():
                self.row(number, f"state {name}", values)
        for place, train in self.train_place.items():
            begin, source = train
            self.tables.cursor[place] = begin + np.searchsorted(source.steps, state.step)
        self.tables.drive_cursor[:] = self.tables.drives[:, r.D_CHANGES]
        self.sums[:] = 0
        for age, spikes in enumerate(state.history, start=1):
            self._resend(state.step - age, spikes, age)

    def _resend(self, step: int, spikes: np.ndarray, age: int) -> None:
        """Send again what a past spike has not yet delivered."""
        for rows in self.blueprint.rows:
            first = self.blueprint.groups[rows.source].first
            into = self.address(rows.target, rows.receptor)
            for neuron in (
                spikes[(spikes >= first) & (spikes < first + len(rows.start) - 1)] - first
            ):
                row = slice(rows.start[neuron], rows.start[neuron + 1])
                late = rows.delay[row] >= age
                slot = (step + rows.delay[row][late].astype(np.int64)) & self.mask
                place = slot * self.slot + into + rows.post[row][late]
                np.add.at(self.sums, place, rows.weight[row][late])


def rows_and_runs(
    neurons: int, pre: np.ndarray, offset: np.ndarray, weight: np.ndarray
) -> dict[str, np.ndarray]:
    """Split synapses into rows of single ones and runs to targets in a row."""
    order = np.lexsort((offset, pre))
    pre, offset, weight = pre[order], offset[order], weight[order]
    fresh = np.ones(len(pre), bool)
    fresh[1:] = (np.diff(pre) != 0) | (np.diff(offset) != 1)
    begin = np.flatnonzero(fresh)
    length = np.diff(np.append(begin, len(pre)))
    small = weight.min(initial=0) >= -(1 << 15) and weight.max(initial=0) < 1 << 15
    long = (length >= LEAST_RUN) & small
    in_run = np.repeat(long, length)
    ends = np.cumsum(length[long]) - length[long]
    starts = [np.searchsorted(x, np.arange(neurons + 1)) for x in (pre[~in_run], pre[begin[long]])]
    return {
        "row_start": starts[0],
        "offset": offset[~in_run].astype(np.int32),
        "weight": weight[~in_run],
        "run_start": starts[1],
        "run_offset": offset[begin[long]].astype(np.int32),
        "run_length": length[long].astype(np.int32),
        "run_weight": ends,
        "run_weights": weight[in_run].astype(np.int16),
    }


class _Joined:
    """Lists one behind the other, and where each begins."""

    def __init__(self, lists: Sequence, kind: type):
        self.begin = np.cumsum([0, *(len(x) for x in lists)])
        self.words = _flat([np.asarray(x, kind) for x in lists] + [np.zeros(1, kind)], kind)

    def of(self, number: int) -> np.ndarray:
        """Return one of them."""
        return self.words[self.begin[number] : self.begin[number + 1]]


def _joined(lists: Sequence, kind: type = np.int32) -> _Joined:
    return _Joined(lists, kind)


def _address(joined: _Joined, number: int) -> int:
    return joined.words.ctypes.data + joined.words.itemsize * int(joined.begin[number])


def _flat(parts: Sequence, kind: type) -> np.ndarray:
    return np.concatenate(parts).astype(kind) if parts else np.zeros(0, kind)
