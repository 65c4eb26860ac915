"""Compare golden and the engine on small random networks, after every step.

Each network of `sim.battery.zoo` runs step by step in both, and a third time compiled, in pieces,
each begun anew from golden's state. Compared are the hash of the state after every step, counts of
saturation with their first steps, and spikes. Writes a table with --out. Exit status: 0 all equal,
1 one differs (it is named, and runs again with --first).

for example:
  python -m tests.network.equality --networks 1000 --out docs/results/equality.csv
"""

import sys
from collections import Counter

import numpy as np

from golden.network.blueprint import Blueprint
from golden.network.engine.engine import Engine
from golden.network.state import NetworkState
from golden.network.stepping import StepModel
from sim.battery.zoo import network
from tests.shared.equality import compare, options

STEPS = 60


def main(argv: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    return compare(options("tests.network.equality", __doc__).parse_args(argv), compared)


def compared(seed: int) -> Counter[str]:
    """Compare one network; return what was in it.

    Raises
    ------
    AssertionError
        If golden and the engine differ.
    """
    blueprint = network(seed).build().blueprint
    golden = StepModel(blueprint, NetworkState.start(blueprint))
    fast, again = (Engine(blueprint, NetworkState.start(blueprint)) for _ in range(2))
    random = np.random.default_rng(seed)
    for step in range(STEPS):
        for model in (golden, fast, again):
            model.advance(1)
        expected, where = golden.state(), f"network {seed}, step {step}"
        for model in (fast, again) if step % 10 == 9 else (fast,):
            found = model.state()
            assert found.sha256() == expected.sha256(), where
            assert found.saturated == expected.saturated, where
            assert found.first_saturated == expected.first_saturated, where
            assert found.spikes == expected.spikes, where
        if random.random() < 0.05:
            again = Engine(blueprint, expected)
    return _found(blueprint, golden.state())


def _found(blueprint: Blueprint, state: NetworkState) -> Counter[str]:
    return Counter({
        "networks": 1,
        "steps": state.step,
        "neurons": blueprint.neurons,
        "synapses": blueprint.synapses,
        "with short-term plasticity": sum(r.synapses for r in blueprint.rows if r.release),
        "gap junctions": sum(len(g.pre) for g in blueprint.gaps),
        "groups that compete": sum(g.winners is not None for g in blueprint.groups),
        "spikes": sum(state.spikes),
        "saturated words": state.overflows,
        "differences": 0,
    })


if __name__ == "__main__":
    sys.exit(main())
