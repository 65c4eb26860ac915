"""What a user writes: a network of populations and connections."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from golden.builder.build import built
from golden.builder.declared import Declared
from golden.builder.given import whole
from golden.builder.monitors.monitor import LIMIT, Monitor
from golden.builder.monitors.recording import monitored, rescale, weighed
from golden.builder.overflow import RAISE, chosen
from golden.builder.pipelines import Hardware
from golden.builder.population import Population, Selection
from golden.builder.projection import Projection, SynapseSelection
from golden.builder.reward import Teacher, amounts, refuse_unused
from golden.builder.runner import ENGINES, Border, Make, Runner
from golden.builder.store import restored, saved
from golden.builder.units import how_long, step_length
from golden.cells.schedule import Fabric
from golden.cells.trace import OPERAND_BITS
from golden.command.atomic import write_atomically
from golden.network.blueprint import Blueprint
from golden.network.chip import Chip
from golden.network.plan import Plan
from golden.network.state import NetworkState

if TYPE_CHECKING:
    from golden.pictures.chart import Picture


class Network(Declared):
    """Populations of neurons, connected by synapses with delays, in integers.

    Parameters
    ----------
    dt : str or float
        The step in ms, a power of two: "1 ms", "1/2 ms", 0.125.
    any_step : bool
        Allow a step that is no power of two, as imported networks have.
    seed : int
        Of all that is random: connections, weights, Poisson spikes, noise. 0 to 2**32 - 1.

    Raises
    ------
    ValueError
        If ``dt`` is no power of two of a ms, or the seed is outside its range.
    """

    def __init__(self, dt: str | float = 1.0, seed: int = 1, any_step: bool = False):
        self.dt = step_length(dt, any_step)
        self.seed = whole(seed, "seed", 0, (1 << 32) - 1)
        super().__init__()
        self._monitors: list[Monitor] = []
        self._plan: Plan | None = None
        self._target: Hardware | None = None
        self._state: NetworkState | None = None
        self._runner: Runner | None = None

    def record(
        self,
        what: Population | Selection | Projection | SynapseSelection,
        variable: str = "spikes",
        every: int = 1,
        limit: int = LIMIT,
    ) -> Any:
        """Record spikes, a rate, a state variable or weights; return the monitor.

        Parameters
        ----------
        variable : str
            "spikes", "rate", or a state variable of one population; of a connection, or some of its
            synapses, "w" or a variable of its rule.
        every : int
            Read a state variable after every so many steps; steps of a bin of a rate.
        limit : int
            How many spikes, bins or numbers are kept at most.
        """
        if isinstance(what, Projection | SynapseSelection):
            self._monitors.append(weighed(what, variable, every, self.dt, limit))
            return self._monitors[-1]
        self._own(what)
        begins = np.cumsum([0, *(p.size for p in self._populations)]).tolist()
        firsts = [begins[part.population.number] + part.first for part in what.parts]
        monitor = monitored(what.parts, firsts, variable, every, self.dt, limit, self._operand_bits)
        self._monitors.append(monitor)
        return monitor

    def _now(self) -> tuple[Blueprint, NetworkState]:
        return self.build().blueprint, self.state

    @property
    def _operand_bits(self) -> int:
        return self._target.fabric.operand_bits if self._target else OPERAND_BITS

    def _made_for(self, target: Hardware | None) -> Plan:
        return built(
            self.dt,
            self.seed,
            self._populations,
            self._connections,
            self._currents,
            self._couplings,
            target,
            (*self._promises, *self._teachers),
        )

    def _reward_now(self, to: Population | None, amount: Any) -> None:
        blueprint = self.build().blueprint
        refuse_unused(blueprint.rows, to)
        given = amounts(blueprint.groups, to, amount)
        ready = self._ready("numba" if not self._runner else self._runner.engine, True)
        ready.give(to.number if to else None, given)

    def _asked(self, teacher: Teacher) -> Callable[[], None]:
        """Return what asks a teacher, and gives the reward."""

        def ask() -> None:
            amount = teacher.ask(self)
            if amount is not None and self._runner:
                given = amounts(self.build().blueprint.groups, teacher.to, amount)
                self._runner.give(teacher.to.number if teacher.to else None, given)

        return ask

    def _ready(self, engine: str | Make, learning: bool) -> Runner:
        """Return what runs it as it is wanted now."""
        ready, wanted = self._runner, self.who_learns(learning)
        if (
            not ready
            or ready.engine != engine
            or ready.monitors != tuple(self._monitors)
            or ready.learning != wanted
        ):
            plan, state = self.build(), self.state
            state.learn(wanted)
            borders = [Border(t.every, self._asked(t)) for t in self._teachers]
            ready = Runner(plan.blueprint, state, self._monitors, engine, borders)
            self._runner = ready
        return ready

    def _unbuilt(self) -> None:
        if self.begun:
            raise ValueError("a network must be complete before it runs or is given a reward")
        self._plan = None

    def build(
        self,
        fabric: Fabric | None = None,
        chip: Chip | None = None,
        board: str | None = None,
        room: int | None = None,
    ) -> Plan:
        """Turn everything into integers; return the plan, whose text is the report.

        Parameters
        ----------
        fabric : Fabric, optional
            Build it for gates of this family of parts: populations of one kind of cell share a
            pipeline as far as they can, and factors are as wide as its multipliers. The network
            then is the one so built, wherever it runs.
        chip : Chip, optional
            Build it for a chip that there is: its pipelines are imposed.
        board : str, optional
            Build it for a board's family, "ulx3s_85f", and say what memory and how many cycles it
            takes there.
        room : int, optional
            Let the gates take other networks of these cells, too: constants may have any sign, and
            those that are wider than a factor have so many more bits.

        Raises
        ------
        ValueError
            If something cannot be kept in its format, or has run before it is built for a target.
        """
        target = Hardware.of(fabric, chip, board, room)
        if target and not target.same(self._target):
            self._unbuilt()
            self._plan = self._made_for(target)
            self._target = target
            rescale(self._monitors, self.dt, self._operand_bits)
        if self._plan is None:
            self._plan = self._made_for(self._target)
        return self._plan

    @property
    def begun(self) -> bool:
        """Whether it has run, been given a reward, or goes on from a file."""
        return bool(self._runner or self._state)

    @property
    def state(self) -> NetworkState:
        """The state after the steps so far."""
        if self._runner:
            return self._runner.state
        return self._state or NetworkState.start(self.build().blueprint)

    def beginning(self) -> NetworkState:
        """Return a copy of the state after the steps so far, in which learns what is to learn."""
        state = deepcopy(self.state)
        state.learn(self.who_learns())
        return state

    def who_learns(self, learning: bool = True) -> tuple[bool, ...]:
        """Return of all rows whether they learn in a run with ``learning``."""
        off = {p.number for p in self._projections if not p.learning}
        rows = self.build().blueprint.rows
        return tuple(bool(r.learning) and learning and r.connection not in off for r in rows)

    @property
    def monitors(self) -> tuple[Monitor, ...]:
        """What is recorded, in the order in which it was asked for."""
        return tuple(self._monitors)

    def graph(self) -> Picture:
        """Draw populations and what connects them (`golden.pictures.graph`)."""
        # Matplotlib takes long to load, and most networks run without a picture.
        from golden.pictures.graph import graph

        return graph(self.build().blueprint)

    @property
    def speed(self) -> float:
        """Steps a second since engine or monitors changed; 0 before the first step."""
        return self._runner.speed if self._runner else 0.0

    def save(self, path: str | Path) -> None:
        """Write the state and what monitors have kept: whole, or not at all.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        content = saved(self.build().blueprint, self.state, self._monitors)
        write_atomically(Path(path), content)

    def restore(self, path: str | Path) -> None:
        """Go on from what the same network, recorded in the same way, has saved.

        Raises
        ------
        golden.builder.store.StateFileError
            If it is the state of another network, or damaged.
        OSError
            If the file cannot be read.
        """
        self._state = restored(Path(path), self.build().blueprint, self._monitors)
        self._runner = None

    def run(
        self,
        duration: Any = None,
        *,
        steps: int | None = None,
        engine: str | Make = "numba",
        progress: Callable[[int], object] | None = None,
        overflow: str = RAISE,
        learning: bool = True,
    ) -> None:
        """Go on for a time.

        Parameters
        ----------
        duration : number or str
            ms, or a text with its unit: "2 s".
        steps : int
            Steps instead of a duration.
        engine : str or callable
            "numba", or "golden": the specification itself; or what makes another model of a
            blueprint, a state and taps.
        progress : callable
            Is given the number of steps that are done, now and then; False ends the run there.
        overflow : str
            What to do, after all steps, if a number did not fit its word: "raise", or "warn".
            Clips that a cell intends, such as that of a peak, do not count.
        learning : bool
            False: nothing learns, whatever the connections say.

        Raises
        ------
        ValueError
            If it is not clear how long, or there is no such engine.
        OverflowError
            If a number did not fit its word; it says which and when.
        """
        if isinstance(engine, str) and engine not in ENGINES:
            raise ValueError(f"engine must be one of {', '.join(ENGINES)}, not {engine}")
        chosen(overflow)
        total = how_long(self.dt, duration, steps)
        self._ready(engine, bool(learning)).run(total, progress, overflow)
