"""A sample of mutants, from its drawing to a verdict on each, on several processes."""

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, field
from typing import Any

from golden.command.processes import workers
from sim.battery.dialogues import DIALOGUES
from sim.battery.networks import NETWORKS
from sim.mutation.beds import CORE, LINK, Bed, Found, made
from sim.mutation.equivalence import equivalent
from sim.mutation.netlist import Mutant
from sim.targets.target import SimulatorError

CAUGHT, EQUIVALENT, SURVIVED = "caught", "equivalent", "survived"
BEDS = {CORE: tuple(NETWORKS), LINK: tuple(DIALOGUES)}
"""Names of the beds of a part of the hardware."""
GROUP = 8
"""Mutants that a process takes at a time."""
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
        `CORE` or `LINK`.
    n : int
        Mutants, of all its beds together.
    seed : int
        Of their choice.
    n_lives : int
        Random lives that a core is led through, beside its network's own run.
    jobs : int
        Processes.
    """

    def __init__(self, part: str, n: int, seed: int, n_lives: int, jobs: int):
        self._jobs = jobs
        shares = {name: len(range(i, n, len(BEDS[part]))) for i, name in enumerate(BEDS[part])}
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
        groups = [(name, (0,)) for name in self._beds]
        groups += [(name, numbers) for name, numbers in _grouped(mutants)]
        found: dict[tuple[str, int], Found | None] = {}
        for part in self._all(self._try, groups, "mutants", tell):
            found |= part
        if wrong := [told for (_, number), told in found.items() if number == 0 and told]:
            raise SimulatorError(f"the true design must be as predicted, not differ: {wrong[0]}")
        left = [(name, m) for name, m in mutants if not found[name, m.number]]
        same: set[tuple[str, int]] = set()
        for part in self._all(self._judge, list(_grouped(left)), "survivors", tell):
            same |= part
        return [_verdict(name, m, found[name, m.number], same) for name, m in mutants]

    def _try(self, name: str, numbers: Sequence[int]) -> dict[tuple[str, int], Found | None]:
        bed = self._beds[name]
        return {(name, number): bed.difference(number) for number in numbers}

    def _judge(self, name: str, numbers: Sequence[int]) -> set[tuple[str, int]]:
        netlist = self._beds[name].netlist
        return {(name, number) for number in equivalent(netlist, numbers)}

    def _all(self, work: Callable, orders: Sequence[tuple], what: str, tell: Tell) -> list[Any]:
        """Return what comes of work, in its order; children know what is known here."""
        tell(what, 0, len(orders))
        done: dict[int, Any] = {}
        _shared[what] = work
        with workers(self._jobs, "fork", _prepare) as pool:
            futures = {pool.submit(_call, what, *order): i for i, order in enumerate(orders)}
            for future in as_completed(futures):
                done[futures[future]] = future.result()
                tell(what, len(done), len(orders))
        return [done[i] for i in range(len(orders))]


_shared: dict[str, Callable] = {}
"""What children may be asked for: they inherit it, as beds are too large to be sent."""


def _call(what: str, *order) -> Any:
    return _shared[what](*order)


def _grouped(mutants: Sequence[tuple[str, Mutant]]) -> Iterator[tuple[str, tuple[int, ...]]]:
    for name in dict.fromkeys(name for name, _ in mutants):
        numbers = [mutant.number for bed, mutant in mutants if bed == name]
        for start in range(0, len(numbers), GROUP):
            yield name, tuple(numbers[start : start + GROUP])


def _verdict(name, mutant, found, same) -> Verdict:
    if found:
        return Verdict(name, mutant, CAUGHT, found)
    return Verdict(name, mutant, EQUIVALENT if (name, mutant.number) in same else SURVIVED)


def _prepare() -> None:
    """Begin a process: nothing so far is garbage."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
