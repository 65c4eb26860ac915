"""What became of a model: formats, errors of constants and tables, what is lost, what saturates."""

from dataclasses import dataclass

from golden.cells.equations.formats import Format
from golden.cells.equations.integrate import Update
from golden.cells.equations.lookup import Lookup
from golden.cells.equations.quantities import Measure
from golden.cells.program import Program

LONGEST = 60
"""Characters of a function's name."""


@dataclass(frozen=True, slots=True)
class EquationReport:
    """What integers make of a model; its text says all of it."""

    dt: float
    updates: tuple[Update, ...]
    formats: dict[str, Format]
    units: dict[str, Measure]
    lookups: tuple[Lookup, ...]
    zeros: tuple[str, ...]
    """Constants and terms that became 0, as allowed."""
    program: Program

    @property
    def errors(self) -> dict[str, float]:
        """Worst relative error of every constant."""
        return {c.name: c.error for c in self.program.constants}

    @property
    def saturating(self) -> tuple[str, ...]:
        """Names of what is not proved to stay within its word or range."""
        return tuple(dict.fromkeys(self.program.counters()))

    def _format(self, name: str) -> str:
        form, unit = self.formats[name], self.units[name]
        size = float(unit.size)
        told = "" if unit.name == "1" else f" {unit.name}"
        return (
            f"s{form.width}, point {form.point}, one bit {2.0**-form.point / size:.3g}{told}, "
            f"range {form.low / size:g} to {form.high / size:g}{told} ({form.source})"
        )

    def __str__(self) -> str:
        methods = {x.variable.name: x.method for x in self.updates}
        lines = [f"a step of {self.dt:g} ms"]
        lines += [
            f"{name}: {methods.get(name, 'input')}, {self._format(name)}" for name in self.formats
        ]
        lines += [f"constant {name}: error {error:.2g}" for name, error in self.errors.items()]
        lines += [
            f"table {_short(x.name)}: {len(x.entries)} entries, error {x.error:.2g} of its largest"
            for x in self.lookups
        ]
        lines.append(f"became zero: {', '.join(self.zeros) or 'nothing'}")
        lines.append(f"can saturate: {', '.join(self.saturating) or 'nothing'}")
        return "\n".join(lines)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
