"""A netlist of mutants as registers and and-gates: what solvers and simulations are fed with.

A *literal* is twice the number of a node, and one more for its complement; 0 is false, 1 true.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from sim.mutation.netlist import SELECTOR, run_yosys

SCRIPT = """\
read_rtlil mutants.il
memory_collect
memory_map
dffunmap
opt_clean
setundef -init -zero
setundef -undriven -zero
simplemap
techmap
opt_expr
opt_merge
opt_clean
dffunmap
aigmap
setundef -undriven -zero
write_aiger -zinit -map design.map design.aig
"""
"""Memories become registers; what nobody has written is 0; all registers begin with 0, and those
that began with 1 are kept complemented. What is unused is left at the end: a register that has
become a constant may be of several names, not all of which have a first value."""
FALSE, TRUE = 0, 1
PIECE = re.compile(r"(?P<word>.*)\[(?P<bit>\d+)(:(?P<low>\d+))?\]$")


class Bit(NamedTuple):
    """A bit of a port or of a register."""

    name: str
    place: int


class Graph:
    """And-gates; equal ones are one."""

    def __init__(self):
        self.gates: list[tuple[int, int] | None] = [None]
        """By node: what meets, or None for a variable."""
        self._known: dict[tuple[int, int], int] = {}

    def variable(self) -> int:
        """Return a new one."""
        self.gates.append(None)
        return 2 * (len(self.gates) - 1)

    def both(self, a: int, b: int) -> int:
        """Return the conjunction of two literals."""
        if a > b:
            a, b = b, a
        if a == FALSE or a ^ b == 1:
            return FALSE
        if a in (TRUE, b):
            return b
        found = self._known.get((a, b))
        if found is None:
            self.gates.append((a, b))
            found = self._known[a, b] = 2 * (len(self.gates) - 1)
        return found

    def cone(self, literals: Iterable[int]) -> list[int]:
        """Return the nodes that literals depend on, each behind those that it depends on itself."""
        seen, left = set(), [literal >> 1 for literal in literals]
        while left:
            node = left.pop()
            if node not in seen:
                seen.add(node)
                if gate := self.gates[node]:
                    left += (gate[0] >> 1, gate[1] >> 1)
        return sorted(seen)


class Function(NamedTuple):
    """What comes of inputs and registers: literals of a graph that begins with those."""

    registers: list[int]
    """What they hold next."""
    outputs: list[int]
    cone: list[int]
    """Nodes that these depend on."""

    def of(self, graph: Graph, values: Sequence[int], gates) -> tuple[list[int], list[int]]:
        """Return (registers, outputs) for literals in another graph, inputs first.

        Parameters
        ----------
        gates : list
            Of the graph that this is a function in.
        """
        known = [FALSE, *values] + [FALSE] * (len(gates) - 1 - len(values))
        both = graph.both
        for node in self.cone:
            if gate := gates[node]:
                a, b = gate
                known[node] = both(known[a >> 1] ^ a & 1, known[b >> 1] ^ b & 1)
        registers, outputs = (
            [known[x >> 1] ^ x & 1 for x in part] for part in (self.registers, self.outputs)
        )
        return registers, outputs


class Circuit:
    """A design of one clock, all of whose mutants are in it.

    Parameters
    ----------
    text : str
        RTLIL, as of `sim.mutation.netlist.Netlist`.

    Raises
    ------
    sim.targets.target.SimulatorError
        If yosys fails; the text is what it said.
    """

    def __init__(self, text: str):
        with TemporaryDirectory(prefix="goldspike-") as temporary:
            folder = Path(temporary)
            (folder / "mutants.il").write_text(text)
            run_yosys(folder, SCRIPT)
            self._read((folder / "design.aig").read_bytes())
            self._name((folder / "design.map").read_text().splitlines())

    def _read(self, data: bytes):
        """Read binary AIGER: a header, registers, outputs, and gates as differences."""
        head, _, rest = data.partition(b"\n")
        _, self.n_inputs, self.n_registers, n_outputs, n_gates = map(int, head.split()[1:6])
        lines = rest.split(b"\n", self.n_registers + n_outputs)
        literals = [int(line.split()[0]) for line in lines[:-1]]
        self._next, self._outputs = literals[: self.n_registers], literals[self.n_registers :]
        numbers, number, shift = [], 0, 0
        for byte in lines[-1]:
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                numbers.append(number)
                number = shift = 0
                if len(numbers) == 2 * n_gates:
                    break
        own = 2 * (1 + self.n_inputs + self.n_registers + np.arange(n_gates))
        first = own - numbers[0::2]
        self._gates = np.stack((first, first - numbers[1::2]), axis=1)

    def _name(self, lines: Iterable[str]):
        self.inputs: dict[Bit, int] = {}
        """Their numbers, those of the selector excepted."""
        pieces: dict[str, dict[int, int]] = defaultdict(dict)
        self.complemented = np.zeros(self.n_registers, dtype=np.uint8)
        """1 where a register holds the complement of what its name says."""
        self._selector: dict[int, int] = {}
        for line in lines:
            kind, number, place, name = line.split(" ", 3)
            if kind == "input" and name == SELECTOR:
                self._selector[int(number)] = int(place)
            elif kind == "input":
                self.inputs[Bit(name, int(place))] = int(number)
            elif kind.endswith("latch"):
                pieces[name][int(place)] = int(number)
                self.complemented[int(number)] = kind == "invlatch"
        self.words = joined(pieces)
        """Numbers of registers by name and bit; one may have several names."""

    def functions(self, *numbers: int) -> tuple[Graph, list[Function]]:
        """Return what mutants are, in a graph whose variables are inputs, then registers."""
        graph = Graph()
        variables = [graph.variable() for _ in range(self.n_inputs + self.n_registers)]
        made = []
        for number in numbers:
            known = [FALSE, *variables]
            for i, place in self._selector.items():
                known[1 + i] = number >> place & 1
            for a, b in self._gates.tolist():
                known.append(graph.both(known[a >> 1] ^ a & 1, known[b >> 1] ^ b & 1))
            parts = [[known[x >> 1] ^ x & 1 for x in part] for part in (self._next, self._outputs)]
            made.append(Function(*parts, graph.cone(sum(parts, []))))
        return graph, made

    def trace(
        self, ports: Mapping[str, NDArray], registers: Sequence[int]
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Return what some registers hold in each cycle, and which of all have ever changed.

        The first has the shape (cycles, registers), and values as the registers' names say.

        Parameters
        ----------
        ports : mapping of str to array, (cycles,)
            What is offered, by the input's name; others are 0, and no mutant is awake.
        """
        n_cycles = min(map(len, ports.values()))
        inputs = np.zeros((n_cycles, self.n_inputs), dtype=np.uint8)
        for (name, place), number in self.inputs.items():
            if name in ports:
                inputs[:, number] = ports[name][:n_cycles] >> np.uint64(place) & np.uint64(1)
        chosen = np.array(registers)
        held = np.empty((n_cycles, len(chosen)), dtype=np.uint8)
        moved = np.zeros(self.n_registers, dtype=np.uint8)
        _run(self._gates, np.array(self._next), inputs, chosen, held, moved)
        return held ^ self.complemented[chosen], moved


def joined(pieces: Mapping[str, Mapping[int, int]]) -> dict[str, dict[int, int]]:
    """Join nets that yosys has divided; words of memories, named alike, have several bits."""
    words: dict[str, dict[int, int]] = defaultdict(dict)
    for name, piece in pieces.items():
        told = PIECE.match(name)
        if told and (told["low"] or len(piece) == 1):
            low = int(told["low"] or told["bit"])
            words[told["word"]] |= {low + place: number for place, number in piece.items()}
        else:
            words[name] |= piece
    return dict(words)


@numba.njit
def _run(gates, following, inputs, chosen, held, moved):
    """Evaluate gates, cycle by cycle; keep what registers hold in each, and which were ever 1."""
    n_cycles, n_inputs = inputs.shape
    n_registers = len(following)
    behind = 1 + n_inputs + n_registers
    value = np.zeros(behind + len(gates), np.uint8)
    coming = np.zeros(n_registers, np.uint8)
    for cycle in range(n_cycles):
        value[1 : 1 + n_inputs] = inputs[cycle]
        value[1 + n_inputs : behind] = coming
        for i in range(len(chosen)):
            held[cycle, i] = coming[chosen[i]]
        for i in range(len(gates)):
            a, b = gates[i, 0], gates[i, 1]
            value[behind + i] = (value[a >> 1] ^ (a & 1)) & (value[b >> 1] ^ (b & 1))
        for i in range(n_registers):
            x = following[i]
            coming[i] = value[x >> 1] ^ (x & 1)
            moved[i] |= coming[i]
