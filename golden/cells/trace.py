"""Traces the text of a cell into a program: what a cell's ``step`` is given."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from golden.cells.program import (
    WORD_BITS,
    Constant,
    ConstantFormat,
    Program,
    Receptor,
    Scale,
    StateWord,
)
from golden.cells.value import WIDEST, Value

OPERAND_BITS = 18
"""Of the widest factor of a product, if nobody says otherwise."""
RAW_BITS = WORD_BITS
"""Of the sum of a step's arrivals before it is saturated."""


class TooWide(ValueError):
    """What an operation makes does not fit `WIDEST` bits."""

    def __init__(self, operation: str, width: int):
        super().__init__(f"{operation} must fit {WIDEST} bits, not {width}")
        self.width = width


class Trace:
    """Collects the operations of one step.

    Parameters
    ----------
    dt : float
        The step in ms.
    operand_bits : int
        Widest factor of a product: 16 for the multipliers of the UP5K, 18 for ECP5 and Gowin.
    formats : mapping from names to ConstantFormat, optional
        What some constants must be, as others have the same pipeline. The rest is as its values
        want it.
    purpose : int
        Of the first random word that is asked for.
    """

    def __init__(
        self,
        dt: float,
        operand_bits: int = OPERAND_BITS,
        formats: Mapping[str, ConstantFormat] | None = None,
        purpose: int = 0,
    ):
        self.dt = dt
        self.formats = formats or {}
        self.operand_bits = operand_bits
        self._values: list[Value] = []
        self._places: dict[tuple, Value] = {}
        self._states: dict[str, tuple[StateWord, Value]] = {}
        self._receptors: list[Receptor] = []
        self._constants: list[Constant] = []
        self._written: dict[str, Value] = {}
        self._spike: tuple[Value, Value] | None = None
        self._purpose = purpose

    def make(
        self,
        operation: str,
        operands: tuple[Value, ...],
        low: int,
        high: int,
        point: int,
        detail=None,
    ) -> Value:
        """Return a value; the same operation on the same operands is made once.

        Raises
        ------
        TooWide
            If it does not fit `WIDEST` bits.
        """
        places = tuple(x.index for x in operands)
        key = (operation, places, detail, point)
        if key not in self._places:
            value = Value(self, len(self._values), operation, places, detail, low, high, point)
            if value.width > WIDEST:
                raise TooWide(operation, value.width)
            self._values.append(value)
            self._places[key] = value
        return self._places[key]

    def state(
        self,
        name: str,
        width: int,
        point: int,
        start: Any,
        unit: Any = 1.0,
        zero: Any = 0.0,
        measure: str = "",
    ) -> Value:
        """Return the value of a state word at the begin of the step.

        Parameters
        ----------
        name : str
            As monitors call it.
        width : int
            Bits, two's complement.
        point, unit, zero
            What an integer n of it means: ``n * 2**-point * unit + zero``.
        start : float or array
            Where it starts, as a quantity.
        measure : str
            What quantities are in, for pictures: "mV".

        Raises
        ------
        ValueError
            If the start does not fit.
        """
        scale = Scale(point, unit, zero, measure)
        integers = scale.integer(start)
        least, most = -(1 << (width - 1)), (1 << (width - 1)) - 1
        outside = (integers < least) | (integers > most)
        if outside.any():
            bad = np.broadcast_to(np.asarray(start, float), integers.shape)[outside].flat[0]
            ends = np.sort([np.min(scale.quantity(x)) for x in (least, most)])
            raise ValueError(f"{name} must start within {ends[0]:g} to {ends[1]:g}, not at {bad:g}")
        value = self.make("state", (), least, most, point, name)
        self._states[name] = StateWord(name, width, scale, integers), value
        return value

    def arrivals(
        self, name: str, width: int, point: int, unit: Any = 1.0, measure: str = ""
    ) -> Value:
        """Return the sum of a step's arrivals at a receptor, not saturated.

        A receptor that lasts adds what it has kept to it and saturates the sum. No weight may be
        wider than ``width`` bits.

        Raises
        ------
        ValueError
            If the cell already has a receptor of that name.
        """
        if name in {r.name for r in self._receptors}:
            raise ValueError(f"a receptor's name must be its own, not {name} again")
        self._receptors.append(Receptor(name, width, Scale(point, unit, measure=measure)))
        ends = -(1 << (RAW_BITS - 1)), (1 << (RAW_BITS - 1)) - 1
        return self.make("arrival", (), *ends, point, name)

    def receptor(
        self, name: str, width: int, point: int, unit: Any = 1.0, measure: str = ""
    ) -> Value:
        """Return the sum of a step's arrivals at a receptor, saturated to ``width`` bits."""
        return self.saturated(self.arrivals(name, width, point, unit, measure), width, name)

    def constant(self, name: str, value: Any, point: int | None = None) -> Value:
        """Return a number of the group or of each neuron, rounded to nearest.

        Parameters
        ----------
        name : str
            As the report calls it.
        value : float or array of shape (neurons,)
        point : int, optional
            Where its binary point is. Without, it is normalised: the largest magnitude of the
            group fills `operand_bits`, so that it is a mantissa with a shift of its own.

        Raises
        ------
        ValueError
            If a number that is not 0 becomes 0, or one does not fit `WORD_BITS` or the format that
            it must have.
        """
        held = self.formats.get(name)
        if held and point is None:
            point = held.point
        made = Constant.nearest(name, value, point, self.operand_bits - 1)
        if held:
            held.refuse(made)
        self._constants.append(made)
        ends = (held.low, held.high) if held else made.range
        return self.make("constant", (), *ends, made.point, name)

    def number(self, value: int, point: int = 0) -> Value:
        """Return an integer of the program itself, the same for every group."""
        return self.make("number", (), value, value, point, value)

    def random(self, width: int) -> Value:
        """Return a random word of ``width`` bits, unsigned: another one at every call.

        It is the upper ``width`` bits of the word of `golden.numbers.hash` for this neuron and
        step, with the number of the call, from the first purpose, as purpose.
        """
        self._purpose += 1
        detail = (self._purpose - 1, width)
        return self.make("random", (), 0, (1 << width) - 1, 0, detail)

    def given(self, name: str, low: int, high: int, point: int) -> Value:
        """Return a number from outside that is read and not kept: what a rule sees of a synapse."""
        return self.make("state", (), low, high, point, name)

    def give(self, name: str, value: Value) -> None:
        """Hand a result out under a name, which need not be that of a state."""
        self._written[name] = value

    def write(self, name: str, value: Value) -> Value:
        """Give a state its next value, rounded to nearest and saturated; return it.

        Saturation is counted.
        """
        state = self._states[name][0]
        result = self.saturated(value.rounded(state.scale.point), state.width, name)
        self._written[name] = result
        return result

    def spike(self, condition: Value, margin: Value) -> None:
        """Say when the neuron spikes, and by how much it is ahead of others that do.

        A margin of more than `WORD_BITS` is clipped to that, as engines keep it in a word.
        """
        self._spike = condition, margin.fitted(WORD_BITS)

    def saturated(self, value: Value, width: int, name: str) -> Value:
        """Clip to a two's-complement word, and count the cases under ``name``."""
        return value.saturated(-(1 << (width - 1)), (1 << (width - 1)) - 1, name)

    @property
    def values(self) -> tuple[Value, ...]:
        """All that was made so far."""
        return tuple(self._values)

    def program(self) -> Program:
        """Return what was traced, without what nobody reads.

        Raises
        ------
        ValueError
            If a state is never written, or nothing says when to spike.
        """
        silent = [name for name in self._states if name not in self._written]
        if silent:
            raise ValueError(f"a step must write every state, not leave out {', '.join(silent)}")
        if self._spike is None:
            raise ValueError("a step must say when the neuron spikes")
        condition, margin = self._spike
        roots = [*(v.index for v in self._written.values()), condition.index, margin.index]
        live = sorted(self._reached(roots))
        place = {old: new for new, old in enumerate(live)}
        values = [self._values[i] for i in live]
        used = {v.detail for v in values if v.operation == "constant"}
        names = dict.fromkeys((*self._states, *self._written))
        return Program(
            values=tuple(
                Value(
                    self,
                    place[v.index],
                    v.operation,
                    tuple(place[x] for x in v.operands),
                    v.detail,
                    v.low,
                    v.high,
                    v.point,
                )
                for v in values
            ),
            states=tuple(state for state, _ in self._states.values()),
            receptors=tuple(self._receptors),
            constants=tuple(c for c in self._constants if c.name in used),
            written={name: place[self._written[name].index] for name in names},
            spike=place[condition.index],
            margin=place[margin.index],
            potential=next(iter(self._states), ""),
            operand_bits=self.operand_bits,
        )

    def _reached(self, roots: list[int]) -> set[int]:
        reached, waiting = set(), list(roots)
        while waiting:
            place = waiting.pop()
            if place not in reached:
                reached.add(place)
                waiting.extend(self._values[place].operands)
        return reached
