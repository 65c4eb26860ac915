"""How a presentation ends on the grid: FINISH, then DECAY when learning, or DECIDE."""

from collections.abc import Sequence

import numpy as np

from golden.cycles.track import Track
from golden.dense import homeostasis
from golden.dense.interface import Phase
from golden.dense.params import Params
from golden.dense.timing.costs import LATENCY, Costs
from golden.dense.timing.machine import Machine
from golden.dense.timing.record import DenseGrid


class Ending:
    """The end of one presentation; changes the machine."""

    def __init__(self, p: Params, costs: Costs, machine: Machine, track: Track[DenseGrid]):
        self.p, self.costs, self.machine, self.track = p, costs, machine, track

    def lay(self, learn: bool, spikes: Sequence[int]) -> None:
        """Keep the spikes and end; the windows of deferred depression are closed."""
        for rank, neuron in enumerate(spikes[: len(self.machine.spikes)]):
            self.machine.spikes[rank] = neuron
        self.track.spend(Phase.FINISH, self.costs.finish)
        if learn:
            self._count()
        elif spikes:
            self._decide(spikes)

    def _count(self) -> None:
        """Count the presentation; DECAY, if it is due."""
        p, registers = self.p, self.machine.registers
        counted = registers["decay_count"] + 1
        registers["presented"] = p.presented.wrap(registers["presented"] + 1)
        restart = registers["presented"] == 0 or counted == p.theta_decay_period
        registers["decay_count"] = 0 if restart else p.presented.wrap(counted)
        if p.theta_decay_shift:
            self.track.grid.show("presented", self.track.now, registers["presented"])
        # Not where the count is 0: one that a host has written may also wrap.
        if p.theta_decay_shift and restart:
            self._decay()

    def _decay(self) -> None:
        p, words = self.p, np.arange(self.p.n_words)
        self.machine.theta = homeostasis.decay(p, self.machine.theta, 0)
        data = self.machine.theta.reshape(p.n_words, p.n_lanes)
        start = self.track.spend(Phase.DECAY, self.costs.decay)
        all_lanes = np.ones(data.shape, dtype=np.bool_)
        self.track.grid.neurons(start + words + LATENCY, 2 * words + 1, data, all_lanes)

    def _decide(self, spikes: Sequence[int]) -> None:
        """Read the votes: label outermost, part innermost."""
        p, places = self.p, self.machine.map
        words = [
            (places.label_row(rank, label) + part) * p.n_words + neuron // p.n_lanes
            for label in range(p.n_classes)
            for rank, neuron in enumerate(spikes)
            for part in range(places.vote_parts)
        ]
        cycles = len(spikes) * self.costs.votes + self.costs.decide
        start = self.track.spend(Phase.DECIDE, cycles)
        self.track.grid.read(start + np.arange(len(words)), np.array(words, dtype=np.int64))
