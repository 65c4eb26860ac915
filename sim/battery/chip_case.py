"""What a random network core is put through, and the smallest of it that still fails.

It is filled over its bus, runs while the host reads and writes, and is read back.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from golden.cells.schedule import GENERIC, Fabric
from golden.cycles.stimulus import Stimulus
from golden.network.chip import Chip
from golden.network.interface import BusRequest, Region, registers, streams
from golden.network.timing.memories import CELLS, Memories
from golden.network.timing.requests import SERVED
from golden.network.timing.timeline import Timeline
from sim.battery.chips import random_chip, random_contents, reads, writes
from sim.battery.learner_chips import once, with_learner, writable

SHARES = (0.0, 0.0, 0.3, 0.7)
"""Of the cycles in which each stream stands still."""
RUNNING = 3000
"""Cycles between filling and reading back."""
OPEN = ("seed", "quiet", "lost", "learn", "period", "until")
"""Registers that a host may write at any time."""
SOON = {"quiet": 1, "period": 7, "until": 7}
"""The largest values of some, so that it comes to something."""
LEARNERS = 0.4
"""How often a core learns."""


@dataclass(frozen=True)
class ChipCase:
    """A core, what is in it, and what happens at its ports."""

    seed: int
    """Of when the streams move."""
    share: float
    contents: Memories
    steps: tuple[int, ...]
    """Of each start."""
    external: tuple[tuple[int, int], ...]
    asked: tuple[BusRequest, ...]
    """While it runs."""

    def stimulus(self) -> Stimulus:
        """Return what happens at the ports."""
        chip, random = self.contents.chip, np.random.default_rng(self.seed)
        before, after = writes(self.contents), reads(chip)
        slow = SERVED / (1 - self.share) ** 2
        running = RUNNING * pace(chip)
        begin, end = int(slow * len(before)), int(slow * len(before)) + running
        n_cycles = end + int(slow * len(after)) + 200
        go = {name: random.random(n_cycles) >= self.share for name in streams(chip)}
        go["start"][:begin] = False
        go["bus"][begin:end] = random.random(running) < len(self.asked) / running
        items = {
            "start": self.steps,
            "external": self.external,
            "bus": [*before, *self.asked, *after],
        }
        return Stimulus(items, go)

    def record(self) -> tuple[Stimulus, NDArray[np.void]]:
        """Return what happens at the ports, and what the model says of it."""
        stimulus = self.stimulus()
        return stimulus, Timeline(Memories(self.contents.chip), stimulus).run()

    def __str__(self) -> str:
        chip = self.contents.chip
        kinds = ", ".join(
            f"{k.slots} {k.name} every {k.interval}"
            + (f" with its own {', '.join(k.varying)}" if k.varying else "")
            for k in chip.kinds
        )
        filled = {
            number: [f"{word:x}" for word in self.contents.words(number).tolist()]
            for number in range(len(self.contents.extents))
        }
        sizes = {
            name: value
            for name, value in vars(chip).items()
            if isinstance(value, int) and not name.startswith("_")
        }
        return "\n".join((
            f"kinds: {kinds}",
            f"sizes: {sizes}",
            f"stalls {self.share:g}, starts {self.steps}, external {self.external}",
            f"requests {[tuple(request) for request in self.asked]}",
            *(f"region {number}: {' '.join(words)}" for number, words in filled.items()),
        ))


def random_case(seed: int, fabric: Fabric = GENERIC) -> ChipCase:
    """Return the case of a number: always the same one."""
    random, apart = np.random.default_rng([seed, 5]), np.random.default_rng([seed, 7])
    chip = random_chip(random, fabric)
    if apart.random() < LEARNERS:
        chip = with_learner(chip, apart)
    return case_of(random_contents(chip, random), seed, random)


def case_of(contents: Memories, seed: int, random: np.random.Generator) -> ChipCase:
    """Return what may happen to a core that is filled so, drawn at random.

    Parameters
    ----------
    seed : int
        Of the case: it says when streams move.
    """
    most = 40 * pace(contents.chip)
    axons = random.integers(0, contents.chip.axons, int(random.integers(0, most))).tolist()
    external = [(0, axon) if axon % 3 else (1, axon % 2) for axon in axons]
    steps = random.integers(0, 5, int(random.integers(1, 6))) * pace(contents.chip)
    if contents.chip.learner:
        external = once(contents, external)
    return ChipCase(
        seed,
        float(random.choice(SHARES)),
        contents,
        tuple(steps.tolist()),
        (*external, *[(1, 0)] * int(steps.sum())),
        tuple(_asked(contents, random, int(random.integers(0, 20)))),
    )


def pace(chip: Chip) -> int:
    """Return how many times longer a core runs than others: what learns needs a past of its own."""
    return 3 if chip.learner else 1


def _asked(contents: Memories, random: np.random.Generator, most: int) -> Iterator[BusRequest]:
    """Read anything, and write what may be anything."""
    names = list(registers(contents.chip))
    for _ in range(most):
        region = int(random.integers(len(contents.extents)))
        words, _ = contents.extents[region]
        if not words:
            continue
        index, data = int(random.integers(words)), int(random.integers(1 << 32))
        write = int(random.integers(2))
        free = region - CELLS in range(len(contents.chip.words))
        if region == Region.REGISTERS:
            free, data = names[index] in OPEN, data & SOON.get(names[index], data)
        elif contents.chip.learner and (other := writable(contents, region, random)) is not None:
            free, data = True, other
        yield BusRequest(write if free else 0, region, index, data)


def shrunk(case: ChipCase, fails: Callable[[ChipCase], bool]) -> ChipCase:
    """Return a smaller case that still fails; the core stays the same."""
    while smaller := next((c for c in _smaller(case) if fails(c)), None):
        case = smaller
    return case


def _smaller(case: ChipCase) -> Iterator[ChipCase]:
    """Yield cases that are smaller by one thing, the boldest first."""
    if case.share:
        yield replace(case, share=0.0)
    if case.asked:
        yield replace(case, asked=())
        yield replace(case, asked=case.asked[:-1])
    if len(case.steps) > 1:
        yield replace(case, steps=case.steps[:1])
        yield replace(case, steps=case.steps[:-1])
    if case.steps and case.steps[-1] > 1:
        yield replace(case, steps=(*case.steps[:-1], case.steps[-1] - 1))
    if case.external[:1] and not case.external[0][0]:
        yield replace(case, external=case.external[1:])
    for name in ("groups", "length", "listen", "quiet", "lost"):
        if value := case.contents.registers[name]:
            for less in {0, value - 1}:
                contents = case.contents.copy()
                contents.registers[name] = less
                yield replace(case, contents=contents)
    for region in (Region.ROW_RUNS, *range(CELLS, CELLS + len(case.contents.chip.words))):
        for index in np.flatnonzero(case.contents.words(region)).tolist():
            contents = case.contents.copy()
            contents.serve(BusRequest(1, region, index, 0))
            yield replace(case, contents=contents)
