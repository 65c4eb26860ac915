"""A sample of mutants, from its drawing to a verdict on each, on several processes."""

import gc
from collections.abc import Callable, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, field
from typing import Any

from golden.command.processes import workers
from sim.battery.cores import CORES
from sim.battery.dialogues import IMAGE_DIALOGUES
from sim.battery.networks import NETWORKS
from sim.mutation.beds import CORE, LINK, NETWORK, Bed, Found, made
from sim.mutation.equivalence import equivalent
from sim.mutation.journal import Journal
from sim.mutation.netlist import Mutant
from sim.targets.target import SimulatorError

CAUGHT, EQUIVALENT, SURVIVED = "caught", "equivalent", "survived"
IDLE = "idle"
"""A network core without groups: its gates are those of another."""
BEDS = {
    CORE: tuple(NETWORKS),
    NETWORK: tuple(name for name in CORES if name != IDLE),
    LINK: tuple(IMAGE_DIALOGUES),
}
"""Names of the beds of a part of the hardware."""
Tell = Callable[[str, int, int], None]
"""Hears what is done, how much of it, and of how much."""


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant."""

    bed: str
    """Network or dialogue in whose netlist it is."""
    mutant: Mutant
    outcome: str
    """`CAUGHT`, `EQUIVALENT` or `SURVIVED`."""
    found: Found = field(default=("", 0, ""))
    """The first difference."""

    def __str__(self) -> str:
        place = self.mutant.place
        where = f"hdl/{place.module}.py:{place.line}: {self.mutant.text}, {self.bed}"
        return f"{where}: {self.outcome} {self.found[2]}".strip()


class Campaign:
    """Mutants of a part of the hardware; nothing is done before `run`.

    Parameters
    ----------
    part : str
        `CORE`, `NETWORK` or `LINK`.
    n : int
        Mutants, of all its beds together.
    seed : int
        Of their choice.
    n_lives : int
        Random lives that a core is led through, beside its network's own run.
    jobs : int
        Processes.
    journal : Journal
        What is known already, and what becomes known.
    beds : sequence of str
        Some of those of the part, or all.
    """

    def __init__(
        self,
        part: str,
        n: int,
        seed: int,
        n_lives: int,
        jobs: int,
        journal: Journal,
        beds: Sequence[str],
    ):
        self._part, self._jobs, self._journal = part, jobs, journal
        shares = {name: len(range(i, n, len(beds))) for i, name in enumerate(beds)}
        self._orders = [
            (part, name, share, seed, n_lives) for name, share in shares.items() if share
        ]
        self._beds: dict[str, Bed] = {}

    def run(self, tell: Tell) -> list[Verdict]:
        """Return the verdicts.

        Raises
        ------
        SimulatorError
            If a netlist cannot be made, or its true design is not as predicted.
        """
        self._beds = {bed.name: bed for bed in self._all(made, self._orders, "netlists", tell)}
        mutants = [(bed.name, m) for bed in self._beds.values() for m in bed.netlist.mutants]
        numbers = [(name, 0) for name in self._beds] + [(name, m.number) for name, m in mutants]
        self._answer("found", self._try, numbers, "mutants", tell)
        found = {key: self._known("found", *key) for key in numbers}
        if wrong := [told for (_, number), told in found.items() if number == 0 and told]:
            raise SimulatorError(f"the true design must be as predicted, not differ: {wrong[0]}")
        left = {
            name: [m.number for of, m in mutants if of == name and not found[name, m.number]]
            for name in self._beds
        }
        self._answer(
            "same", self._judge, [(name, tuple(n)) for name, n in left.items()], "survivors", tell
        )
        same = {
            (name, n)
            for name, all_left in left.items()
            for n in self._known("same", name, all_left)
        }
        return [_verdict(name, m, found[name, m.number], same) for name, m in mutants]

    def _try(self, name: str, number: int) -> Found | None:
        return self._beds[name].difference(number)

    def _judge(self, name: str, numbers: Sequence[int]) -> list[int]:
        bed = self._beds[name]
        return sorted(equivalent(bed.netlist, numbers, bed.heard))

    def _known(self, kind: str, *order) -> Any:
        return self._journal[self._part, kind, *order]

    def _answer(self, kind: str, work: Callable, orders, what: str, tell: Tell) -> None:
        """Put into the journal what comes of work, if it is not there."""
        new = [order for order in orders if (self._part, kind, *order) not in self._journal]

        def keep(order, answer):
            self._journal[self._part, kind, *order] = answer

        self._all(work, new, what, tell, keep)

    def _all(self, work: Callable, orders: Sequence[tuple], what: str, tell: Tell, keep=None):
        """Return what comes of work, in its order; children know what is known here."""
        tell(what, 0, len(orders))
        done: dict[int, Any] = {}
        _shared[what] = work
        with workers(self._jobs, "fork", _prepare) as pool:
            futures = {pool.submit(_call, what, *order): i for i, order in enumerate(orders)}
            for future in as_completed(futures):
                i = futures[future]
                done[i] = future.result()
                if keep:
                    keep(orders[i], done[i])
                tell(what, len(done), len(orders))
        return [done[i] for i in range(len(orders))]


_shared: dict[str, Callable] = {}
"""What children may be asked for: they inherit it, as beds are too large to be sent."""


def _call(what: str, *order) -> Any:
    return _shared[what](*order)


def _verdict(name, mutant, found, same) -> Verdict:
    if found:
        play, cycle, text = found
        return Verdict(name, mutant, CAUGHT, (play, cycle, text))
    return Verdict(name, mutant, EQUIVALENT if (name, mutant.number) in same else SURVIVED)


def _prepare() -> None:
    """Begin a process: nothing so far is garbage."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
