"""The memories and registers of a core between presentations, as integers."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from golden.dense.core import State
from golden.dense.interface import MemoryMap
from golden.dense.limits import REWARDS
from golden.dense.params import Params
from golden.dense.registers import STATE
from golden.dense.timing.layout import check
from golden.numbers import lfsr

BOOLEAN = ("bar_losers", "force_spike", "soft_bounds", "ballot")
SEED_INVERSE = pow(lfsr.SPREAD, -1, lfsr.STATE.max + 1)
"""Undoes the multiplication in :func:`golden.numbers.lfsr.seeded`."""


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
    """Parameters by their registers' names, and `STATE`."""

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
        check(built, p)
        machine.load_registers(p, state)
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

    def load_registers(self, p: Params, state: State) -> None:
        """Set all registers."""
        names = "n_steps period_num period_offset v_reset leak_sub v_th activity_gain refrac"
        names += " v_inhibit bar_losers force_spike stop_after theta_plus offset_plus"
        names += " theta_decay_period w_min w_max ltp_window a_minus ltd_window soft_bounds"
        names += " reward_margin drop_chance vote_spikes ballot"
        self.registers = {name: int(getattr(p, name)) for name in names.split()} | {
            "encoder_lfsr": lfsr.seeded(p.encoder_seed),
            "reward": REWARDS.index(p.reward),
            "offset": state.offset,
            "lfsr": state.lfsr,
            "presented": state.presented,
            "decay_count": state.presented % p.theta_decay_period,
        }

    def params(self) -> Params:
        """Return the parameters that the registers and tables mean.

        Raises
        ------
        ValueError
            If they are impossible, or this core cannot run with them.
        """
        built = self.map.p
        values: dict = {n: v for n, v in self.registers.items() if n not in STATE}
        seed = values.pop("encoder_lfsr", lfsr.seeded(built.encoder_seed))
        if seed == 0:
            raise ValueError("encoder_lfsr must be 1 to 4294967295, not 0")
        ltp, ltd = values.pop("ltp_window", 0), values.pop("ltd_window", 0)
        if ltp > built.ltp_window or ltd > built.ltd_window:
            most = (built.ltp_window, built.ltd_window)
            raise ValueError(f"(ltp_window, ltd_window) must be at most {most}, not {(ltp, ltd)}")
        values |= {name: bool(values[name]) for name in BOOLEAN if name in values}
        values["reward"] = REWARDS[values.get("reward", 0)]
        values["encoder_seed"] = lfsr.STATE.wrap(seed * SEED_INVERSE)
        values["a_plus"] = tuple(self.table[:ltp].tolist())
        values["a_late"] = tuple(self.table[built.ltp_window :][:ltd].tolist())
        # Hardware draws no initial weights, so their bounds follow any w_min and w_max.
        values["w_init_low"] = values.get("w_min", built.w_min)
        values["w_init_high"] = values["w_init_low"] + 1
        p = replace(built, **values)
        check(built, p)
        return p

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
