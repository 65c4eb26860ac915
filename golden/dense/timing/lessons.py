"""What learning does on the grid: TEACH, SWEEP, RISE, and the windows of deferred depression."""

import numpy as np
from numpy.typing import NDArray

from golden.cycles.track import Track
from golden.dense import homeostasis, stdp
from golden.dense.interface import Phase
from golden.dense.params import Params
from golden.dense.reward import Lesson
from golden.dense.timing.costs import LATENCY, SWEEP_LATENCY, Costs
from golden.dense.timing.machine import Machine
from golden.dense.timing.record import DenseGrid
from golden.dense.timing.sweep import reads
from golden.numbers import lfsr


class Lessons:
    """Learning within one presentation; changes the machine."""

    def __init__(self, p: Params, costs: Costs, machine: Machine, track: Track[DenseGrid]):
        self.p, self.costs, self.machine, self.track = p, costs, machine, track
        self._windows: dict[int, int] = {}
        """Open windows, oldest first: neuron -> step of its spike."""

    def step(self, t: int, winner: int, lessons: tuple[Lesson, ...]) -> None:
        """Close the windows that end in this step, then teach, one TEACH before each sweep."""
        for neuron in [n for n, spiked in self._windows.items() if t - spiked == self.p.ltd_window]:
            self.track.spend(Phase.TEACH, self.costs.teach)
            self._close(neuron)
        for neuron, direction in lessons:
            self.track.spend(Phase.TEACH, self.costs.teach)
            if neuron in self._windows:
                self._close(neuron)
                self.track.spend(Phase.TEACH, self.costs.teach)
            self._sweep(neuron, stdp.pairing(self.p, self.machine.last, t, direction))
            if self.p.ltd_window and direction == stdp.REWARD:
                self._windows[neuron] = t
        self.track.spend(Phase.TEACH, self.costs.teach)
        if lessons:
            self._rise(winner)

    def finish(self) -> None:
        """Close all windows, oldest first, one FINISH before each sweep."""
        for neuron in list(self._windows):
            self.track.spend(Phase.FINISH, self.costs.finish)
            self._close(neuron)

    def _close(self, neuron: int) -> None:
        gain = stdp.lateness(self.p, self.machine.last, self._windows.pop(neuron))
        self._sweep(neuron, gain)

    def _sweep(self, neuron: int, gain: NDArray[np.int64]) -> None:
        p, grid, registers = self.p, self.track.grid, self.machine.registers
        word, lane = divmod(neuron, p.n_lanes)
        column = self.machine.w[: p.n_axons, neuron]
        new, _ = stdp.sweep(p, column, gain, registers["lfsr"])
        changed = new != column
        drawn = draws(registers["lfsr"], p.n_axons)
        at = reads(p, changed)
        start = self.track.spend(Phase.SWEEP, int(at[-1]) + SWEEP_LATENCY + 1)
        at += start
        words = np.arange(p.n_axons) * p.n_words + word
        grid.read(at, words)
        grid.weights(at[changed] + SWEEP_LATENCY, words[changed], lane, new[changed])
        grid.follow("lfsr", at + SWEEP_LATENCY - 1, drawn)
        column[:] = new
        registers["lfsr"] = int(drawn[-1])

    def _rise(self, winner: int) -> None:
        p, machine, grid = self.p, self.machine, self.track.grid
        start = self.track.spend(Phase.RISE, self.costs.rise)
        offset = machine.registers["offset"]
        machine.theta, offset = homeostasis.rise(p, machine.theta, offset, winner)
        machine.registers["offset"] = offset
        grid.show("offset", start + 1, offset)
        word, lane = divmod(winner, p.n_lanes)
        only, theta = np.arange(p.n_lanes) == lane, machine.theta.reshape(-1, p.n_lanes)
        grid.neurons(start + LATENCY, 2 * word + 1, theta[word], only)


def draws(register: int, n: int) -> NDArray[np.int64]:
    """Return what the random register holds after each of the next ``n`` draws, (n,)."""
    drawn = np.empty(n, dtype=np.int64)
    for i in range(n):
        register = lfsr.step(register)
        drawn[i] = register
    return drawn
