"""What the probe shows: what happens in this cycle."""

from types import SimpleNamespace

from amaranth.hdl import Cat, Mux, Value
from amaranth.lib import wiring

from golden.network.chip import Chip
from golden.network.interface import strobes
from hdl.network.cells import Cells
from hdl.network.learning.parts import learning_shown


def strobed(chip: Chip, values: dict[str, Value]) -> dict[str, Value]:
    """Return the fields as the record has them: 0 when their strobe is 0."""
    found = dict(values)
    for strobe, fields in strobes(chip).items():
        for name in fields:
            found[name] = Mux(values[strobe], values[name], 0)
    return found


def shown(chip: Chip, parts: SimpleNamespace, cells: list[Cells]) -> dict[str, Value]:
    """Return what the parts of a core show, by field of the record."""
    s, new = parts, parts.ring.new
    return {
        "phase": s.sequencer.phase,
        "step": s.sequencer.step,
        "push": s.ring.written,
        "push_place": s.ring.place,
        "push_run": new.run,
        "push_synapse": new.synapse,
        "push_due": new.due,
        **(_release(s) if chip.plastic_axons else {}),
        "arrive": s.arrivals.arrive,
        "inlet": s.arrivals.at_inlet,
        "slot": s.arrivals.at_slot,
        "sum": _sum(chip, s.arrivals),
        **_cells(chip, cells),
        **(learning_shown(chip, s) if chip.learner else {}),
        "fire": s.emission.fire,
        "fired": s.emission.index,
        "head": s.ring.head,
        "length": s.ring.length,
        "lost": s.registers.lost,
    }


def _release(s):
    return {
        "push_efficacy": s.ring.new.efficacy,
        "release": s.release.written,
        "release_axon": s.release.at_axon,
        "release_u": s.release.u,
        "release_x": s.release.x,
    }


def at_ports(core: wiring.Component) -> dict[str, Value]:
    """Return what the streams of a core show."""
    return {
        "start_ready": core.start.ready,
        "external_ready": core.external.ready,
        "bus_ready": core.bus.ready,
        "spikes_valid": core.spikes.valid,
        "neuron": core.spikes.payload.neuron,
        "done_valid": core.done.valid,
        "response_valid": core.response.valid,
        "response": core.response.payload.data,
    }


def _sum(chip, arrivals):
    """Return the sum that is written, as bits of its inlet's width."""
    found = Value.cast(0)
    for number, (kind, receptor) in enumerate(chip.inlets):
        bits = chip.kinds[kind].inlet_bits[receptor]
        found = Mux(arrivals.at_inlet == number, arrivals.sum.as_unsigned()[:bits], found)
    return found


def _cells(chip, cells):
    found = {}
    for kind, each in zip(chip.kinds, cells, strict=True):
        for i, state in enumerate(kind.program.states):
            stem = f"{kind.name}_{state.name}"
            found[f"{stem}_write"] = each.write[i]
            found[f"{stem}_slot"] = each.slots[i]
            found[f"{stem}_data"] = each.written[i]
        if kind.counted:
            cases = [each.saturated[i].any() for i in range(len(kind.counted))]
            found[f"{kind.name}_saturated"] = Cat(cases)
    return found
