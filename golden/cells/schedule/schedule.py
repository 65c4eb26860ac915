"""A program as a pipeline's timetable: known before anything is elaborated.

Time. A neuron enters every `Schedule.interval` cycles. Its own time 0 is the cycle in which it
enters: of neuron k of a run, cycle ``k * interval`` after that of the first.

* A word *read at r* must stand at its port from the neuron's cycle r on for ``interval`` cycles;
  r is 1 or more, so that the address of a memory that shows it one cycle later is given in r - 1.
  Two cycles in `Schedule.reads` mean two ports, which are read each at its own.
* A word *written at w* stands at its port in the neuron's cycle w; it need not stay.
* A state is written no earlier than it is read for the last time: in the cycle of its writing the
  memory has been asked for it, by all of its ports.
* Constants of a group and keys of a step are no words: they stand outside, and must not change
  from `Schedule.settling` cycles before the first neuron's time 1 until the last one's latency. But
  a single ``key`` is that of a round in its cycle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from golden.cells.program import Program
from golden.cells.schedule.dataflow import Dataflow, Ranged
from golden.cells.schedule.fabric import Fabric
from golden.cells.schedule.lowering import lowered
from golden.cells.schedule.planner import Planner
from golden.cells.schedule.rounding import fused
from golden.numbers.hash import ROUNDS


@dataclass(frozen=True, slots=True)
class Word(Ranged):
    """What goes in or out at a port."""

    kind: str
    """``state``, ``arrival``, ``constant`` or ``index``; outputs also ``spike``, ``margin`` and
    ``saturated``."""
    name: str
    """As the program calls it; empty for index, spike and margin."""
    low: int
    high: int


@dataclass(frozen=True)
class Schedule:
    """When a neuron's words go in and out, and where every operation stands.

    Names of words are those of the pipeline's ports, `inputs` and `outputs`: ``state_v``,
    ``arrival_current``, ``constant_tau`` (a number of each neuron), ``index``; ``next_v`` (the new
    state), ``spike``, ``margin``, ``saturated_v`` (how many of the operations that are counted
    under this name saturated: 0 or 1, if the cell has one of that name).
    """

    program: Program
    fabric: Fabric
    interval: int
    """A neuron enters every so many cycles."""
    multipliers: int
    """How many there are."""
    latency: int
    """The last cycle of a neuron in which something of it goes out."""
    settling: int
    inputs: Mapping[str, Word]
    """By name of port, without second ones."""
    outputs: Mapping[str, Word]
    constants: Mapping[str, Word]
    """Ports of what stands outside: numbers of the group."""
    hashed: bool
    """It has random words, so ports ``index`` and ``keys``, or ``key`` if there are ``rounds``."""
    reads: Mapping[str, tuple[int, ...]]
    """By name of port: ``state_v`` at the first one, its second port is ``state_v__1``."""
    writes: Mapping[str, int]
    dataflow: Dataflow
    """What is computed."""
    times: tuple[int, ...]
    """Of each operation: the first cycle in which its value stands in a register; 0 of wires."""
    starts: tuple[int, ...]
    """Of each operation: the cycle in which it is computed, or enters multiplier or table."""
    units: Mapping[int, int]
    """The multiplier of each product that shares one, by operation."""
    rounds: tuple[int, ...] = ()
    """The cycles of a neuron in which rounds of random words are done one behind the other, each
    with its key; none if all are done at once, for as many neurons."""

    @property
    def key_times(self) -> tuple[tuple[int, int], ...]:
        """Rounds of random words and the cycles in which their keys are needed, ascending."""
        starts = zip(self.dataflow.operations, self.starts, strict=True)
        return tuple(sorted({(x.detail[0], start) for x, start in starts if x.kind == "hash"}))

    def port(self, name: str, read: int) -> str:
        """Return the port of a word's first, second, ... read."""
        return f"{name}__{read}" if read else name


def scheduled(
    program: Program,
    fabric: Fabric,
    interval: int = 1,
    multipliers: int | None = None,
    varying: Iterable[str] = (),
    serial: bool = False,
) -> Schedule:
    """Lay a program out in cycles.

    Parameters
    ----------
    program : Program
        Of factors that the fabric's multipliers take.
    fabric : Fabric
    interval : int
        Cycles from neuron to neuron.
    multipliers : int, optional
        How many there are to be shared, if the interval is more than 1. Without, each product has
        its own.
    varying : names
        Constants that are a number of each neuron: they come from a memory, as states do. All
        others are held outside for a whole group.
    serial : bool
        Random words take their rounds one behind the other, by the gates of one round.

    Raises
    ------
    ValueError
        If the program's factors are too wide, the interval or the number of multipliers is
        impossible, or a varying constant is none of the program's; or if rounds are to be
        ``serial`` and the interval is shorter than they take, or what a random word is for is not
        known when the neuron enters.
    """
    varying = frozenset(varying)
    _refuse(program, fabric, interval, multipliers, varying)
    flow = fused(lowered(program, varying))
    products = sum(operation.kind == "multiply" for operation in flow.operations)
    if multipliers is not None and multipliers * interval < products:
        raise ValueError(
            f"{products} products in {interval} cycles must have at least "
            f"{-(-products // interval)} multipliers, not {multipliers}"
        )
    shared = multipliers if multipliers is not None and multipliers < products else None
    planner = Planner(flow, fabric, interval, shared, serial)
    planner.plan()
    reads, writes = planner.reads(), planner.writes()
    return Schedule(
        program=program,
        fabric=fabric,
        interval=interval,
        multipliers=products if shared is None else shared,
        latency=max(writes.values()),
        settling=planner.settling(),
        inputs={name: Word(*flow.words[name]) for name in reads},
        outputs={name: Word(*flow.outlets[name]) for name in writes},
        constants={name: Word(*flow.constants[name]) for name in flow.constants},
        hashed=any(operation.kind == "hash" for operation in flow.operations),
        reads=reads,
        writes=writes,
        dataflow=flow,
        times=tuple(planner.times),
        starts=tuple(planner.start(i) for i in range(len(flow.operations))),
        units=dict(planner.units),
        rounds=_rounds(planner) if serial else (),
    )


def _rounds(planner: Planner) -> tuple[int, ...]:
    """Return the cycles of the rounds, which all random words share."""
    if (interval := planner.interval) <= ROUNDS:
        raise ValueError(f"interval must be at least {ROUNDS + 1} for serial, not {interval}")
    operations = enumerate(planner.flow.operations)
    starts = {planner.start(i) for i, x in operations if x.kind == "hash" and not x.detail[0]}
    if len(starts) > 1:
        raise ValueError("what a serial random word is for must be known when a neuron enters")
    return tuple(start + 1 + i for start in starts for i in range(ROUNDS))


def _refuse(program, fabric, interval, multipliers, varying):
    if program.operand_bits > fabric.operand_bits:
        raise ValueError(
            f"factors of a program for {fabric.name} must have at most {fabric.operand_bits} "
            f"bits, not {program.operand_bits}"
        )
    if interval < 1:
        raise ValueError(f"interval must be at least 1, not {interval}")
    if multipliers is not None and multipliers < 1:
        raise ValueError(f"multipliers must be at least 1, not {multipliers}")
    known = {constant.name for constant in program.constants}
    if unknown := sorted(varying - known):
        raise ValueError(
            f"varying constants must be of {', '.join(sorted(known))}, not {', '.join(unknown)}"
        )
