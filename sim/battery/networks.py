"""Short runs that show every feature of the core, for finding faults: networks and stimuli."""

from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from golden.cycles.stimulus import Stimulus
from golden.dense import core as golden
from golden.dense import program
from golden.dense.interface import DATA, STREAMS, BusRequest, MemoryMap, Region, Start
from golden.dense.params import Params
from golden.dense.registers import register_map, values
from golden.dense.timing.costs import SERVED
from golden.dense.timing.machine import Machine
from golden.dense.timing.session import Session
from golden.dense.timing.stimulus import items

LONGEST = 20_000
"""Cycles within which a run must have come to its end."""


@dataclass(frozen=True)
class Network:
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
NETWORKS = {
    # Padding lanes, both leaks, refractory time, inhibition, decay, soft bounds, votes of two rows.
    "plain": Network(
        replace(
            TINY, n_neurons=5, n_lanes=2, leak_shift=3, leak_sub=1, v_reset=-3, v_th=20,
            theta_init=25, theta_plus=40, offset_plus=30, theta_decay_shift=2, theta_decay_period=3,
            refrac=3, v_inhibit=9, a_plus=(60, 40, 20), a_minus=30, vote_spikes=3, vote_bits=10,
        ),
        {"refrac": 2},
        learn=(1, 1, 0, 1, 0),
        presented=(1 << 32) - 2,
        offset=450,
    ),
    # Deferred depression, both camps, dropout, hard bounds, dry run; shorter than it was made for.
    "late": Network(
        replace(
            TINY, n_neurons=7, n_lanes=3, encoder="periodic", period_num=900, period_offset=60,
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
    "ballot": Network(
        replace(
            TINY, n_neurons=5, n_lanes=1, single_port=True, encoder="latency", weight_bits=3,
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
    "full": Network(
        replace(
            TINY, n_neurons=4, n_lanes=4, encoder="bernoulli", rate_shift=1, weight_bits=2,
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
    # Cells of directions, nothing that can be left out.
    "oriented": Network(
        replace(
            TINY, n_neurons=2, n_lanes=1, receptive_field="oriented", height=6, width=7,
            rf_stride=2, rf_shift=2, n_steps=12, encoder="bernoulli",
            v_width=12, v_th=1500, theta_init=40, theta_plus=5, stop_after=1,
            a_plus=(64, 32),
        ),
        {},
        learn=(1, 0, 1),
        stall=0.2,
        bright=0.5,
        readback=False,
    ),
    # More lanes than are chosen from at once.
    "wide": Network(
        replace(TINY, n_neurons=6, n_lanes=6, a_plus=(60, 40, 20), a_minus=30, vote_spikes=2),
        {},
        learn=(1, 1, 0, 1, 0),
        readback=False,
    ),
    # All neurons alike: every election is a tie, and every lead is of exactly no margin.
    "ties": Network(
        replace(
            TINY, n_neurons=6, n_lanes=2, w_init_low=1, w_init_high=2, theta_init=0, theta_plus=0,
            reward="error", vote_spikes=2, refrac=1, a_plus=(0,), a_minus=0,
        ),
        {},
        learn=(1, 1, 1, 1, 1, 0, 0, 0),
        seed=5,
        readback=False,
    ),
    # Steps, spikes and presentations beyond what a few bits count.
    "long": Network(
        replace(
            TINY, n_neurons=3, n_lanes=2, n_steps=270, rate_shift=2, stop_after=130, vote_spikes=2,
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


@cache
def stimulus(name: str) -> Stimulus:
    """Return what is done to a network: it is loaded, learns, gets votes, goes on, is read back."""
    network = NETWORKS[name]
    rng = np.random.default_rng(network.seed)
    loading, votes, touching, reading = _requests(network, rng)
    pixels, starts = _images(network, rng)
    n = len(loading) * SERVED
    go = {stream: rng.random(LONGEST) >= network.stall for stream in STREAMS}
    go["bus"][:] = go["start"][:n] = False
    go["bus"][:n] = go["response"][:n] = True
    first = _ends(network, Stimulus(items(pixels, starts, loading), go))[0]
    go["bus"][first : first + len(votes) * SERVED] = True
    # Then a request here and there, put forward during a presentation and served after it.
    go["bus"][first : first + 4000 : 200] = True
    requests = [*loading, *votes, *touching]
    # The rest of them before the last presentation, and the reading after it.
    *_, last = _ends(network, Stimulus(items(pixels, starts[:-1], requests), go))
    go["bus"][last : last + 2 * len(touching) * SERVED] = True
    *_, last = _ends(network, Stimulus(items(pixels, starts, requests), go))
    # What is read, and what no presentation could begin with, comes after all presentations.
    asked = _session(network).run(Stimulus(items(pixels, starts, requests), go))
    go["bus"][np.flatnonzero(asked["bus_ready"])[-1] : last] = False
    go["bus"][last:] = True
    requests += reading
    whole = Stimulus(items(pixels, starts, requests), go)
    rows = _session(network).run(whole)
    end = np.flatnonzero(rows["response_valid"])[-1] + SERVED
    return whole.cut(int(end))


@cache
def expected(name: str) -> NDArray[np.void]:
    """Return the record that golden predicts."""
    return _session(NETWORKS[name]).run(stimulus(name))


def _session(network):
    """Return what begins with a reset, after which the registers hold what the core is made for."""
    machine = Machine.reset(network.built)
    machine.registers |= values(network.built, network.built)
    return Session(network.built, program.register_types(network.built), machine)


def _images(network, rng):
    p, n = network.p, len(network.learn)
    pixels = rng.integers(0, 256, (n, p.height * p.width))
    pixels *= rng.random(pixels.shape) < network.bright
    image, kept = network.dark
    pixels[image] *= rng.random(pixels.shape[1]) < kept
    labels = rng.integers(0, p.n_classes, n).tolist()
    starts = [Start(bool(learn), label) for learn, label in zip(network.learn, labels, strict=True)]
    return pixels.ravel().astype(np.int64), starts


def _ends(network, whole):
    """Return the cycles in which results stand."""
    session = _session(network)
    session.run(whole)
    return [end for _, end in session.starts]


def _requests(network, rng):
    """Return requests to load the network, votes, odds and ends, and to read all of it back."""
    p, built = network.p, network.built
    theta = rng.integers(0, p.theta_init, p.n_neurons, endpoint=True)
    state = golden.initial(p, network.seed)._replace(
        theta=theta, presented=network.presented, offset=network.offset
    )
    shape = (built.vote_spikes, p.n_neurons, p.n_classes)
    classes, votes = (
        rng.integers(0, p.n_classes, p.n_neurons),
        rng.integers(0, p.vote.max + 1, shape),
    )
    here = set(program.parameters(built, built))
    loading = [
        *(r for r in program.parameters(p, built) if r not in here or r.region == Region.TABLE),
        *(r for r in program.state(p, built, state) if r.region != Region.LAST),
        *program.labels(built, classes, None),
    ]
    spikes = [BusRequest(0, Region.SPIKES, rank) for rank in range(p.vote_spikes)]
    index = list(register_map(built)).index
    later = [
        BusRequest(1, Region.REGISTERS, index(name), DATA.wrap(x))
        for name, x in network.later.items()
    ]
    touching = [*spikes, *_touches(built, rng), *spikes, *later]
    reading = [*spikes, *_registers(built), *(program.readback(built) if network.readback else ())]
    reading += _full(built)
    return loading, list(program.labels(built, None, votes)), touching, reading


def _full(built):
    """Write every bit of every register, and read it; nothing can begin after that."""
    for index in range(len(register_map(built))):
        yield BusRequest(1, Region.REGISTERS, index, DATA.max)
        yield BusRequest(0, Region.REGISTERS, index)


def _registers(built):
    """Read all registers and tables."""
    n_gains = built.ltp_window + built.ltd_window
    return [
        *(BusRequest(0, Region.REGISTERS, i) for i in range(len(register_map(built)))),
        *(BusRequest(0, Region.TABLE, i) for i in range(n_gains)),
    ]


def _touches(built, rng):
    """Write and read here and there, with bits set that are of no meaning."""
    at, bits = MemoryMap(built), MemoryMap(built).lane_bits
    places = [
        (Region.WEIGHTS, (built.n_words << bits) | built.n_lanes - 1),
        (Region.THETA, (built.n_words - 1) << bits),
        (Region.LAST, built.n_axons - 1),
        (Region.TABLE, built.ltp_window - 1),
        (Region.WEIGHTS, (at.n_weight_words - 1) << bits),
        (Region.REGISTERS, list(register_map(built)).index("lfsr")),
    ]
    for region, index in places:
        low = int(rng.integers(0, built.w.max + 1))
        yield BusRequest(1, region, index, 0xA5A50000 | low)
        yield BusRequest(0, region, index)
