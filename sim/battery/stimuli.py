"""What the networks of the battery hear, and the record of it that golden predicts."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from golden.cycles.stimulus import Stimulus
from golden.dense import core as golden
from golden.dense import program
from golden.dense.declaration import DATA
from golden.dense.interface import STREAMS, BusRequest, MemoryMap, Region, Start
from golden.dense.registers import register_map, values
from golden.dense.timing.costs import SERVED
from golden.dense.timing.machine import Machine
from golden.dense.timing.session import Session
from golden.dense.timing.stimulus import items
from sim.battery.networks import NETWORKS

LONGEST = 20_000
"""Cycles within which a run must have come to its end."""
WAITED = 3
"""Cycles that the first result is not taken, in a network whose streams stall."""


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
    if network.stall:
        # By chance alone, no result might ever have to wait.
        go["result"][first : first + WAITED] = False
        first += WAITED
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
    theta = rng.integers(0, p.theta_init << p.theta_shift, p.n_neurons, endpoint=True)
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
        # All bits beside a class in its rows are set: they are of no meaning.
        *program.labels(built, classes | -1 << built.label.width, None),
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
