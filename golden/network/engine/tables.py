"""A network's blueprint laid out in the flat arrays that the compiled loop runs."""

from collections.abc import Sequence

import numpy as np

from golden.network.blueprint import Blueprint, Group
from golden.network.engine import net as r
from golden.network.engine.events import KEYS
from golden.network.engine.inward import DRAWN
from golden.network.engine.joined import Joined, aligned, flat
from golden.network.engine.kernel import LANES, Layout, compiled
from golden.network.engine.learners import Learners
from golden.network.engine.synapses import junctions, released, synapses
from golden.network.release import ReleaseState, rounded
from golden.network.source import Chance, Metronome, Train
from golden.network.state import NetworkState
from golden.network.taps import Tap
from golden.numbers.hash import ROUNDS

NEVER = np.iinfo(np.int64).max


def blocks(group: Group) -> int:
    """Return how many blocks of neurons a group has."""
    return -(-group.size // LANES)


def most_blocks(blueprint: Blueprint) -> int:
    """Return how many blocks the largest group has."""
    return max((blocks(g) for g in blueprint.groups), default=1)


def padded(values: np.ndarray) -> np.ndarray:
    """Return thresholds with zeros, up to a multiple of what is drawn at once."""
    return np.pad(values, (0, -len(values) % DRAWN))


class Arrays:
    """Lays out an blueprint; keeps what Python reads back."""

    def __init__(self, blueprint: Blueprint, taps: Sequence[Tap], room: int):
        self.blueprint, self.room = blueprint, room
        self.layouts = [
            Layout.of(g.program, g.winners is not None) if g.program else None
            for g in blueprint.groups
        ]
        self._place_words()
        self.shared = Joined([
            [int(c.values) for c in g.program.constants if not c.values.ndim] if g.program else []
            for g in blueprint.groups
        ])
        self.lookups = Joined([lay.table_words() if lay else [] for lay in self.layouts])
        self.counts = Joined(
            [[0] * len(g.program.counters()) if g.program else [] for g in blueprint.groups],
            np.int64,
        )
        self.sums = aligned((self.mask + 1) * self.slot)
        self.learners = Learners(blueprint, self.mask + 1, self.address)
        self.tables = self._tables(taps)
        self.net = self._net()

    def _place_words(self) -> None:
        self.word_place, self.sum_place, words, slot = [], [], 0, 0
        for group, layout in zip(self.blueprint.groups, self.layouts, strict=True):
            self.word_place.append(words)
            self.sum_place.append(slot)
            if layout and group.program:
                words += blocks(group) * LANES * len(layout.rows)
                slot += blocks(group) * LANES * len(group.program.receptors)
        self.words = aligned(max(words, 1))
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

    def place(self, group: int, variable: str, neurons: np.ndarray) -> np.ndarray:
        """Return where in the words neurons have a state variable."""
        layout = self.layouts[group]
        assert layout is not None
        block, lane = np.divmod(neurons.astype(np.int64), LANES)
        row = block * len(layout.rows) + layout.rows[f"state {variable}"]
        return self.word_place[group] + row * LANES + lane

    def _tables(self, taps: Sequence[Tap]) -> dict[str, np.ndarray]:
        groups = self._groups()
        return {
            "groups": groups,
            "words": self.words,
            "sums": self.sums,
            "keys": np.zeros(ROUNDS, np.uint32),
            "fired": np.zeros(most_blocks(self.blueprint) * LANES + DRAWN, np.int32),
            "flags": np.zeros(DRAWN, np.int32),
            "counts": self.counts.words,
            "firsts": np.full(len(self.counts.words), -1, np.int64),
            "when": np.zeros(self.room, np.int32),
            "who": np.zeros(self.room, np.int32),
            **self._sources(groups),
            **synapses(self.blueprint, self.address, self.slot),
            **self._releases(groups),
            **self._drives(),
            **self._taps(taps),
            "learns": self.learners.table,
            "key_ring": np.zeros(ROUNDS * KEYS, np.uint32),
            "gaps": junctions(self.blueprint, self.address, self.place),
        }

    def _net(self) -> r.Net:
        """Return the addresses of all tables."""
        tables, blueprint = self.tables, self.blueprint
        return r.Net(
            draws=int(blueprint.draws),
            slot=self.slot,
            mask=self.mask,
            room=self.room,
            group_count=len(blueprint.groups),
            drive_count=len(tables["drives"]),
            tap_count=len(tables["taps"]),
            gap_count=len(tables["gaps"]),
            release_count=len(tables["releases"]),
            learn_count=len(tables["learns"]),
            **{name: table.ctypes.data for name, table in tables.items()},
        )

    def _groups(self) -> np.ndarray:
        table = np.zeros((len(self.blueprint.groups), r.GROUP_COLUMNS), np.int64)
        for number, (group, layout) in enumerate(
            zip(self.blueprint.groups, self.layouts, strict=True)
        ):
            row = table[number]
            row[r.FIRST], row[r.SIZE] = group.first, group.size
            row[r.WINNERS] = -1 if group.winners is None else group.winners
            if group.program and layout:
                words = self.words.ctypes.data + 4 * self.word_place[number]
                row[r.KIND], row[r.WORDS] = r.CELLS, words
                row[r.KERNEL] = compiled(group.program, group.winners is not None)
                row[r.SUMS], row[r.APART] = self.sum_place[number], blocks(group) * LANES
                row[r.SHARED] = self.shared.address(number)
                row[r.TABLES] = self.lookups.address(number)
                row[r.COUNTS] = self.counts.address(number)
                row[r.COUNTERS : r.COUNTERS_END + 1] = self.counts.begin[number : number + 2]
                row[r.SPAN] = len(layout.rows) * LANES
                row[r.MARGIN] = words + 4 * LANES * layout.rows.get("margin", 0)
        return table

    def _sources(self, groups: np.ndarray) -> dict[str, np.ndarray]:
        thresholds, steps, neurons = [], [], []
        self.train_place: dict[int, tuple[int, Train]] = {}
        for number, group in enumerate(self.blueprint.groups):
            if isinstance(group.source, Chance):
                groups[number, r.KIND] = r.CHANCE
                groups[number, r.PLACE] = sum(map(len, thresholds))
                thresholds.append(padded(group.source.thresholds))
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
            "thresholds": flat(thresholds, np.int64),
            "train_steps": flat(steps, np.int64),
            "train_neurons": flat(neurons, np.int32),
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
        rows = np.array(table, np.int64).reshape(-1, r.DRIVE_COLUMNS)
        return {
            "drives": rows,
            "changes": flat(changes, np.int64),
            "levels": flat(levels, np.int32),
            "drive_cursor": rows[:, r.D_CHANGES].copy(),
        }

    def _taps(self, taps: Sequence[Tap]) -> dict[str, np.ndarray]:
        table, places = [], []
        for tap in taps:
            table.append([tap.every, sum(map(len, places)), len(tap.neurons)])
            places.append(self.place(tap.group, tap.variable, tap.neurons))
        return {
            "taps": np.array(table, np.int64).reshape(-1, r.TAP_COLUMNS),
            "tap_places": flat(places, np.int64),
        }

    def _releases(self, groups: np.ndarray) -> dict[str, np.ndarray]:
        self.released = released(self.blueprint)
        sources = [self.blueprint.rows[k].source for k in self.released]
        groups[:, r.RELEASES], groups[:, r.RELEASES_END] = (
            np.searchsorted(sources, np.arange(len(groups)), side) for side in ("left", "right")
        )
        table, decays, states, end = [], [], 0, 0
        self.release_place = {}
        for k in self.released:
            rows = self.blueprint.rows[k]
            assert rows.release is not None
            row = [states, states + len(self.release_place), rows.release.use]
            for decay in (rows.release.recovery, rows.release.facilitation):
                row += [end, end + len(decay.coarse) - 1]
                decays += [decay.coarse, decay.fine]
                end += len(decay.coarse) + len(decay.fine)
            table.append(row)
            neurons = len(rows.start) - 1
            self.release_place[k] = slice(states, states + neurons)
            states += neurons
        most = int((groups[:, r.RELEASES_END] - groups[:, r.RELEASES]).max(initial=0))
        return {
            "releases": np.array(table, np.int64).reshape(-1, r.RELEASE_COLUMNS),
            "decays": flat(decays, np.int32),
            "release_x": np.zeros(states, np.int32),
            "release_u": np.zeros(states, np.int32),
            "release_last": np.zeros(states, np.int64),
            "sent": np.zeros(most * self.room, np.int32),
        }

    def load(self, state: NetworkState) -> None:
        """Take over a state: words, and what is still on its way."""
        for number, words in enumerate(state.words):
            for name, values in words.items():
                self.row(number, f"state {name}", values)
        for place, train in self.train_place.items():
            begin, source = train
            self.tables["cursor"][place] = begin + np.searchsorted(source.steps, state.step)
        self.tables["drive_cursor"][:] = self.tables["drives"][:, r.D_CHANGES]
        self.sums[:] = 0
        self.learners.load(state)
        for k, place in self.release_place.items():
            release = state.releases[k]
            assert release is not None
            self.tables["release_x"][place] = release.x
            self.tables["release_u"][place] = release.u
            self.tables["release_last"][place] = release.last
        for age in range(1, len(state.history) + 1):
            self._resend(state, age)

    def _resend(self, state: NetworkState, age: int) -> None:
        """Send again what past spikes have not yet delivered."""
        spikes, step = state.history[age - 1], state.step - age
        for number, (rows, release) in enumerate(
            zip(self.blueprint.rows, state.releases, strict=True)
        ):
            first = self.blueprint.groups[rows.source].first
            into = self.address(rows.target, rows.receptor)
            mine = (spikes >= first) & (spikes < first + len(rows.start) - 1)
            for k, neuron in enumerate(spikes[mine] - first):
                if number in self.learners.of:
                    self.learners.of[number].resend(neuron, step, age)
                    continue
                row = slice(rows.start[neuron], rows.start[neuron + 1])
                late = rows.delay[row] >= age
                slot = (step + rows.delay[row][late].astype(np.int64)) & self.mask
                weight = rows.weight[row][late].astype(np.int64)
                if release:
                    weight = rounded(weight * release.sent[age - 1][k])
                np.add.at(self.sums, slot * self.slot + into + rows.post[row][late], weight)

    def release(self, number: int, sent: list[np.ndarray]) -> ReleaseState | None:
        """Return the state of rows with short-term plasticity."""
        if number not in self.release_place:
            return None
        names, place = ("release_x", "release_u", "release_last"), self.release_place[number]
        return ReleaseState(*(self.tables[n][place].astype(np.int64) for n in names), sent)
