"""A network from the file of a plan: it runs and is recorded like any other."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from golden.builder.inputs import Input
from golden.builder.network import Network
from golden.builder.pipelines import Hardware
from golden.builder.population import Population
from golden.builder.projection import Projection
from golden.cells.cell import Cell
from golden.cells.program import ConstantFormat, Program
from golden.cells.schedule import Fabric
from golden.cells.trace import OPERAND_BITS
from golden.network.blueprint import Group
from golden.network.chip import Chip
from golden.network.placement.report import told
from golden.network.plan import Plan
from golden.network.plan import load as read
from golden.network.source import SpikeSource


@dataclass(frozen=True, eq=False)
class StoredCell(Cell):
    """A cell of which only the program is known."""

    stored: Program

    def program(
        self,
        dt: float,
        operand_bits: int = OPERAND_BITS,
        formats: Mapping[str, ConstantFormat] | None = None,
    ) -> Program:
        """Return it, whatever is asked for."""
        return self.stored


@dataclass(frozen=True, eq=False)
class StoredInput(Input):
    """An input of which only the source is known."""

    stored: SpikeSource

    def source(self, size: int, dt: float) -> SpikeSource:
        """Return it."""
        return self.stored


class StoredNetwork(Network):
    """A network that is complete: nothing can be added, but its inputs can be fed.

    Parameters
    ----------
    plan : Plan
    """

    def __init__(self, plan: Plan):
        super().__init__(plan.blueprint.dt, plan.blueprint.seed, any_step=True)
        self._stored = plan
        self._populations = [_population(k, g) for k, g in enumerate(plan.blueprint.groups)]
        named = {rows.connection: rows.name for rows in reversed(plan.blueprint.rows)}
        self._projections = [Projection(named[k], k, self._now) for k in sorted(named)]

    def _unbuilt(self) -> None:
        raise ValueError("a network from a file must stay as it is, but for its inputs")

    def feed(self, name: str, source: Input) -> None:
        """Let an input spike in another way than the file says.

        Raises
        ------
        ValueError
            If no input has this name, or the network has run.
        """
        super()._unbuilt()
        self._fed(name, source)

    def build(
        self,
        fabric: Fabric | None = None,
        chip: Chip | None = None,
        board: str | None = None,
        room: int | None = None,
    ) -> Plan:
        """Return the plan of the file, with what its inputs are fed: its programs are made.

        Raises
        ------
        ValueError
            If their factors are wider than the target's multipliers.
        """
        hardware = Hardware.of(fabric, chip, board)
        target = hardware.fabric if hardware else None
        programs = [group.program for group in self._stored.blueprint.groups if group.program]
        widest = max((program.operand_bits for program in programs), default=0)
        if target and widest > target.operand_bits:
            raise ValueError(
                f"a network from a file must have factors of up to {target.operand_bits} bits "
                f"for {target.name}, not {widest}: build it for {target.name} before it is saved"
            )
        if self._plan is None:
            stored = self._stored.blueprint
            groups = tuple(map(self._group, stored.groups, self._populations))
            self._plan = replace(self._stored, blueprint=replace(stored, groups=groups))
        if hardware and hardware.part:
            notes = (*self._plan.notes, *told(self._plan.blueprint, hardware.part))
            return replace(self._plan, notes=notes)
        return self._plan

    def _group(self, group: Group, population: Population) -> Group:
        if not isinstance(population.what, Input):
            return group
        return replace(group, source=population.what.source(group.size, self.dt))


def _population(number: int, group: Group) -> Population:
    if group.program:
        what = StoredCell(group.program)
    else:
        assert group.source is not None
        what = StoredInput(group.source)
    return Population(group.name, number, group.size, what, group.winners)


def load(path: str | Path) -> StoredNetwork:
    """Return the network that `Plan.save` has written.

    Raises
    ------
    golden.network.file.members.PlanFileError
        If it is no such file, damaged or impossible.
    OSError
        If it cannot be read.
    """
    return StoredNetwork(read(path))
