# amaranth: UnusedElaboratable=no
"""What a core is made of, beside its cells."""

from types import SimpleNamespace
from typing import Any

from golden.network.chip import Chip
from golden.network.interface import Region, added, extents
from golden.numbers.formats import index_bits
from hdl.network.arrivals import Arrivals
from hdl.network.cells import Cells
from hdl.network.emission import Emission
from hdl.network.fetch import Fetch
from hdl.network.host import NetworkHost
from hdl.network.intake import Intake
from hdl.network.keys import KeySchedule
from hdl.network.learning.parts import learning_hosted, learning_parts
from hdl.network.options.junctions import Junctions
from hdl.network.options.one_port import TableWithRows
from hdl.network.options.release import Release
from hdl.network.registers import HostRegisters
from hdl.network.ring import Ring
from hdl.network.rows import AxonRows
from hdl.network.script import GroupScript
from hdl.network.sequencer import StepSequencer
from hdl.network.tables import LoadedMemory
from hdl.network.walker import Walker

PLASTIC = {
    "plastic_values": "values",
    "plastic_lasts": "lasts",
    "plastic_releases": "constants",
    "releases": "releases",
    "decays": "decays",
}
"""Regions of plastic axons, and what `Release` calls them."""


def parts(p: Chip, cells: list[Cells]) -> SimpleNamespace:
    """Return the parts of a core beside its cells, by name."""
    sizes = extents(p)
    schedules = [each.schedule for each in cells]
    margin = max((each.margin.shape() for each in cells), key=lambda shape: shape.width)
    cases = max(each.saturated.shape().elem_shape.width for each in cells)
    learns: dict[str, Any] = learning_parts(p) if p.learner else {}
    made = SimpleNamespace(
        sequencer=StepSequencer(p),
        host=NetworkHost(p),
        registers=HostRegisters(p, cases),
        ring=Ring(p),
        fetch=Fetch(p),
        walker=Walker(p),
        arrivals=Arrivals(p, learns["visits"].weight_bits if p.learner else 0),
        rows=AxonRows(p),
        script=GroupScript(p, schedules),
        intake=Intake(p, schedules),
        emission=Emission(p, margin),
        runs=_table(p, Region.RUNS, index_bits(p.runs) + 1),
        synapses=_table(p, Region.SYNAPSES, index_bits(p.synapses)),
        families=LoadedMemory(*sizes[Region.FAMILIES]),
    )
    if p.junctions:
        made.junctions = Junctions(p)
    if p.plastic_axons:
        made.release = Release(p)
    if p.random:
        at_once = any(kind.random and not kind.serial for kind in p.kinds)
        made.keys = KeySchedule(at_once, p.serial)
    vars(made).update(learns)
    return made


def _table(p: Chip, region: Region, row_bits: int) -> LoadedMemory | TableWithRows:
    words, bits = extents(p)[region]
    if p.single_port:
        return TableWithRows(p, words, bits, row_bits)
    return LoadedMemory(words, bits, p.fabric.columns(words, bits))


def hosted(p: Chip, s: SimpleNamespace) -> dict[int, tuple[Any, Any]]:
    """Return the host's way into what a core has beside its cells' words, and what it reads."""
    found = {
        Region.REGISTERS: (s.registers.host, s.registers.shown),
        Region.SCRIPT: (s.script.host, s.script.data),
        Region.ROW_RUNS: (s.rows.host_runs, s.rows.runs),
        Region.ROW_SYNAPSES: (s.rows.host_synapses, s.rows.synapses),
        Region.RUNS: (s.runs.host, s.runs.word),
        Region.SYNAPSES: (s.synapses.host, s.synapses.word),
        Region.FAMILIES: (s.families.host, s.families.word),
        Region.QUEUE_RUNS: (s.ring.host_runs, s.ring.runs),
        Region.QUEUE_SYNAPSES: (s.ring.host_synapses, s.ring.synapses),
    }
    regions = added(p)
    if p.junctions:
        found[regions["junctions"]] = (s.junctions.host, s.junctions.shown)
    if p.plastic_axons:
        found[regions["queue_efficacies"]] = (s.ring.host_efficacies, s.ring.efficacies)
        for region, name in PLASTIC.items():
            found[regions[region]] = (getattr(s.release, f"host_{name}"), getattr(s.release, name))
    if p.learner:
        found |= {regions[name]: port for name, port in learning_hosted(p, s).items()}
    return found
