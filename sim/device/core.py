"""A core in Python: registers and memories as the host sees them, by `golden.dense.timing`."""

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np

from golden.dense import timing
from golden.dense.core import State
from golden.dense.interface import MemoryMap, Region
from golden.dense.limits import REWARDS
from golden.dense.params import Params
from golden.dense.registers import register_map, values
from hdl.link.protocol import COUNTER_REGION, REGIONS

SAME = ("n_steps", "force_spike", "stop_after", "theta_plus", "offset_plus", "a_minus")
SAME += ("w_min", "w_max", "soft_bounds", "reward_margin", "drop_chance", "v_th", "vote_spikes")
SAME += ("ballot", "v_reset")


class Core:
    """What `hdl.dense.core.Core` does, by `golden.dense.timing`; memories are tables by region."""

    def __init__(self, p: Params):
        self.p, self.at = p, MemoryMap(p)
        self.registers = register_map(p)
        self.words: dict[int, Counter[int]] = {region: Counter() for region in REGIONS}
        self.learned: list[bytes] = []
        self.reset()

    def reset(self):
        start = values(self.p, self.p)
        for index, name in enumerate(self.registers):
            self.words[Region.REGISTERS][index] = start.get(name, 0)
        self.register("lfsr", 1)
        self.words[COUNTER_REGION].clear()

    def register(self, name, value=None):
        index = list(self.registers).index(name)
        if value is not None:
            self.words[Region.REGISTERS][index] = value
        kind = self.registers[name]
        found = self.words[Region.REGISTERS][index] & ((1 << kind.width) - 1)
        return found - (1 << kind.width) if kind.signed and found >> kind.width - 1 else found

    def params(self) -> Params:
        """Return what the registers say."""
        present = [name for name in SAME if name in self.registers]
        changes: dict[str, Any] = {name: self.register(name) for name in present}
        changes |= {
            n: bool(changes[n]) for n in ("force_spike", "soft_bounds", "ballot") if n in changes
        }
        if "reward" in self.registers:
            changes["reward"] = REWARDS[self.register("reward")]
        table = self.words[Region.TABLE]
        changes["a_plus"] = tuple(table[i] for i in range(self.register("ltp_window")))
        return replace(self.p, **changes)

    def place(self, row, neuron):
        word, lane = divmod(neuron, self.p.n_lanes)
        return (row * self.p.n_words + word) << self.at.lane_bits | lane

    def row(self, row):
        weights = self.words[Region.WEIGHTS]
        return [weights[self.place(row, neuron)] for neuron in range(self.p.n_neurons)]

    def numbers(self, row, n_rows):
        """Return numbers that lie in several rows, low bits first."""
        parts = [np.array(self.row(row + i)) << i * self.p.weight_bits for i in range(n_rows)]
        return np.sum(parts, axis=0)

    def state(self) -> State:
        p, theta, last = self.p, self.words[Region.THETA], self.words[Region.LAST]
        w = np.array([self.row(axon) for axon in range(p.n_axons)])
        return State(
            np.asarray(p.w.wrap(w)),
            np.array([theta[self.place(0, neuron)] for neuron in range(p.n_neurons)]),
            self.register("offset") if "offset" in register_map(p) else 0,
            np.array([last[axon] for axon in range(p.n_axons)]),
            self.register("lfsr"),
            self.register("presented"),
        )

    def keep(self, state: State):
        p = self.p
        for axon in range(p.n_axons):
            self.words[Region.LAST][axon] = int(state.last[axon])
            for neuron in range(p.n_neurons):
                stored = int(state.w[axon, neuron]) & ((1 << p.weight_bits) - 1)
                self.words[Region.WEIGHTS][self.place(axon, neuron)] = stored
        for neuron in range(p.n_neurons):
            self.words[Region.THETA][self.place(0, neuron)] = int(state.theta[neuron])
        for name in {"offset", "lfsr", "presented"} & self.registers.keys():
            self.register(name, getattr(state, name))

    def present(self, pixels, learn: int, label: int) -> tuple[int, int, int]:
        """Present an image and count it; return label, spikes and clock cycles."""
        found = self.show(pixels, learn, label)
        if learn:
            self.learned.append(bytes(pixels))
            self.keep(found.state)
        told = self.words[COUNTER_REGION]
        n_spikes, n_events = len(found.spikes), int(found.rows["take"].sum())
        for index, more in enumerate((found.cycles, n_events, n_spikes, 1)):
            told[index] = (told[index] + more) % (1 << 32)
        return found.label, n_spikes, found.cycles

    def show(self, pixels, learn: int = 0, label: int = 0) -> timing.Presented:
        """Present an image; its spikes can be read, and nothing else is kept of it."""
        p, at = self.params(), self.at
        found = timing.present(
            p,
            self.p,
            self.state(),
            np.array(list(pixels)),
            learn=bool(learn),
            label=label,
            classes=self.numbers(at.class_row, at.class_parts) if at.class_parts else None,
            votes=self.votes(),
        )
        for rank, neuron in enumerate(found.spikes):
            self.words[Region.SPIKES][rank] = neuron
        return found

    def votes(self):
        p, n_rows = self.p, self.at.vote_parts
        firsts = range(self.at.vote_row, self.at.n_rows, n_rows)
        tables = np.array([self.numbers(row, n_rows) for row in firsts])
        shape = (p.vote_spikes, p.n_classes, p.n_neurons)
        return np.moveaxis(tables.reshape(shape), 1, 2)
