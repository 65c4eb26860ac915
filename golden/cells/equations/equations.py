"""A cell from equations: what a user of Brian2 writes becomes a program of integers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from golden.cells.cell import Cell
from golden.cells.equations.algebra import Algebra
from golden.cells.equations.compile import Compiler
from golden.cells.equations.constants import Constants
from golden.cells.equations.dynamics import Dynamics, read
from golden.cells.equations.floats import FloatStep
from golden.cells.equations.formats import Format, bounded, dry_run, fitted, ranges, width
from golden.cells.equations.integrate import STEP, Update, updates
from golden.cells.equations.parse import symbol
from golden.cells.equations.quantities import Measure, in_unit, pair, unit
from golden.cells.equations.report import EquationReport
from golden.cells.equations.write import Writer
from golden.cells.program import ConstantFormat, Program
from golden.cells.trace import OPERAND_BITS, Trace

METHODS = ("auto", "Euler")
MILLISECOND = unit("ms", "the unit of time")
INPUT_BITS = 18
KINDS: tuple[tuple[Any, str, str], ...] = (
    (str, "a text", "text threshold reset"),
    (Mapping, "a dict", "inputs parameters ranges start bits"),
    ((list, tuple, set, frozenset), "a list of texts", "receptors allow_zero"),
)
"""What fields of `Equations` must be."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A model with its step: how each variable is integrated, and in which format."""

    updates: tuple[Update, ...]
    constants: Constants
    formats: dict[str, Format]
    floats: FloatStep
    refractory: int
    """Substeps."""


@dataclass(frozen=True, eq=False)
class Equations(Cell):
    """A neuron from equation strings.

    Parameters
    ----------
    text : str
        ``v' = expression : unit``, or ``dv/dt = ...``, one a line or parted by semicolons; after
        the unit ``(unless refractory)``, if the variable is held then. ``name = expression : unit``
        names an expression. Without a unit it is a plain number.
    threshold : str
        A comparison; several with ``and``, ``or``, ``not``. Without one the neuron never spikes.
    reset : str
        ``v = c; u += d``. Without one the neuron spikes when the threshold begins to hold.
    refractory : number or str
        Time for which it does not spike again, ms or with a unit.
    inputs : mapping
        Names of receptors whose arrivals count for one step, and their units.
    receptors : sequence of str
        Variables that arrivals are added to.
    parameters : mapping
        Numbers: 0.02, "20 ms", an array with one for each neuron, or (array, "ms").
    ranges : mapping
        ``(low, high)`` of a variable or input, in its own unit. Inputs and receptors need one;
        those of other variables are taken from a dry run in float64 if left out.
    start : mapping
        Where variables start, 0 if left out.
    method : str
        "auto" (`golden.cells.equations.integrate`) or "Euler" for all.
    substeps : int
        Within a step of the network.
    bits : mapping
        Width of a variable or input, instead of what `golden.cells.equations.formats` takes.
    table_entries : int
        Of a table at most.
    allow_zero : sequence of str
        Constants and terms, as the error names them, that may become 0.
    dry_run : number or str
        How long it takes, ms.

    Raises
    ------
    ValueError
        If something cannot be read, has an unknown name or other units than it must, or has no
        range; from `program`, if a number that is not 0 would become 0.
    """

    text: str
    threshold: str = ""
    reset: str = ""
    refractory: Any = 0
    inputs: Mapping[str, str] = field(default_factory=dict)
    receptors: Sequence[str] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    ranges: Mapping[str, Any] = field(default_factory=dict)
    start: Mapping[str, Any] = field(default_factory=dict)
    method: str = "auto"
    substeps: int = 1
    bits: Mapping[str, int] = field(default_factory=dict)
    table_entries: int = 512
    allow_zero: Sequence[str] = ()
    dry_run: Any = 200
    dynamics: Dynamics = field(init=False, repr=False)
    """What was read."""
    _start: dict[str, np.ndarray] = field(init=False, repr=False)
    _ranges: dict[str, tuple[float, float]] = field(init=False, repr=False)
    _schemes: dict[float, Scheme] = field(init=False, repr=False, default_factory=dict)
    _reports: dict[tuple, EquationReport] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        _refuse_kinds(self)
        model = read(
            self.text, self.threshold, self.reset, self.inputs, self.receptors, self.parameters
        )
        object.__setattr__(self, "dynamics", model)
        _check(self)
        names = [x.name for x in model.variables]
        _known(self.ranges, [*names, *model.inputs], "range")
        _known(self.start, names, "start")
        _known(self.bits, [*names, *model.inputs], "width")
        found = {n: pair(x, model.units[n], f"range of {n}") for n, x in self.ranges.items()}
        object.__setattr__(self, "_ranges", found)
        for name in (*model.inputs, *model.receptors):
            if name not in found:
                raise ValueError(
                    f"range of {name} must be given, not left out: only who connects to it "
                    "knows how far it goes"
                )
        start = {n: in_unit(self.start.get(n, 0.0), model.units[n], f"start of {n}") for n in names}
        object.__setattr__(self, "_start", start)
        self.size()

    def lengths(self) -> dict[str, int]:
        """Return of all parameters and starts that are arrays how long they are, by name."""
        arrays = {
            **self.dynamics.parameters,
            **{f"start of {n}": x for n, x in self._start.items()},
        }
        return {name: len(x) for name, x in arrays.items() if x.ndim}

    def scheme(self, dt: float) -> Scheme:
        """Return integrators and formats for a step of ``dt`` ms."""
        if dt not in self._schemes:
            self._schemes[dt] = self._scheme(dt)
        return self._schemes[dt]

    def _scheme(self, dt: float) -> Scheme:
        model, h = self.dynamics, dt / self.substeps
        values = {symbol(name): value for name, value in model.parameters.items()}
        constants = Constants({**values, STEP: np.asarray(h)})
        chosen = updates(model, constants, self.method)
        wait = round(float(in_unit(self.refractory, MILLISECOND, "refractory")) / h)
        floats = FloatStep.of(model, chosen, constants, wait, self.substeps)
        targets = bounded(model, chosen, constants)
        found = {}
        if any(x.name not in {*self._ranges, *targets} for x in model.variables):
            steps = round(float(in_unit(self.dry_run, MILLISECOND, "dry run")) / dt)
            found = dry_run(floats, self._start, self._ranges, steps, dt)
        whole = ranges(model, chosen, constants, self._ranges, found, self._start)
        around = {
            **self._start,
            **{n: np.asarray(np.clip(0.0, *self._ranges[n])) for n in model.inputs},
        }
        widths = {x.variable.name: width(x, constants, around) for x in chosen}
        widths |= dict.fromkeys(model.inputs, INPUT_BITS) | dict(self.bits)
        formats = {
            name: fitted(*whole[name][0], widths[name], whole[name][1]) for name in model.units
        }
        self._check_start(formats)
        return Scheme(chosen, constants, formats, floats, wait)

    def _check_start(self, formats: Mapping[str, Format]) -> None:
        for name, start in self._start.items():
            form, size = formats[name], float(self.dynamics.units[name].size)
            bad = start[(start < form.low) | (start > form.high)]
            if bad.size:
                raise ValueError(
                    f"start of {name} must be within its range {form.low / size:g} to "
                    f"{form.high / size:g}, not {bad.flat[0] / size:g}"
                )

    def step(self, trace: Trace) -> None:
        """Write a step as `golden.cells.equations.write` says it."""
        self._write(trace)

    def _write(self, trace: Trace) -> Compiler:
        scheme = self.scheme(trace.dt)
        places = {symbol(name): (form.low, form.high) for name, form in scheme.formats.items()}
        algebra = Algebra(scheme.constants, places)
        compiler = Compiler(trace, algebra, self.table_entries, self.allow_zero)
        writer = Writer(
            trace,
            compiler,
            self.dynamics,
            scheme.updates,
            scheme.formats,
            self._start,
            scheme.refractory,
        )
        writer.step(self.substeps)
        return compiler

    def program(
        self,
        dt: float,
        operand_bits: int = OPERAND_BITS,
        formats: Mapping[str, ConstantFormat] | None = None,
    ) -> Program:
        """Return what it does in a step of ``dt`` ms, in integers: without formats, once."""
        if formats:
            trace = Trace(dt, operand_bits, formats)
            self._write(trace)
            return trace.program()
        return self.report(dt, operand_bits).program

    def report(self, dt: float, operand_bits: int = OPERAND_BITS) -> EquationReport:
        """Return what became of the equations in integers."""
        key = dt, operand_bits
        if key not in self._reports:
            trace = Trace(dt, operand_bits)
            compiler, scheme = self._write(trace), self.scheme(dt)
            self._reports[key] = EquationReport(
                dt,
                scheme.updates,
                scheme.formats,
                dict(self.dynamics.units),
                tuple(compiler.lookups.values()),
                tuple(compiler.zeros),
                trace.program(),
            )
        return self._reports[key]

    def float64(self, dt: float, steps: int, inputs: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """Run it in float64, with the integrator and step of its integers.

        Parameters
        ----------
        inputs : mapping
            Of an input or receptor: what arrives, a number, or an array of shape (steps,) or
            (steps, neurons), in its own unit.

        Returns
        -------
        dict
            Of every variable its values after each step, in its own unit, and ``spikes``: arrays
            of shape (steps, neurons).
        """
        units: Mapping[str, Measure] = self.dynamics.units
        size = self.size() or 1
        arriving = {}
        for name in (*self.dynamics.inputs, *self.dynamics.receptors):
            given = np.asarray(inputs.get(name, 0.0), np.float64) * float(units[name].size)
            given = given[:, None] if given.ndim == 1 else given
            arriving[name] = np.broadcast_to(given, (steps, size))
        floats = self.scheme(dt).floats
        now = {name: np.broadcast_to(x, (size,)) for name, x in self._start.items()}
        left, kept = np.zeros(size, np.int64), {name: [] for name in [*now, "spikes"]}
        for t in range(steps):
            for name, given in arriving.items():
                now[name] = now[name] + given[t] if name in self.dynamics.receptors else given[t]
            now, left, spiked = floats.step(now, left)
            for name in self._start:
                kept[name].append(now[name] / float(units[name].size))
            kept["spikes"].append(spiked)
        return {name: np.array(x) for name, x in kept.items()}


def _refuse_kinds(cell: Equations) -> None:
    for kind, called, names in KINDS:
        for name in names.split():
            if not isinstance(getattr(cell, name), kind):
                raise ValueError(f"{name} must be {called}, not {getattr(cell, name)!r}")


def _check(cell: Equations) -> None:
    if cell.method not in METHODS:
        raise ValueError(f"method must be {' or '.join(METHODS)}, not {cell.method}")
    if not 1 <= cell.substeps <= 64:
        raise ValueError(f"substeps must be 1 to 64, not {cell.substeps}")
    if not 4 <= cell.table_entries <= 4096:
        raise ValueError(f"table_entries must be 4 to 4096, not {cell.table_entries}")
    for name, bits in cell.bits.items():
        if not 2 <= bits <= 30:
            raise ValueError(f"width of {name} must be 2 to 30 bits, not {bits}")
    for what in ("refractory", "dry_run"):
        if not in_unit(getattr(cell, what), MILLISECOND, what) >= 0:
            raise ValueError(f"{what} must be 0 ms or more, not {getattr(cell, what)}")


def _known(given: Mapping[str, Any], names: Sequence[str], what: str) -> None:
    for name in given:
        if name not in names:
            raise ValueError(f"{what} must be of {', '.join(names)}, not of {name}")
