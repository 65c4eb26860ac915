"""Currents and sources of spikes, as parts of programs: a core knows nothing else.

A level of current is a constant that a host changes from step to step; all levels at one receptor
are one. Noise is a random word times a constant (`golden.network.source.Drive`), its purpose a
constant, too. Both are added to the arrivals, so that the rest of the program is as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from golden.cells.program import Constant, ConstantFormat, Program
from golden.cells.trace import RAW_BITS, Trace
from golden.cells.value import Value, select
from golden.network.blueprint import Blueprint, Group
from golden.network.source import NOISE_BYTES, NOISE_MEAN, NOISE_POINT, POISSON, Chance, Metronome
from golden.numbers.formats import Array
from golden.numbers.hash import PURPOSES, WORD_BITS

BYTE = 8
HALF_WORD = 16
LONGEST_COUNT = (1 << 31) - 1
"""Steps that a metronome can wait."""


@dataclass(frozen=True, slots=True)
class Extra:
    """A constant that a current adds to a program."""

    receptor: str
    which: int | None
    """Which noise at this receptor, from 0; None for the level."""

    @property
    def name(self) -> str:
        """Of the constant: the level, or the noise's deviation."""
        if self.which is None:
            return f"level at {self.receptor}"
        return f"noise {self.which} at {self.receptor}"

    @property
    def purpose(self) -> str:
        """Name of the constant that says what the random words are for."""
        return f"purpose of noise {self.which} at {self.receptor}"


@dataclass(frozen=True, slots=True)
class Currents:
    """What flows into a group from outside: constants of its program."""

    changes: Array
    """Steps in which a level changes, ascending, the first one 0."""
    levels: Mapping[Extra, Array]
    """Shape (changes, neurons)."""
    noises: Mapping[Extra, tuple[Array, int]]
    """Deviations, shape (neurons,), and purpose."""

    def values(self, step: int) -> dict[str, Array]:
        """Return the constants as they are in a step, by name."""
        row = int(np.searchsorted(self.changes, step, side="right")) - 1
        found = {extra.name: levels[row] for extra, levels in self.levels.items()}
        for extra, (deviation, purpose) in self.noises.items():
            found |= {extra.name: deviation, extra.purpose: np.array(purpose)}
        return found

    def formats(self) -> dict[Extra, ConstantFormat]:
        """Return what every extra needs, whatever the step."""
        levels = {extra: reach(levels) for extra, levels in self.levels.items()}
        return levels | {extra: reach(noise[0]) for extra, noise in self.noises.items()}


def reach(values: Array, point: int = 0) -> ConstantFormat:
    """Return the range of whole bits that holds all values."""
    size = int(np.max(np.abs(values), initial=0)).bit_length()
    return ConstantFormat(point, -(1 << size) if np.any(values < 0) else 0, (1 << size) - 1)


def currents(blueprint: Blueprint, number: int) -> Currents:
    """Return all that flows into a group.

    Raises
    ------
    ValueError
        If there are more noises than random words have purposes.
    """
    size = blueprint.groups[number].size
    drives = [d for d in blueprint.drives if d.group == number]
    steady = [d for d in drives if d.deviation is None]
    changes = np.unique(np.concatenate([[0], *(d.changes for d in steady)])).astype(np.int64)
    levels: dict[Extra, Array] = {}
    for drive in steady:
        total = levels.setdefault(
            Extra(drive.receptor, None), np.zeros((len(changes), size), np.int64)
        )
        part = slice(drive.first, drive.first + drive.levels.shape[1])
        last = np.searchsorted(drive.changes, changes, side="right") - 1
        total[last >= 0, part] += drive.levels[last[last >= 0]]
    noises: dict[Extra, tuple[Array, int]] = {}
    for drive in drives:
        if drive.deviation is not None:
            if drive.purpose >= PURPOSES:
                raise ValueError(
                    f"purpose of a noise must be below {PURPOSES}, not {drive.purpose}: "
                    "declare it before other currents"
                )
            which = sum(extra.receptor == drive.receptor for extra in noises)
            deviation = np.zeros(size, np.int64)
            deviation[drive.first : drive.first + len(drive.deviation)] = drive.deviation
            noises[Extra(drive.receptor, which)] = deviation, drive.purpose
    return Currents(changes, levels, noises)


def augmented(
    program: Program, extras: Mapping[Extra, ConstantFormat], values: Mapping[str, Array]
) -> Program:
    """Return a program that adds the extras to its arrivals.

    Parameters
    ----------
    extras : mapping
        Every extra's range; the point is the receptor's.
    values : mapping
        Constants of `Currents.values`; one that is missing is 0.
    """
    trace = Trace(1.0, program.operand_bits)
    made: list[Value] = []
    added: list[Constant] = []

    def constant(name: str, low: int, high: int, point: int) -> Value:
        integers = np.asarray(values.get(name, 0), np.int64)
        exact = np.ldexp(integers.astype(np.float64), -point)
        added.append(Constant(name, integers, point, exact))
        return trace.make("constant", (), low, high, point, name)

    for v in program.values:
        operands = tuple(made[place] for place in v.operands)
        value = trace.make(v.operation, operands, v.low, v.high, v.point, v.detail)
        if v.operation == "arrival":
            there = value
            for extra, held in extras.items():
                if extra.receptor != v.detail:
                    continue
                if extra.which is None:
                    current = constant(extra.name, held.low, held.high, v.point)
                else:
                    deviation = constant(extra.name, held.low, held.high, NOISE_POINT)
                    purpose = constant(extra.purpose, 0, PURPOSES - 1, 0)
                    current = _noise(deviation, purpose).times2(-v.point)
                there = there + current
            if there is not value:
                value = _fitting(there)
        made.append(value)
    place = {old: value.index for old, value in enumerate(made)}
    return replace(
        program,
        values=trace.values,
        constants=(*program.constants, *added),
        written={name: place[old] for name, old in program.written.items()},
        spike=place[program.spike],
        margin=place[program.margin],
    )


def _fitting(total: Value) -> Value:
    """Return what is proved to fit the word of a sum: the builder has seen to it."""
    low, high = -(1 << (RAW_BITS - 1)), (1 << (RAW_BITS - 1)) - 1
    ends = max(total.low, low), min(total.high, high)
    return total.trace.make("within", (total,), *ends, total.point, (low, high))


def _noise(deviation: Value, purpose: Value) -> Value:
    trace = deviation.trace
    word = trace.make("random", (purpose,), 0, (1 << WORD_BITS) - 1, 0, (None, WORD_BITS))
    shifts = range(0, NOISE_BYTES * BYTE, BYTE)
    first, *others = (word.floored(-s).times2(-s).lowest(BYTE) for s in shifts)
    total = first
    for byte in others:
        total = total + byte
    return _product(deviation, total - trace.number(NOISE_MEAN)).rounded(0)


def _product(wide: Value, factor: Value) -> Value:
    """Multiply all bits of what may be wider than a factor."""
    cut = wide.trace.operand_bits - 1
    if wide.width <= cut + 1:
        return wide * factor
    return _product(wide.floored(wide.point - cut), factor) + wide.lowest(cut) * factor


def extras_in(program: Program) -> dict[Extra, ConstantFormat]:
    """Return the extras that a program has, with their ranges."""
    formats, found = program.formats, {}
    for receptor in program.receptors:
        candidates = [None, *range(PURPOSES)]
        for extra in (Extra(receptor.name, which) for which in candidates):
            if extra.name in formats:
                found[extra] = formats[extra.name]
    return found


def source_program(group: Group, width: int, operand_bits: int, step: int = 0) -> Program:
    """Return a source of spikes as a program.

    `Chance` compares the halves of a random word with those of its threshold. `Metronome` counts
    down to its next spike.

    Parameters
    ----------
    width : int
        Bits of a metronome's state.
    step : int
        The one before which the state is that at the start.
    """
    if isinstance(group.source, Chance):
        return _chance(group.source, operand_bits)
    assert isinstance(group.source, Metronome)
    return _metronome(group.source, width, operand_bits, step)


def _chance(source: Chance, operand_bits: int) -> Program:
    most = (1 << HALF_WORD) - 1
    formats = {
        "threshold high": ConstantFormat(0, 0, 2 * most + 1),
        "threshold low": ConstantFormat(0, 0, most),
    }
    trace = Trace(1.0, operand_bits, formats)
    word = trace.make("random", (), 0, (1 << WORD_BITS) - 1, 0, (POISSON, WORD_BITS))
    high = word.floored(-HALF_WORD).times2(-HALF_WORD)
    first = trace.constant("threshold high", source.thresholds >> HALF_WORD, 0)
    second = trace.constant("threshold low", source.thresholds & most, 0)
    below = (high < first) | ((high <= first) & (word.lowest(HALF_WORD) < second))
    trace.spike(below, trace.number(0))
    return trace.program()


def counts(source: Metronome, step: int) -> Array:
    """Return how many steps, from a step on, every neuron of a metronome waits."""
    since = step - source.phase
    wait = np.where(since < 0, -since, -since % source.period)
    return np.minimum(wait, LONGEST_COUNT)


def count_bits(source: Metronome) -> int:
    """Return the bits that a metronome's state needs."""
    most = max(int(source.period.max()) - 1, int(source.phase.max()))
    return min(most, LONGEST_COUNT).bit_length() + 1


def _metronome(source: Metronome, width: int, operand_bits: int, step: int) -> Program:
    most = (1 << (width - 1)) - 1
    trace = Trace(1.0, operand_bits, {"period": ConstantFormat(0, 0, most)})
    left = trace.state("left", width, 0, counts(source, step)).within(0, most)
    one = trace.number(1)
    period = trace.constant("period", np.minimum(source.period - 1, LONGEST_COUNT), 0)
    fired = left < one
    trace.write("left", select(fired, period, left - one))
    trace.spike(fired, trace.number(0))
    return trace.program()
