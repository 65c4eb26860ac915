"""Writes a step into a trace.

Before the first substep arrivals are added to the variables that are receptors. In each substep, of
``dt / substeps``:

1. Every variable grows from the values before, is rounded once to nearest, and is saturated to its
   range; one that is held while refractory does not grow then.
2. A neuron spikes if the threshold's condition holds and it is not refractory; without a reset, if
   the condition begins to hold.
3. Who spikes is reset, line by line, and is refractory for so many substeps.

A neuron sends one spike a step, however often it spiked in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from golden.cells.equations.compile import Compiler
from golden.cells.equations.dynamics import Dynamics
from golden.cells.equations.formats import Format
from golden.cells.equations.integrate import Update
from golden.cells.equations.parse import symbol
from golden.cells.equations.quantities import Measure
from golden.cells.trace import Trace
from golden.cells.value import Value, maximum, select

GUARD = 8
"""Fraction bits that a sum has beyond its variable."""
COUNTER = "refractory"


@dataclass(frozen=True, slots=True)
class Writer:
    """A step of a model, for one trace."""

    trace: Trace
    compiler: Compiler
    dynamics: Dynamics
    updates: tuple[Update, ...]
    formats: Mapping[str, Format]
    start: Mapping[str, np.ndarray]
    refractory: int
    """Substeps."""

    def step(self, substeps: int) -> None:
        """Write it."""
        trace, now = self.trace, self.compiler.now
        self._read()
        left = trace.state(COUNTER, _bits(self.refractory), 0, 0) if self.refractory else None
        left = left.clipped(0, self.refractory) if left else None
        spiked = trace.number(0) >= trace.number(1)
        margin = trace.number(0)
        for _ in range(substeps):
            left, fired, ahead = self._substep(left)
            if fired is not None:
                margin = select(fired, ahead, margin)
                spiked = spiked | fired
        for x in self.dynamics.variables:
            trace.write(x.name, now[x.symbol])
        if left:
            trace.write(COUNTER, left)
        trace.spike(spiked, margin)

    def _read(self) -> None:
        for x in self.dynamics.variables:
            form, unit = self.formats[x.name], 1 / float(x.unit.size)
            value = self.trace.state(
                x.name,
                form.width,
                form.point,
                self.start[x.name] * unit,
                unit,
                measure=_measure(x.unit),
            )
            self.compiler.now[x.symbol] = value.clipped(*form.ends)
        for name in (*self.dynamics.receptors, *self.dynamics.inputs):
            form, own = self.formats[name], self.dynamics.units[name]
            unit, measure = 1 / float(own.size), _measure(own)
            arrived = self.trace.receptor(name, form.width, form.point, unit, measure)
            if name in self.dynamics.receptors:
                arrived = self._within(name, self.compiler.now[symbol(name)] + arrived)
            self.compiler.now[symbol(name)] = arrived

    def _substep(self, left: Value | None) -> tuple[Value | None, Value | None, Value]:
        trace, now = self.trace, self.compiler.now
        busy = left >= trace.number(1) if left else None
        grown, before = {}, None
        threshold, reset = self.dynamics.threshold, self.dynamics.reset
        if threshold and not reset:
            before = self.compiler.condition(threshold)
        for update in self.updates:
            grown[update.variable.symbol] = self._grown(update, busy)
        now.update(grown)
        fired = self.compiler.condition(threshold) if threshold else None
        ahead = self.compiler.margin(threshold) if threshold else trace.number(0)
        if fired is None:
            return left, None, ahead
        fired = fired & ~before if before is not None else fired
        fired = fired & ~busy if busy is not None else fired
        for name, expression in reset:
            point = self.formats[name].point
            becomes = self.compiler.sum(expression, point + GUARD).rounded(point)
            now[symbol(name)] = select(fired, self._within(name, becomes), now[symbol(name)])
        if left:
            one, most = trace.number(1), trace.number(self.refractory)
            left = select(fired, most, maximum(left - one, trace.number(0)))
        return left, fired, ahead

    def _grown(self, update: Update, busy: Value | None) -> Value:
        old, point = (
            self.compiler.now[update.variable.symbol],
            self.formats[update.variable.name].point,
        )
        more = self.compiler.sum(update.increment, point + GUARD)
        grown = (old + more).rounded(point)
        if update.variable.held and busy is not None:
            grown = select(busy, old, grown)
        return self._within(update.variable.name, grown)

    def _within(self, name: str, value: Value) -> Value:
        """Saturate a variable to its range, and count it."""
        low, high = self.formats[name].ends
        return value.saturated(low, high, name)


def _measure(unit: Measure) -> str:
    """Return a unit for pictures; nothing for 1."""
    return unit.name if unit.name != "1" else ""


def _bits(most: int) -> int:
    return most.bit_length() + 1
