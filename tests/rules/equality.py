"""Compare golden, which learns at once, and the engine, which learns late, on small networks.

Each network of `sim.battery.learners` runs three times. The first engine is read back after every
step, which replays all that it had put off, and must have golden's state hash. The second one is
not read back before it is begun anew from golden's state, or before the end, so that it must put
off: its spikes must be golden's. Now and then a reward is given, and learning is switched off and
on. Writes a table with
--out. Exit status: 0 all equal, 1 one differs (it is named, and runs again with --first).

for example:
  python -m tests.rules.equality --networks 300
  python -m tests.rules.equality --networks 300 --fabric up5k
"""

import sys
from collections import Counter
from functools import partial

import numpy as np

from golden.cells.schedule import FABRICS, Fabric
from golden.network.blueprint import Blueprint
from golden.network.engine.engine import Engine
from golden.network.rules.words import REWARD_MOST
from golden.network.state import NetworkState
from golden.network.stepping import StepModel
from sim.battery.learners import learners
from tests.shared.equality import compare, options

STEPS = 200


def main(argv: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = options("tests.rules.equality", __doc__)
    parser.add_argument(
        "--fabric",
        choices=list(FABRICS),
        help="build them for gates of this family (default: for none)",
    )
    args = parser.parse_args(argv)
    return compare(args, partial(compared, fabric=FABRICS.get(args.fabric)))


def compared(seed: int, fabric: Fabric | None = None) -> Counter[str]:
    """Compare one network, built for a family of parts if there is one; return what was in it.

    Raises
    ------
    AssertionError
        If golden and the engine differ.
    """
    blueprint = learners(seed).build(fabric).blueprint
    golden = StepModel(blueprint, NetworkState.start(blueprint))
    read, late = (Engine(blueprint, NetworkState.start(blueprint)) for _ in range(2))
    random = np.random.default_rng(seed)
    moved, off = 0, 0
    for step in range(STEPS):
        for group, amounts in _rewards(blueprint, random):
            for model in (golden, read, late):
                model.give(group, amounts)
        spikes = [model.advance(1).spike_neurons.tolist() for model in (golden, read, late)]
        where = f"network {seed}, step {step}"
        assert spikes[0] == spikes[1] == spikes[2], where
        expected = golden.state()
        state = read.state()
        assert state.sha256() == expected.sha256(), where
        moved += _moved(blueprint, expected)
        if random.random() < 0.01:
            assert late.state().sha256() == expected.sha256(), where
            expected.learn((random.random(len(blueprint.rows)) < 0.8).tolist())
            read, late = (Engine(blueprint, expected) for _ in range(2))
        off += sum(not learned.on for learned in expected.learned if learned)
    assert late.state().sha256() == golden.state().sha256(), f"network {seed}, at the end"
    return _found(blueprint, golden.state(), moved, off)


def _rewards(
    blueprint: Blueprint, random: np.random.Generator
) -> list[tuple[int | None, np.ndarray]]:
    """Return rewards that are given before a step, now and then, beside those told in advance."""
    found: list[tuple[int | None, np.ndarray]] = []
    while random.random() < 0.03:
        group = int(random.integers(len(blueprint.groups)))
        size = blueprint.groups[group].size if random.random() < 0.5 else 1
        amounts = random.integers(-REWARD_MOST // 8, REWARD_MOST // 8, size)
        found.append((group if size > 1 else None, amounts))
    return found


def _moved(blueprint: Blueprint, state: NetworkState) -> int:
    """Return how many weights are not where they began."""
    return sum(
        int(np.count_nonzero(learned.words["w"] != rows.learning.start[0]))
        for rows, learned in zip(blueprint.rows, state.learned, strict=True)
        if rows.learning and learned
    )


def _found(blueprint: Blueprint, state: NetworkState, moved: int, off: int) -> Counter[str]:
    learning = [rows for rows in blueprint.rows if rows.learning]
    counts: Counter[str] = Counter({
        "networks": 1,
        "steps": state.step,
        "neurons": blueprint.neurons,
        "synapses": blueprint.synapses,
        "that learn": sum(rows.synapses for rows in learning),
        "spikes": sum(state.spikes),
        "weights moved": bool(moved),
        "connections switched off, in steps": off,
    })
    counts.update(rows.learning.rule for rows in learning if rows.learning)
    return counts


if __name__ == "__main__":
    sys.exit(main())
