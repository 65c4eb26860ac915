"""What a user writes: a network of populations and connections."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from golden.builder.build import Connection, Plan, built
from golden.builder.connectors import Connector, all_to_all
from golden.builder.currents import Current, Waveform, pulse, steps
from golden.builder.inputs import Input
from golden.builder.monitor import LIMIT, Monitor
from golden.builder.population import Population, Selection
from golden.builder.recording import monitored
from golden.builder.runner import ENGINES, Runner
from golden.builder.store import restored, saved
from golden.builder.units import how_long, power_of_two
from golden.cells.cell import Cell
from golden.command.atomic import write_atomically
from golden.network.state import NetworkState


class Network:
    """Populations of neurons, connected by synapses with delays, in integers.

    Parameters
    ----------
    dt : str or float
        The step in ms, a power of two: "1 ms", "1/2 ms", 0.125.
    seed : int
        Of all that is random: connections, weights, Poisson spikes, noise. 0 to 2**32 - 1.

    Raises
    ------
    ValueError
        If ``dt`` is no power of two of a ms, or the seed is outside its range.
    """

    def __init__(self, dt: str | float = 1.0, seed: int = 1):
        self.dt = power_of_two(dt)
        if not 0 <= seed < 1 << 32:
            raise ValueError(f"seed must be 0 to 4294967295, not {seed}")
        self.seed = seed
        self._populations: list[Population] = []
        self._connections: list[Connection] = []
        self._currents: list[Current] = []
        self._monitors: list[Monitor] = []
        self._plan: Plan | None = None
        self._state: NetworkState | None = None
        self._runner: Runner | None = None

    def population(
        self, n: int, cell: Cell, name: str = "", winners: int | None = None
    ) -> Population:
        """Add ``n`` neurons of a kind.

        Parameters
        ----------
        winners : int, optional
            Let at most so many spike in a step: those farthest above their thresholds.
        """
        if cell.size() not in {None, n}:
            raise ValueError(
                f"a population of {n} must have {n} values of a parameter, not {cell.size()}"
            )
        if winners is not None and winners < 1:
            raise ValueError(f"winners must be 1 or more, not {winners}")
        return self._added(n, cell, name, winners)

    def input(self, n: int, source: Input, name: str = "") -> Population:
        """Add ``n`` neurons that spike as they are told."""
        return self._added(n, source, name, None)

    def feed(self, name: str, source: Input) -> None:
        """Let an input spike in another way than it was told at first.

        Raises
        ------
        ValueError
            If no input has this name.
        """
        self._unbuilt()
        inputs = {p.name: p for p in self._populations if isinstance(p.what, Input)}
        if name not in inputs:
            raise ValueError(f"an input must be one of {', '.join(inputs) or 'none'}, not {name}")
        self._populations[inputs[name].number] = replace(inputs[name], what=source)

    def _added(self, n: int, what: Cell | Input, name: str, winners: int | None) -> Population:
        self._unbuilt()
        if n < 1:
            raise ValueError(f"a population must have 1 neuron or more, not {n}")
        number = len(self._populations)
        name = name or f"{type(what).__name__.lower()}{number}"
        if name in {p.name for p in self._populations}:
            raise ValueError(f"a population's name must be its own, not {name} again")
        population = Population(name, number, n, what, winners)
        self._populations.append(population)
        return population

    def connect(
        self,
        source: Population | Selection,
        target: Population | Selection,
        connector: Connector | None = None,
        weight: Any = 1.0,
        delay: Any = None,
        receptor: str | None = None,
    ) -> None:
        """Add synapses.

        Parameters
        ----------
        connector : Connector
            Who with whom; `all_to_all` if it is left out.
        weight : number, array with one for each synapse, or Distribution
            In the unit of the target's receptor.
        delay : the same
            ms, rounded to steps; a step if it is left out.
        receptor : str, optional
            Of the target; its first one if it is left out.
        """
        self._unbuilt()
        self._connections.append(
            Connection(
                source.parts,
                target.parts,
                connector or all_to_all(),
                weight,
                self.dt if delay is None else delay,
                receptor,
            )
        )

    def current(
        self,
        target: Population | Selection,
        amount: Any,
        start: Any = 0,
        stop: Any = None,
        receptor: str | None = None,
    ) -> None:
        """Let a current flow into neurons.

        Parameters
        ----------
        amount : number, array with one for each neuron, or Waveform
            In the unit of the receptor. A waveform says itself when it flows.
        start, stop : times in ms
            From when to when; to the end of all runs if ``stop`` is left out.
        receptor : str, optional
            Of the target; if it is left out ``current``, or its first one if there is none.

        Raises
        ------
        ValueError
            When the network is built, if the receptor cannot hold it.
        """
        self._unbuilt()
        if isinstance(amount, Waveform):
            waveform = amount
        elif stop is None:
            waveform = steps([start], np.asarray(amount, np.float64)[None])
        else:
            waveform = pulse(amount, start, stop)
        self._currents.append(Current(target.parts, waveform, 0.0, receptor))

    def noise(
        self, target: Population | Selection, deviation: Any, receptor: str | None = None
    ) -> None:
        """Let a normally distributed current flow, another one in every neuron and step.

        Parameters
        ----------
        deviation : number, or array with one for each neuron
            In the unit of the receptor.
        """
        self._unbuilt()
        self._currents.append(Current(target.parts, steps([0], [0.0]), deviation, receptor))

    def record(
        self,
        what: Population | Selection,
        variable: str = "spikes",
        every: int = 1,
        limit: int = LIMIT,
    ) -> Any:
        """Record spikes, a rate or a state variable; return the monitor.

        Parameters
        ----------
        variable : str
            "spikes", "rate", or a state variable of one population.
        every : int
            Read a state variable after every so many steps; steps of a bin of a rate.
        limit : int
            How many spikes, bins or numbers are kept at most.
        """
        begins = np.cumsum([0, *(p.size for p in self._populations)]).tolist()
        firsts = [begins[part.population.number] + part.first for part in what.parts]
        monitor = monitored(what.parts, firsts, variable, every, self.dt, limit)
        self._monitors.append(monitor)
        return monitor

    @property
    def populations(self) -> dict[str, Population]:
        """Populations and inputs by name, in the order in which they were added."""
        return {p.name: p for p in self._populations}

    def _unbuilt(self) -> None:
        if self._runner or self._state:
            raise ValueError("a network must be complete before it runs")
        self._plan = None

    def build(self) -> Plan:
        """Turn everything into integers; return the plan, whose text is the report.

        Raises
        ------
        ValueError
            If something cannot be kept in its format.
        """
        if self._plan is None:
            self._plan = built(
                self.dt, self.seed, self._populations, self._connections, self._currents
            )
        return self._plan

    @property
    def state(self) -> NetworkState:
        """The state after the steps so far."""
        if self._runner:
            return self._runner.state
        return self._state or NetworkState.start(self.build().blueprint)

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
        engine: str = "numba",
        progress: Callable[[int], object] | None = None,
    ) -> None:
        """Go on for a time.

        Parameters
        ----------
        duration : number or str
            ms, or a text with its unit: "2 s".
        steps : int
            Steps instead of a duration.
        engine : str
            "numba", or "golden": the specification itself.
        progress : callable
            Is given the number of steps that are done, now and then; False ends the run there.

        Raises
        ------
        ValueError
            If it is not clear how long, or there is no such engine.
        """
        if engine not in ENGINES:
            raise ValueError(f"engine must be one of {', '.join(ENGINES)}, not {engine}")
        total = how_long(self.dt, duration, steps)
        ready = self._runner
        if not ready or ready.engine != engine or ready.monitors != tuple(self._monitors):
            plan = self.build()
            ready = self._runner = Runner(plan.blueprint, self.state, self._monitors, engine)
        ready.run(total, progress)
