"""The zoo of small networks: those of tests by hand, and short runs that show every feature.

Tests and proofs take their variants of these by `dataclasses.replace`. What the runs hear is in
`sim.battery.stimuli`.
"""

from dataclasses import dataclass, field, replace

from golden.dense.params import Params


@dataclass(frozen=True)
class SmallNetwork:
    """What a core is made for, what it runs, and how the run goes."""

    built: Params
    changed: dict
    """Parameters that the registers hold, where they differ from ``built``."""
    learn: tuple[int, ...]
    """Presentations: 1 learns, 0 infers."""
    stall: float = 0.0
    """Share of the cycles in which a stream stands still."""
    presented: int = 0
    offset: int = 0
    seed: int = 1
    bright: float = 0.6
    """Share of the pixels that are not black."""
    dark: tuple[int, float] = (0, 1)
    """An image, and the share of its pixels that are kept; the others become black."""
    later: dict = field(default_factory=dict)
    """Registers that change before the last presentation."""
    readback: bool = True
    """Read back everything at the end."""

    @property
    def p(self) -> Params:
        """What it runs."""
        return replace(self.built, **self.changed)


TINY = Params(
    height=1,
    width=3,
    n_neurons=2,
    n_classes=2,
    encoder="latency",
    n_steps=4,
    v_width=8,
    theta_width=8,
    theta_init=10,
    theta_plus=0,
    weight_bits=5,
    w_min=-16,
    w_max=15,
    w_init_low=-4,
    w_init_high=5,
    dw_shift=0,
    a_plus=(),
    a_minus=0,
    soft_bounds=False,
    force_spike=False,
    stop_after=0,
    vote_spikes=64,
)
"""Three axons, two neurons; runs through all its steps and learns nothing until told otherwise."""
SMALL = Params(
    height=3,
    width=4,
    n_classes=3,
    n_steps=8,
    v_width=9,
    theta_width=7,
    theta_init=25,
    theta_plus=40,
    offset_shift=2,
    stop_after=0,
    dw_shift=6,
    w_init_low=-20,
    w_init_high=60,
)
"""Twelve axons, three classes; thresholds that are reached within its eight steps."""
NIBBLES = Params(
    height=2,
    width=3,
    n_classes=2,
    encoder="latency",
    n_steps=6,
    n_neurons=4,
    n_lanes=4,
    weight_bits=4,
    v_width=9,
    v_th=6,
    theta_width=7,
    theta_init=3,
    theta_plus=4,
    w_min=-8,
    w_max=7,
    w_init_low=-1,
    w_init_high=6,
    dw_shift=6,
    a_plus=(60, 40, 20),
    a_minus=30,
    stop_after=0,
)
"""A row of its weights is as wide as an SPRAM."""
UNEVEN = Params(
    height=2, width=3, n_neurons=5, n_lanes=2, n_classes=20, weight_bits=4, w_min=-8, w_max=7,
    w_init_low=-8, w_init_high=8, vote_bits=9, vote_spikes=2, reward="class", a_plus=(1, 2, 3),
    v_width=12, theta_width=14,
)  # fmt: skip
"""6 axons; 3 words of 2 lanes, one lane idle; a class has 5 bits in 2 rows, a vote 9 in 3."""
NETWORKS = {
    # Padding lanes, both leaks, refractory time, inhibition, decay, soft bounds, votes of two rows.
    "plain": SmallNetwork(
        replace(
            SMALL, n_neurons=5, n_lanes=2, leak_shift=3, leak_sub=1, v_reset=-3, v_th=20,
            theta_init=25, theta_plus=40, offset_plus=30, theta_decay_shift=2, theta_decay_period=3,
            refrac=3, v_inhibit=9, a_plus=(60, 40, 20), a_minus=30, vote_spikes=3, vote_bits=10,
        ),
        {"refrac": 2},
        learn=(1, 1, 0, 1, 0),
        presented=(1 << 32) - 2,
        offset=450,
    ),
    # Deferred depression, both camps, dropout, hard bounds, dry run; shorter than it was made for.
    "late": SmallNetwork(
        replace(
            SMALL, n_neurons=7, n_lanes=3, encoder="periodic", period_num=900, period_offset=60,
            a_plus=(270, 210, 150, 90), a_late=(240, 180, 120, 60), a_minus=192, reward="error",
            reward_margin=30, drop_chance=81, soft_bounds=False, activity_gain=100,
            activity_shift=2, theta_init=40, theta_plus=9, refrac=3, bar_losers=True,
            vote_spikes=4, w_min=-20, w_max=60, w_init_high=61, leak_sub=2, offset_plus=9,
        ),
        {"period_num": 840, "a_plus": (270, 210, 150), "a_late": (240, 180, 120), "refrac": 0,
         "n_steps": 12, "bar_losers": False, "vote_spikes": 2},
        learn=(1, 1, 0, 1, 0),
        stall=0.4,
        offset=5,
        dark=(1, 0.4),
        readback=False,
    ),
    # One lane, one port, votes of three rows, all elected at once, reward by class.
    "ballot": SmallNetwork(
        replace(
            SMALL, n_neurons=5, n_lanes=1, single_port=True, encoder="latency", weight_bits=3,
            w_min=-3, w_max=3, w_init_low=-2, w_init_high=3, receptive_field="surround", rf_shift=3,
            ballot=True, vote_spikes=3, vote_bits=7, reward="class", theta_init=3, theta_plus=2,
            v_width=4, a_plus=(50, 40), a_minus=30, bar_losers=True, stop_after=2, height=4,
            force_spike=False, n_steps=10, activity_gain=3, leak_sub=1,
        ),
        {"activity_gain": 0, "leak_sub": 0},
        later={"n_steps": 1},
        learn=(1, 0, 1, 0, 1),
        stall=0.3,
        dark=(1, 0),
    ),
    # Full width, random rates, classes of two rows, both kinds of refusal; weights outside bounds.
    "full": SmallNetwork(
        replace(
            SMALL, n_neurons=4, n_lanes=4, encoder="bernoulli", rate_shift=1, weight_bits=2,
            n_classes=5, w_min=-2, w_max=1, w_init_low=0, w_init_high=2, reward="error",
            a_plus=(50, 40, 30), a_late=(30, 60, 20), a_minus=20, theta_init=2, theta_plus=1,
            refrac=1, vote_spikes=2, vote_bits=1, n_steps=9, activity_gain=1, leak_shift=1,
            activity_shift=3, v_width=4, theta_width=4, offset_shift=0, leak_sub=1,
            v_reset=-1, v_th=2,
        ),
        {"reward_margin": 2, "leak_sub": 0},
        later={"activity_gain": 300, "w_min": -1, "w_max": 0},
        learn=(1, 1, 1, 0, 1, 1),
        bright=0.8,
    ),
    # Cells of directions, a ballot of two, nothing else that can be left out.
    "oriented": SmallNetwork(
        replace(
            SMALL, n_neurons=2, n_lanes=1, receptive_field="oriented", height=6, width=7,
            rf_stride=2, rf_shift=2, n_steps=12, encoder="bernoulli",
            v_width=12, v_th=1500, theta_init=40, theta_plus=5, stop_after=1,
            a_plus=(64, 32), ballot=True, vote_spikes=2,
        ),
        {},
        learn=(1, 0, 1),
        stall=0.2,
        bright=0.5,
        readback=False,
    ),
    # The same, with cells further apart whose columns take turns in a memory.
    "turns": SmallNetwork(
        replace(
            SMALL, n_neurons=2, n_lanes=1, receptive_field="oriented", height=9, width=10,
            rf_in_turns=True, rf_stride=3, rf_shift=3, step_bits=3, n_steps=7, v_width=12, v_th=900,
            theta_init=40, theta_plus=5, stop_after=1, a_plus=(64, 32),
        ),
        {},
        learn=(1, 0, 1),
        stall=0.2,
        bright=0.5,
        readback=False,
    ),
    # More lanes than are chosen from at once, a ballot of two among them; thresholds rise by steps
    # and a fraction.
    "wide": SmallNetwork(
        replace(
            SMALL, n_neurons=6, n_lanes=6, a_plus=(60, 40, 20), a_minus=30, vote_spikes=2,
            theta_shift=5, theta_plus=84, ballot=True,
        ),
        {},
        learn=(1, 1, 0, 1, 0),
    ),
    # All neurons alike: every election is a tie, and every lead is of exactly no margin.
    "ties": SmallNetwork(
        replace(
            SMALL, n_neurons=6, n_lanes=2, w_init_low=1, w_init_high=2, theta_init=0, theta_plus=0,
            reward="error", vote_spikes=2, refrac=1, a_plus=(0,), a_minus=0,
            v_reset=1,
        ),
        {"v_reset": 0},
        learn=(1, 1, 1, 1, 1, 0, 0, 0),
        seed=5,
        readback=False,
    ),
    # Steps, spikes and presentations beyond what a few bits count.
    "long": SmallNetwork(
        replace(
            SMALL, n_neurons=3, n_lanes=2, n_steps=270, rate_shift=2, stop_after=130, vote_spikes=2,
            theta_init=10, theta_plus=1, theta_decay_shift=1, theta_decay_period=300, refrac=40,
            a_plus=(60,) * 40, a_minus=30, v_th=5, offset_plus=3,
        ),
        {},
        learn=(1, 1, 0),
        presented=43,
        bright=0.3,
        seed=2,
        readback=False,
    ),
}  # fmt: skip
"""The battery, by name."""
