"""The memories and registers of a core between presentations, as integers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golden.dense import program, registers
from golden.dense.core import State
from golden.dense.interface import MemoryMap
from golden.dense.params import Params


@dataclass
class Machine:
    """What a core holds; changed in place."""

    map: MemoryMap
    w: NDArray[np.int64]
    """Weights, classes and votes, (n_rows, n_words * n_lanes), format ``w``."""
    theta: NDArray[np.int64]
    """(n_words * n_lanes,), format ``theta``."""
    last: NDArray[np.int64]
    table: NDArray[np.int64]
    """``a_plus``, then ``a_late``, as long as the core was made for."""
    spikes: list[int]
    """The last presentation's first ``vote_spikes`` spikes; what was there before stays."""
    registers: dict[str, int]
    """Parameters by their registers' names, and `golden.dense.registers.STATE`."""

    @classmethod
    def reset(cls, built: Params) -> "Machine":
        """Return the core after power-up: everything is 0, but the random register 1."""
        places = MemoryMap(built)
        return cls(
            places,
            np.zeros((places.n_rows, places.n_padded), dtype=np.int64),
            np.zeros(places.n_padded, dtype=np.int64),
            np.zeros(built.n_axons, dtype=np.int64),
            np.zeros(places.n_gains, dtype=np.int64),
            [0] * built.vote_spikes,
            {"offset": 0, "lfsr": 1, "presented": 0, "decay_count": 0},
        )

    @classmethod
    def loaded(
        cls,
        built: Params,
        p: Params,
        state: State,
        classes: NDArray[np.int64] | None = None,
        votes: NDArray[np.int64] | None = None,
    ) -> "Machine":
        """Return the core with parameters, a state, and maybe classes (M,) and votes, loaded.

        Raises
        ------
        ValueError
            If the core cannot run with ``p``.
        """
        machine = cls.reset(built)
        registers.check(built, p)
        machine.registers = registers.codes(p) | program.scalars(p, state)
        n, m = state.w.shape
        machine.w[:n, :m] = state.w
        machine.theta[:m] = state.theta
        machine.last[:] = state.last
        machine.table[: p.ltp_window] = p.a_plus
        machine.table[built.ltp_window : built.ltp_window + p.ltd_window] = p.a_late
        if classes is not None and machine.map.class_parts:
            machine.w[n : n + machine.map.class_parts, :m] = machine.map.split(
                classes, machine.map.class_parts
            )
        if votes is not None:
            parts = machine.map.split(votes.transpose(0, 2, 1), machine.map.vote_parts)
            first, used = machine.map.vote_row, votes.shape[0] * votes.shape[2]
            rows = parts.transpose(1, 2, 0, 3).reshape(used * machine.map.vote_parts, m)
            machine.w[first : first + len(rows), :m] = rows
        return machine

    def params(self) -> Params:
        """Return the parameters that the registers and tables mean.

        Raises
        ------
        ValueError
            If they are impossible, or this core cannot run with them.
        """
        built = self.map.p
        # Hardware draws no initial weights, so their bounds follow any w_min and w_max.
        low = self.registers.get(registers.name_of(Params.w_min), built.w_min)
        return registers.params(
            built, self.registers, self.table.tolist(), w_init_low=low, w_init_high=low + 1
        )

    @property
    def state(self) -> State:
        """The learned state."""
        built, registers = self.map.p, self.registers
        return State(
            self.w[: built.n_axons, : built.n_neurons].copy(),
            self.theta[: built.n_neurons].copy(),
            registers["offset"],
            self.last.copy(),
            registers["lfsr"],
            registers["presented"],
        )

    @property
    def classes(self) -> NDArray[np.int64]:
        """Class of every neuron, (M,); 0 if there is no memory for them."""
        built, parts = self.map.p, self.map.class_parts
        if not parts:
            return np.zeros(built.n_neurons, dtype=np.int64)
        rows = self.w[built.n_axons : built.n_axons + parts, : built.n_neurons]
        return self.map.join(rows, built.label.width)

    @property
    def votes(self) -> NDArray[np.int64]:
        """Vote tables, (vote_spikes, M, n_classes)."""
        built, parts = self.map.p, self.map.vote_parts
        rows = self.w[self.map.vote_row :, : built.n_neurons]
        shape = (built.vote_spikes, built.n_classes, parts, built.n_neurons)
        return self.map.join(rows.reshape(shape).transpose(2, 0, 3, 1), built.vote_bits)
