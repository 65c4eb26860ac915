"""What holds in all states that the true design reaches: guessed from runs, then proved.

A *cube* is some registers with a value each, that are never all so; a bound of a word is several.
Guesses are constants, numbers that a short word was not seen to hold, the largest that a longer one
was, and memories in which nothing was ever written. Those that do not follow from all of them in
the cycle before are dropped, until the others follow from each other; they hold after reset, as
there they were seen.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.mutation.circuit import TRUE, Circuit, Function, Graph
from sim.mutation.solver import ALL, LANES, UndecidedError, differing

Cube = tuple[tuple[int, int], ...]
"""Registers, by number, and what they hold, complemented or not: the bits that are stored."""
WORD = re.compile(r"\[\d+\]$")
"""How the names of words of memories end."""
SHORT = 5
"""Bits of words of which every number is guessed that was not seen."""
LONGEST = 16
"""Bits of words of which bounds are guessed."""
MOST_CYCLES = 25_000
"""Of a run that are looked at."""
STEPS = 4
"""Cycles that follow on a state which breaks a guess, to break others."""


def claims(circuit: Circuit, runs: Iterable[Mapping[str, NDArray]]) -> list[Cube]:
    """Return cubes that no run from reset on enters.

    Parameters
    ----------
    runs : iterable of mapping of str to array
        What inputs get in each cycle, by name.

    Raises
    ------
    SimulatorError
        If there is no solver.
    """
    words, memories = _words(circuit)
    registers = sorted({register for word in words.values() for register in word})
    if not registers:
        return []
    runs = [{name: port[:MOST_CYCLES] for name, port in run.items()} for run in runs]
    traces = [circuit.trace(run, registers) for run in runs]
    seen = np.unique(np.concatenate([held for held, _ in traces]), axis=0)
    moved = np.any([moved for _, moved in traces], axis=0)
    guesses = list(_guesses(words, registers, seen))
    for memory in memories:
        if not moved[memory].any():
            guesses += [
                ((register, 1 - int(circuit.complemented[register])),) for register in memory
            ]
    stored = [tuple((r, x ^ int(circuit.complemented[r])) for r, x in cube) for cube in guesses]
    try:
        return _proved(circuit, list(dict.fromkeys(stored)))
    except UndecidedError:
        return []


def literals(graph: Graph, cubes: Iterable[Cube], registers: Sequence[int]) -> list[int]:
    """Return, for every cube, a literal that is true outside it.

    Parameters
    ----------
    registers : sequence of int
        Literals of what they hold.
    """
    made = []
    for cube in cubes:
        inside = TRUE
        for register, value in cube:
            inside = graph.both(inside, registers[register] ^ (not value))
        made.append(inside ^ 1)
    return made


def _words(circuit: Circuit) -> tuple[dict[str, tuple[int, ...]], list[list[int]]]:
    """Return the registers of words that are in no memory, lowest bit first; and of memories."""
    stored = defaultdict(list)
    for name, word in circuit.words.items():
        if WORD.search(name):
            stored[WORD.sub("", name)] += word.values()
    inside = {number for memory in stored.values() for number in memory}
    words = {
        name: tuple(number for _, number in sorted(word.items()))
        for name, word in circuit.words.items()
    }
    free = {name: word for name, word in words.items() if inside.isdisjoint(word)}
    return free, list(stored.values())


def _guesses(words, registers, seen: NDArray[np.uint8]) -> Iterator[Cube]:
    column = {register: i for i, register in enumerate(registers)}
    fixed = {register for register in registers if np.ptp(seen[:, column[register]]) == 0}
    for register in sorted(fixed):
        yield ((register, 1 - int(seen[0, column[register]])),)
    for word in words.values():
        if 2 <= len(word) <= LONGEST:
            bits = seen[:, [column[register] for register in word]].astype(np.int64)
            numbers = (bits << np.arange(len(word))).sum(axis=1)
            if len(word) > SHORT:
                yield from _bound(word, int(numbers.max()))
                continue
            for number in set(range(1 << len(word))).difference(numbers.tolist()):
                yield tuple((register, number >> i & 1) for i, register in enumerate(word))


def _bound(word: Sequence[int], most: int) -> Iterator[Cube]:
    """Yield what says that a word is never more: a higher bit than one that is 0 in the most."""
    for i, register in enumerate(word):
        if not most >> i & 1:
            above = [(word[j], 1) for j in range(i + 1, len(word)) if most >> j & 1]
            yield ((register, 1), *above)


def _proved(circuit: Circuit, cubes: list[Cube]) -> list[Cube]:
    """Drop cubes until none that is left can be entered from outside all of them."""
    graph, (true,) = circuit.functions(0)
    gates, n_inputs, draws = list(graph.gates), circuit.n_inputs, random.Random(0)
    before = [2 * (1 + n_inputs + i) for i in range(circuit.n_registers)]
    while cubes:
        pairs = [(literal, TRUE) for literal in literals(graph, cubes, true.registers)]
        pairs = [pair for pair in pairs if pair[0] != TRUE]
        model = differing(graph, pairs, literals(graph, cubes, before))
        if model is None:
            break
        # In some lanes all that no cube is about is another: these are outside all cubes, too.
        fixed = {register for cube in cubes for register, _ in cube}
        held = [
            (ALL if model.get(1 + n_inputs + i) else 0)
            ^ (0 if i in fixed else draws.getrandbits(LANES // 2) << LANES // 2)
            for i in range(circuit.n_registers)
        ]
        for _ in range(STEPS):
            inputs = [draws.getrandbits(LANES - 1) << 1 for _ in range(n_inputs)]
            inputs = [bits | model.get(1 + i, False) for i, bits in enumerate(inputs)]
            held = _next(true, gates, [*inputs, *held])
            cubes = [cube for cube in cubes if not _entered(cube, held)]
    return cubes


def _next(true: Function, gates, values: list[int]) -> list[int]:
    """Return what registers hold after a cycle, in `LANES` runs."""
    known = [0, *values] + [0] * (len(gates) - 1 - len(values))
    for node in true.cone:
        if gate := gates[node]:
            a, b = gate
            known[node] = (known[a >> 1] ^ (ALL if a & 1 else 0)) & (
                known[b >> 1] ^ (ALL if b & 1 else 0)
            )
    return [known[x >> 1] ^ (ALL if x & 1 else 0) for x in true.registers]


def _entered(cube: Cube, held: Sequence[int]) -> int:
    inside = ALL
    for register, value in cube:
        inside &= held[register] if value else ~held[register]
    return inside
