"""What a network is made of, as its user says it."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

from golden.builder.build import Connection
from golden.builder.connectors import Connector, all_to_all
from golden.builder.currents import Current, flowing, steps
from golden.builder.gaps import Coupling
from golden.builder.given import numbers, whole
from golden.builder.inputs import Input
from golden.builder.population import Population, Selection, named
from golden.builder.projection import Projection
from golden.builder.reward import Rewarded
from golden.builder.short_term import ShortTerm
from golden.builder.units import milliseconds
from golden.cells.cell import Cell
from golden.network.blueprint import Blueprint
from golden.network.rules.rule import Rule
from golden.network.source import NOISE
from golden.network.state import NetworkState
from golden.numbers.hash import INDEX_BITS, PURPOSES


class Declared(Rewarded):
    """Populations, connections and currents of a network, until it is built."""

    def __init__(self):
        super().__init__()
        self._populations: list[Population] = []
        self._connections: list[Connection] = []
        self._currents: list[Current] = []
        self._couplings: list[Coupling] = []
        self._projections: list[Projection] = []

    def _now(self) -> tuple[Blueprint, NetworkState]:
        """Return what it is as integers, and its state."""
        raise NotImplementedError

    @property
    def populations(self) -> dict[str, Population]:
        """Populations and inputs by name, in the order in which they were added."""
        return {p.name: p for p in self._populations}

    @property
    def projections(self) -> tuple[Projection, ...]:
        """What `connect` has returned, in order."""
        return tuple(self._projections)

    def population(
        self, n: int, cell: Cell, name: str = "", winners: int | None = None
    ) -> Population:
        """Add ``n`` neurons of a kind.

        Parameters
        ----------
        winners : int, optional
            Let at most so many spike in a step: those farthest above their thresholds. Lateral
            inhibition, in which spikes also push all others down, is a connection of the
            population with itself, ``all_to_all(self_too=False)`` with a negative weight.
        """
        if not isinstance(cell, Cell):
            raise ValueError(f"a population must have cells of a kind, not {cell!r}")
        cell.size()
        for parameter, length in cell.lengths().items():
            if length != n:
                raise ValueError(
                    f"a population of {n} must have {n} values of {parameter}, not {length}"
                )
        if winners is not None:
            winners = whole(winners, "winners", 1)
        return self._added(n, cell, name, winners)

    def input(self, n: int, source: Input, name: str = "") -> Population:
        """Add ``n`` neurons that spike as they are told."""
        if not isinstance(source, Input):
            raise ValueError(f"an input must have a source such as Poisson(10), not {source!r}")
        return self._added(n, source, name, None)

    def feed(self, name: str, source: Input) -> None:
        """Let an input spike in another way than it was told at first.

        Raises
        ------
        ValueError
            If no input has this name.
        """
        self._unbuilt()
        self._fed(name, source)

    def _fed(self, name: str, source: Input) -> None:
        inputs = {p.name: p for p in self._populations if isinstance(p.what, Input)}
        if name not in inputs:
            raise ValueError(f"an input must be one of {', '.join(inputs) or 'none'}, not {name}")
        self._populations[inputs[name].number] = replace(inputs[name], what=deepcopy(source))

    def _added(self, n: int, what: Cell | Input, name: str, winners: int | None) -> Population:
        self._unbuilt()
        n = whole(n, "size of a population", 1)
        total = n + sum(p.size for p in self._populations)
        if total > 1 << INDEX_BITS:
            raise ValueError(f"a network must have at most {1 << INDEX_BITS} neurons, not {total}")
        number = len(self._populations)
        name = name or f"{type(what).__name__.lower()}{number}"
        if name in {p.name for p in self._populations}:
            raise ValueError(f"a population's name must be its own, not {name} again")
        # A copy: arrays that are changed after the call change nothing here.
        population = Population(name, number, n, deepcopy(what), winners)
        self._populations.append(population)
        return population

    def _own(self, *selections: Population | Selection) -> None:
        """Refuse what is no population, part or sum of them of this network."""
        for selection in selections:
            if not isinstance(selection, Population | Selection):
                raise ValueError(f"what is connected must be a population, not {selection!r}")
            for part in selection.parts:
                own = self.populations.get(part.population.name)
                if own is None or (own.number, own.size) != (
                    part.population.number,
                    part.population.size,
                ):
                    raise ValueError(f"{part.population.name} must be of this network")

    def connect(
        self,
        source: Population | Selection,
        target: Population | Selection,
        connector: Connector | None = None,
        weight: Any = 1.0,
        delay: Any = None,
        receptor: str | None = None,
        plasticity: ShortTerm | None = None,
        zeros: float | None = None,
        rule: Rule | None = None,
    ) -> Projection:
        """Add synapses; return what says later what they have learned.

        Parameters
        ----------
        connector : Connector
            Who with whom; `all_to_all` if it is left out.
        weight : number, array with one for each synapse, or Distribution
            In the unit of the target's receptor.
        delay : the same, or a text with a unit
            ms, or "2 ms"; rounded to steps; a step if it is left out.
        receptor : str, optional
            Of the target; its first one if it is left out.
        plasticity : ShortTerm, optional
            How what a spike transmits depends on the spikes before it.
        zeros : float, optional
            Which share of weights may become 0 when they are rounded: 0 of those that are given,
            0.01 of those that are drawn, if it is left out.
        rule : Rule, optional
            How they learn; such as `golden.network.rules.PairSTDP`.
        """
        self._unbuilt()
        self._own(source, target)
        _refuse(connector, plasticity, zeros, rule)
        number = len(self._connections)
        self._connections.append(
            Connection(
                source.parts,
                target.parts,
                connector or all_to_all(),
                deepcopy(weight),
                _told(delay, self.dt),
                receptor,
                plasticity,
                zeros,
                rule,
                number,
            )
        )
        name = f"{named(source.parts)} to {named(target.parts)}"
        self._projections.append(Projection(name, number, self._now))
        return self._projections[-1]

    def gap(
        self,
        one: Population | Selection,
        other: Population | Selection,
        connector: Connector | None = None,
        conductance: Any = 0.1,
        receptor: str | None = None,
    ) -> None:
        """Join neurons by gap junctions: ``conductance * (v_other - v_own)`` flows into both.

        Parameters
        ----------
        connector : Connector
            `all_to_all` if it is left out. A pair in both orders is one junction, and nobody is
            joined with itself, also where the two sides overlap.
        conductance : number, array with one for each junction, or Distribution
            In units of the receptor for each unit of the potential (mV).
        receptor : str, optional
            Where the current flows; the cell's first one if it is left out.
        """
        self._unbuilt()
        self._own(one, other)
        made = connector or all_to_all()
        self._couplings.append(
            Coupling(one.parts, other.parts, made, deepcopy(conductance), receptor)
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
        self._own(target)
        self._currents.append(Current(target.parts, flowing(amount, start, stop), 0.0, receptor))

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
        self._own(target)
        if len(self._currents) >= PURPOSES - NOISE:
            raise ValueError(f"a noise must be among the first {PURPOSES - NOISE} currents")
        silence = steps([0], [0.0])
        self._currents.append(Current(target.parts, silence, deepcopy(deviation), receptor))


def _refuse(connector: object, plasticity: object, zeros: float | None, rule: object) -> None:
    """Refuse what a connection cannot be given."""
    if not isinstance(connector, Connector | None):
        said = getattr(connector, "__name__", repr(connector))
        raise ValueError(f"connector must be such as all_to_all(), not {said}")
    if not isinstance(plasticity, ShortTerm | None):
        raise ValueError(f"plasticity must be a ShortTerm, not {plasticity!r}")
    if not isinstance(rule, Rule | None):
        raise ValueError(f"rule must be such as PairSTDP(), not {rule!r}")
    if rule and plasticity:
        raise ValueError("a connection must have a rule or short-term plasticity, not both")
    if zeros is not None and not 0 <= numbers(zeros, "zeros") <= 1:
        raise ValueError(f"zeros must be 0 to 1, not {zeros}")


def _told(delay: Any, dt: float) -> Any:
    """Return delays in ms as `distributions.values` takes them; a text is a time."""
    if delay is None:
        return dt
    return float(milliseconds(delay, "delay")) if isinstance(delay, str) else deepcopy(delay)
