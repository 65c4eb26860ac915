"""A random small network in lock-step, and the smallest of it that still fails."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from golden.cells.schedule import Fabric
from golden.network.blueprint import Blueprint
from golden.network.chip import Chip
from golden.network.placement import Room, placed
from sim.battery.one_rule import one_rule
from sim.battery.zoo import network
from sim.jobs.job import Stalls
from sim.jobs.network import NetworkFigures, NetworkJob
from sim.records.comparison import Comparison
from sim.targets.target import open_target

SHARES = (0.0, 0.3, 0.7)
"""Of the cycles in which each stream stands still."""
STEPS, EVERY = 40, 20


@dataclass(frozen=True)
class ZooCase:
    """A network on a core, and how long it runs."""

    seed: int
    blueprint: Blueprint
    chip: Chip
    share: float
    steps: int = STEPS
    off: frozenset[int] = frozenset()
    """Groups of which nothing that they send learns."""

    def failure(self, simulator: str) -> str:
        """Return what is not equal; "" if all is."""
        return self.run(simulator)[1]

    def run(self, simulator: str) -> tuple[NetworkFigures, str]:
        """Return what happened, and what is not equal; "" if all is."""
        learning = [rows.source not in self.off for rows in self.blueprint.rows]
        placement = placed(self.blueprint, self.chip)
        job = NetworkJob(placement, self.steps, EVERY, learning=learning)
        with open_target(simulator, job.core()) as target:
            comparison = Comparison(target, job.figures())
            for piece in job.pieces(Stalls(self.share, self.seed)):
                if not comparison.step(piece):
                    return comparison.figures, str(comparison.mismatch)
        last = job.checks[-1]
        same = f"state after step {last.step}: {last.got}, expected {last.expected}"
        return comparison.figures, "" if last.equal else same

    def __str__(self) -> str:
        return "\n".join((
            f"{self.steps} steps, stalls {self.share:g}, queue {self.chip.queue}",
            f"switched off: what groups {sorted(self.off)} send",
            *(f"{g.name}: {g.size} neurons, winners {g.winners}" for g in self.blueprint.groups),
            *(f"{r.name}: {r.synapses} synapses" for r in self.blueprint.rows),
            *(f"current into group {d.group} at {d.receptor}" for d in self.blueprint.drives),
        ))


def random_network_case(seed: int, fabric: Fabric | None = None) -> ZooCase:
    """Return the case of a number: always the same one."""
    blueprint = network(seed).build().blueprint
    chip = placed(blueprint, fabric=fabric, queue=64 * 256).chip
    return ZooCase(seed, blueprint, chip, SHARES[seed % len(SHARES)])


def learning_case(seed: int, fabric: Fabric | None = None, late: bool = False) -> ZooCase:
    """Return a case of a network that learns, in which few posts may wait, and not for long.

    With ``late`` its rule looks at rewards or has a norm.
    """
    blueprint = one_rule(seed, fabric, late).build().blueprint
    room = Room(posts=2 << seed % 3, span_bits=3 + seed % 4)
    chip = placed(blueprint, fabric=fabric, queue=64 * 256, room=room).chip
    return ZooCase(
        seed, blueprint, chip, SHARES[seed % len(SHARES)], off=switched_off(blueprint, seed)
    )


def switched_off(blueprint: Blueprint, seed: int) -> frozenset[int]:
    """Return groups of which nothing learns that they send: in half of all cases, none."""
    random = np.random.default_rng([seed, 2])
    few = random.random(len(blueprint.groups)) < (0.3 if seed % 2 else 0)
    return frozenset(np.flatnonzero(few).tolist())


def shrunk_network(case: ZooCase, fails: Callable[[ZooCase], bool]) -> ZooCase:
    """Return a smaller case that still fails, on the same core."""
    while smaller := next((c for c in _smaller(case) if fails(c)), None):
        case = smaller
    return case


def _smaller(case: ZooCase) -> Iterator[ZooCase]:
    """Yield cases that are smaller by one thing, the boldest first."""
    blueprint = case.blueprint
    if case.share:
        yield replace(case, share=0.0)
    if case.steps > 1:
        yield replace(case, steps=case.steps // 2)
        yield replace(case, steps=case.steps - 1)
    without = partial(replace, blueprint)
    for k in range(len(blueprint.rows)):
        rows = blueprint.rows[:k] + blueprint.rows[k + 1 :]
        yield replace(case, blueprint=without(rows=rows))
    for k in range(len(blueprint.drives)):
        # Its constant stays part of the kind, so the current is 0 instead.
        drive = blueprint.drives[k]
        if drive.deviation is None and drive.levels.any():
            nothing = replace(drive, levels=drive.levels * 0)
            drives = (*blueprint.drives[:k], nothing, *blueprint.drives[k + 1 :])
            yield replace(case, blueprint=without(drives=drives))
    for k, group in enumerate(blueprint.groups):
        if group.winners is not None:
            groups = (
                *blueprint.groups[:k],
                replace(group, winners=None),
                *blueprint.groups[k + 1 :],
            )
            yield replace(case, blueprint=without(groups=groups))
