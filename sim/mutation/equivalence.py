"""Whether a mutant does the same as the true design: proved for all time and all inputs.

Two copies, one with the mutant awake, get the same inputs. Some registers of theirs may differ, and
all others are equal: this is proved by induction, with the outputs. Which may differ is found by
beginning with none: where a register can become different, it may from then on. The components
around a mutant are asked first (`sim.mutation.parts`), then the whole: there, what is known of the
states that the true design reaches (`sim.mutation.reached`) is given, and the step of the induction
is as many cycles long as it takes, as a register that nobody reads may be overwritten in a few.
`sim.mutation.abc_proofs` asks in each of them, before all that takes long, whether the true design
ever comes to a state in which the mutant matters, and at last what is equal inside of both. A
mutant that needs more than that is not proved equivalent.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from numpy.typing import NDArray

from sim.mutation.abc_proofs import always_equal, never_differs
from sim.mutation.circuit import FALSE, Circuit, Function, Graph
from sim.mutation.netlist import Netlist
from sim.mutation.parts import alone, around, level
from sim.mutation.reached import Cube, claims, literals
from sim.mutation.solver import ALL, UndecidedError, differing, sampled

DEPTHS = (1, 2, 4, 8)
"""Cycles of the induction's step, tried in turn."""
MOST_ROUNDS = 60
"""In which registers are found that may differ."""
SECONDS_ALONE, SECONDS_WHOLE = 10, 120
"""For the search of what a component, or the whole, reaches."""
Runs = Callable[[], Iterable[Mapping[str, NDArray]]]
"""Gives runs of the true design: what its inputs get in each cycle, by name."""


def equivalent(netlist: Netlist, numbers: Iterable[int], runs: Runs) -> set[int]:
    """Return the numbers of those mutants that do the same as the true design.

    Raises
    ------
    sim.targets.target.SimulatorError
        If yosys or the solver is missing or fails; the text is what it said.
    """
    numbers = list(numbers)
    same = in_components(netlist, numbers)
    left = [number for number in numbers if number not in same]
    if not left:
        return same
    circuit = Circuit(netlist.text)
    same |= {
        number
        for number in left
        if Proof(circuit, number).found([], 1) or never_differs(circuit, number, SECONDS_WHOLE)
    }
    if left := [number for number in numbers if number not in same]:
        cubes = claims(circuit, runs())
        for number in left:
            proof = Proof(circuit, number)
            if any(proof.found(cubes, depth) for depth in DEPTHS) or always_equal(circuit, number):
                same.add(number)
    return same


def in_components(netlist: Netlist, numbers: Sequence[int]) -> set[int]:
    """Return those that are proved to do the same in a component around them.

    Raises
    ------
    sim.targets.target.SimulatorError
        As of `equivalent`.
    """
    inside = defaultdict(list)
    for mutant in netlist.mutants:
        if mutant.number in numbers:
            for part in around(netlist, mutant):
                inside[part].append(mutant.number)
    same: set[int] = set()
    for part in sorted(inside, key=level, reverse=True):
        if left := [number for number in inside[part] if number not in same]:
            circuit = Circuit(alone(netlist, part, left))
            same |= {
                number
                for number in left
                if Proof(circuit, number).found([], 1)
                or never_differs(circuit, number, SECONDS_ALONE)
            }
    return same


class Proof:
    """That a mutant does the same as the true design; nothing is done before `found`."""

    def __init__(self, circuit: Circuit, number: int):
        self._n_inputs, self._n_registers = circuit.n_inputs, circuit.n_registers
        graph, (self._true, self._false) = circuit.functions(0, number)
        self._gates = list(graph.gates)

    def found(self, cubes: Iterable[Cube], depth: int) -> bool:
        """Tell whether there is a proof.

        Parameters
        ----------
        cubes : iterable of cube
            States that the true design does not reach.
        depth : int
            Cycles of a step.
        """
        free: set[int] = set()
        draws = random.Random(0)
        try:
            for _ in range(MOST_ROUNDS):
                parted = self._parted(list(cubes), depth, free, draws)
                if parted is None:
                    return False
                if not parted:
                    return self._begins(depth, free)
                free |= parted
        except UndecidedError:
            return False
        return False

    def _frame(self, graph, what: Function, inputs, registers):
        return what.of(graph, [*inputs, *registers], self._gates)

    def _parted(self, cubes, depth, free, draws) -> set[int] | None:
        """Return registers that can become different besides those that are; None for outputs."""
        graph, given = Graph(), []
        true = [graph.variable() for _ in range(self._n_registers)]
        false = [graph.variable() if i in free else x for i, x in enumerate(true)]
        outputs, others = [], []
        for cycle in range(depth):
            if cycle:
                false = [x if i in free else true[i] for i, x in enumerate(false)]
            given += literals(graph, cubes, true)
            inputs = [graph.variable() for _ in range(self._n_inputs)]
            true, outputs = self._frame(graph, self._true, inputs, true)
            false, others = self._frame(graph, self._false, inputs, false)
        told = [pair for pair in zip(outputs, others, strict=True) if pair[0] != pair[1]]
        kept = {
            i: pair
            for i, pair in enumerate(zip(true, false, strict=True))
            if i not in free and pair[0] != pair[1]
        }
        if not told and not kept:
            return set()
        model = differing(graph, [*told, *kept.values()], given)
        if model is None:
            return set()
        value, possible = sampled(graph, draws, model), ALL
        for literal in given:
            possible &= value(literal)
        if any((value(a) ^ value(b)) & possible for a, b in told):
            return None
        return {i for i, (a, b) in kept.items() if (value(a) ^ value(b)) & possible}

    def _begins(self, depth, free) -> bool:
        """Tell whether all is equal for so many cycles after power-up."""
        graph, pairs = Graph(), []
        true = false = [FALSE] * self._n_registers
        for _ in range(depth):
            inputs = [graph.variable() for _ in range(self._n_inputs)]
            true, outputs = self._frame(graph, self._true, inputs, true)
            false, others = self._frame(graph, self._false, inputs, false)
            pairs += zip(outputs, others, strict=True)
            pairs += [(true[i], false[i]) for i in range(self._n_registers) if i not in free]
        pairs = [(a, b) for a, b in pairs if a != b]
        return not pairs or differing(graph, pairs) is None
