"""Drives one population of a cell by hand, without a network around it."""

from collections.abc import Mapping

import numpy as np

from golden.cells.cell import Cell
from golden.cells.evaluate import evaluate
from golden.numbers.hash import round_keys


class Trial:
    """What a cell did.

    Parameters
    ----------
    arrivals : mapping
        From names of receptors to what arrives in every step: arrays of shape (steps,) or (steps,
        neurons), in the receptor's unit.
    """

    def __init__(
        self,
        cell: Cell,
        steps: int,
        arrivals: Mapping[str, np.ndarray] | None = None,
        dt: float = 1.0,
        neurons: int = 1,
        operand_bits: int = 18,
    ):
        self.program = program = cell.program(dt, operand_bits)
        states = {s.name: np.broadcast_to(s.start, (neurons,)) for s in program.states}
        coming = {r.name: np.zeros((steps, neurons), np.int64) for r in program.receptors}
        for name, amounts in (arrivals or {}).items():
            integers = program.receptor(name).scale.integer(amounts)
            coming[name] += integers.reshape(steps, -1)
        self.words = {s.name: [] for s in program.states}
        self.fired, self.saturated = [], {}
        for t in range(steps):
            here = {name: sums[t] for name, sums in coming.items()}
            outcome = evaluate(program, states, here, round_keys(1, t), np.arange(neurons))
            states = outcome.states
            for name, word in states.items():
                self.words[name].append(word)
            self.fired.append(outcome.spike)
            for name, cases in outcome.saturated.items():
                self.saturated[name] = self.saturated.get(name, 0) + int(cases.sum())

    def __getitem__(self, name: str) -> np.ndarray:
        """Return a state variable after every step, shape (steps, neurons)."""
        return self.program.state(name).scale.quantity(np.array(self.words[name]))

    def spikes(self, neuron: int = 0) -> list[int]:
        """Return the steps in which a neuron spiked."""
        return np.flatnonzero(np.array(self.fired)[:, neuron]).tolist()


def pulses(steps: int, amounts: Mapping[int, float]) -> np.ndarray:
    """Return zeros with some amounts at some steps."""
    found = np.zeros(steps)
    for step, amount in amounts.items():
        found[step] = amount
    return found
