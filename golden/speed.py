"""Measure the engine of networks: processor time of seven networks of the literature.

Times are processor time on one core of this machine at this moment: compare ratios measured in one
session. `first_s` is what a new user waits for the first step after the network is built, with the
compiler if its results are not yet on disk. Runs are repeated, and the fastest counts. An event is
a spike that reaches a synapse. Exit status: 0 done, 2 bad options.

  poisson   2,500 Poisson inputs, 0 to 100 Hz, all to all on 2,500 LIF cells, 1 ms
  drn       Neurapse's dynamic random network: 500 LIF cells, 25,000 synapses, 1 to 20 ms, 1/8 ms
  spnet     Izhikevich's 1,000 cells, 100,000 synapses of 1 to 20 ms, without learning, 1 ms
  plastic   drn, whose excitatory synapses learn by pairs, each of the nearest spikes
  learning  spnet, whose excitatory synapses learn as in golden.examples.spnet
  cuba      Vogels and Abbott's 4,000 cells with currents, 2 %, 1/8 ms
  coba      the same with conductances

for example:
  python -m golden.speed
  python -m golden.speed --only cuba,coba --out speed.csv
"""

import csv
import io
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from typing import Any

import numpy as np

from golden import cells
from golden.builder import (
    Network,
    Poisson,
    SpikeTrain,
    all_to_all,
    fixed_fan_out,
    fixed_probability,
    normal,
    one_to_one,
    uniform,
    whole,
)
from golden.command.atomic import write_atomically
from golden.command.console import OK, OUT, InputError
from golden.command.frame import Command, Parser
from golden.command.options import to_write
from golden.examples import spnet as polychrony
from golden.network.blueprint import Blueprint
from golden.network.engine.engine import Engine
from golden.network.rules import PairSTDP, Rule
from golden.network.state import NetworkState

REPEATS = 3


def poisson() -> tuple[Network, int]:
    """Return the network and its steps."""
    net, n = Network(dt=1), 2500
    rain = net.input(n, Poisson(np.random.default_rng(1).uniform(0, 100, n)), "rain")
    cell = cells.LIF(
        tau=100, threshold=-52, refractory=5, lowest=-300, receptors=(cells.Delta("exc"),)
    )
    net.connect(rain, net.population(n, cell, "cells"), all_to_all(), weight=normal(0, 1), zeros=1)
    return net, 1000


def drn(rule: Rule | None = None) -> tuple[Network, int]:
    """Return the network and its steps; weights are 3,000 pA by 30 nS."""
    net = Network(dt="1/8 ms")
    current = cells.CurrentTwoExponentials("exc", decay=15, rise=3.75, normal=False)
    lif = cells.LIF(
        tau=10,
        rest=-70,
        reset=-70,
        threshold=20,
        refractory=2,
        method="second order",
        receptors=(current,),
    )
    exc, inh = net.population(400, lif, "exc"), net.population(100, lif, "inh")
    rain = net.input(25, Poisson(80), "rain")
    net.connect(rain, exc[:25], one_to_one(), weight=100)
    each = fixed_fan_out(50, self_too=True)
    net.connect(exc, exc + inh, each, weight=100, delay=uniform(1, 20), rule=rule)
    net.connect(inh, exc, fixed_fan_out(50), weight=-100, delay=1)
    return net, 20_000


def plastic() -> tuple[Network, int]:
    """Return the network and its steps."""
    return drn(
        PairSTDP(w_max=500, a_plus=0.01, a_minus=0.07, pairs="nearest", dependence="proportional")
    )


def learning() -> tuple[Network, int]:
    """Return the network and its steps."""
    return polychrony.network(seconds=10), 10_000


def spnet() -> tuple[Network, int]:
    """Return the network and its steps; in each a random cell gets a current of 20."""
    net, steps = Network(dt=1), 10_000
    exc = net.population(800, cells.Izhikevich(substeps=2), "exc")
    inh = net.population(200, cells.Izhikevich(a=0.1, d=2, substeps=2), "inh")
    whom = np.random.default_rng(1).integers(0, 1000, steps)
    thalamus = net.input(1000, SpikeTrain(np.arange(steps), whom), "thalamus")
    net.connect(thalamus, exc + inh, one_to_one(), weight=20)
    net.connect(exc, exc + inh, fixed_fan_out(100, self_too=True), weight=6, delay=whole(1, 20))
    net.connect(inh, exc, fixed_fan_out(100), weight=-5, delay=1)
    return net, steps


def cuba() -> tuple[Network, int]:
    """Return the network and its steps."""
    currents = cells.CurrentExponential("exc", tau=5), cells.CurrentExponential("inh", tau=10)
    return _vogels_abbott(-49, currents, 1.62, -9), 10_000


def coba() -> tuple[Network, int]:
    """Return the network and its steps; conductances that are there at first ignite it."""
    net = _vogels_abbott(
        -60,
        (
            cells.ConductanceExponential("exc", tau=5, reversal=0),
            cells.ConductanceExponential("inh", tau=10, reversal=-80),
        ),
        0.6,
        6.7,
    )
    spark = net.input(1, SpikeTrain([0]), "spark")
    for receptor, start in (("exc", normal(4, 1.5)), ("inh", normal(20, 12))):
        net.connect(spark, net.populations["cells"], weight=start, receptor=receptor)
    return net, 10_000


def _vogels_abbott(rest: float, receptors: tuple, exc: float, inh: float) -> Network:
    net, start = Network(dt="1/8 ms"), np.random.default_rng(3).uniform(-60, -50, 4000)
    lif = cells.LIF(
        tau=20, rest=rest, reset=-60, threshold=-50, refractory=5, v=start, receptors=receptors
    )
    all_ = net.population(4000, lif, "cells")
    by_chance = fixed_probability(0.02, self_too=True)
    net.connect(all_[:3200], all_, by_chance, weight=exc, receptor="exc")
    net.connect(all_[3200:], all_, by_chance, weight=inh, receptor="inh")
    return net


NETWORKS: dict[str, Callable[[], tuple[Network, int]]] = {
    make.__name__: make for make in (poisson, drn, spnet, plastic, learning, cuba, coba)
}


def measured(name: str) -> dict[str, Any]:
    """Return the figures of a network."""
    net, steps = NETWORKS[name]()
    began = time.process_time()
    blueprint = net.build().blueprint
    built = time.process_time() - began
    began = time.process_time()
    Engine(blueprint, NetworkState.start(blueprint)).advance(1)
    first = time.process_time() - began
    best, counts = np.inf, np.zeros(0)
    for _ in range(REPEATS):
        engine, done, counts = Engine(blueprint, NetworkState.start(blueprint)), 0, 0
        spent = 0.0
        while done < steps:
            began = time.process_time()
            chunk = engine.advance(steps - done)
            spent += time.process_time() - began
            done += chunk.steps
            counts = counts + np.bincount(chunk.spike_neurons, minlength=blueprint.neurons)
        best = min(best, spent)
    events = int(np.sum(counts * fan_out(blueprint)))
    return {
        "network": name,
        "neurons": blueprint.neurons,
        "synapses": blueprint.synapses,
        "steps": steps,
        "build_s": round(built, 2),
        "first_s": round(first, 2),
        "run_s": round(best, 4),
        "steps_per_s": int(steps / best),
        "spikes": int(np.sum(counts)),
        "events": events,
        "events_per_s": int(events / best),
    }


def fan_out(blueprint: Blueprint) -> np.ndarray:
    """Return how many synapses each neuron sends its spikes to."""
    total = np.zeros(blueprint.neurons, np.int64)
    for rows in blueprint.rows:
        first = blueprint.groups[rows.source].first
        total[first : first + len(rows.start) - 1] += np.diff(rows.start)
    return total


def add_options(parser: Parser) -> None:
    """Add what the user can say."""
    parser.add_argument("--only", default=",".join(NETWORKS), help="names, with commas between")
    parser.add_argument("--out", type=to_write, metavar="FILE", help="a table to write")


def speed(args: Namespace) -> int:
    """Measure, print and write."""
    names = args.only.split(",")
    for name in names:
        if name not in NETWORKS:
            raise InputError(f"--only must be some of {', '.join(NETWORKS)}, not {name}")
    rows = []
    for name in names:
        rows.append(measured(name))
        row = rows[-1]
        OUT.print(
            f"{name:8} {row['run_s']:8.4f} s, {row['steps_per_s']:12,} steps/s, "
            f"{row['events_per_s']:14,} events/s, first step after {row['first_s']:.1f} s"
        )
    if args.out:
        text = io.StringIO()
        table = csv.DictWriter(text, rows[0], lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
        write_atomically(args.out, text.getvalue().encode())
    return OK


main = Command("golden.speed", __doc__, add_options, speed)

if __name__ == "__main__":
    sys.exit(main())
