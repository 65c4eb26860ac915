# amaranth: UnusedElaboratable=no
"""The network core: its parts, the host's access to them, and the record of every cycle."""

from typing import ClassVar

from amaranth.hdl import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import Out

from golden.network import interface
from golden.network.chip import DUE_BITS, Chip, Kind
from golden.network.interface import (
    SHOWN_STEP_BITS,
    Phase,
    Region,
    extents,
    record,
    streams,
)
from hdl.cells import Pipeline
from hdl.network.cells import Cells
from hdl.network.learning.wires import replayed, under_way, wire_learning
from hdl.network.options.junctions import wire_junctions
from hdl.network.options.one_port import wire_rows
from hdl.network.options.release import wire_release
from hdl.network.parts import hosted, parts
from hdl.network.record import at_ports, shown, strobed
from hdl.network.sequencer import ends
from hdl.network.tables import grant
from hdl.numbers.fields import packed, stream_members
from hdl.parts.delay import delayed


class NetworkCore(wiring.Component):
    """A network of the kinds of a chip; ``docs/network-hardware.md`` gives every cycle.

    Parameters
    ----------
    p : Chip
        What the core is made for. What it does not have costs nothing.

    Members
    -------
    start, external, bus : In(stream)
    spikes, done, response : Out(stream)
        As of `golden.network.interface.streams`.
    probe : Out(packed)
        What happens in this cycle; fields as of `golden.network.interface.record`.
    """

    interface: ClassVar = interface

    def __init__(self, p: Chip):
        self.p = p
        self.cells = [Cells(p, kind, self.pipeline(kind)) for kind in p.kinds]
        self.parts = parts(p, self.cells)
        super().__init__(stream_members(streams(p)) | {"probe": Out(packed(record(p)))})

    def pipeline(self, kind: Kind) -> Pipeline:
        """Return the gates of a kind's program."""
        return Pipeline(kind.schedule(self.p.fabric))

    def elaborate(self, platform):
        m = Module()
        for name, part in vars(self.parts).items():
            m.submodules[name] = part
        for kind, cells in zip(self.p.kinds, self.cells, strict=True):
            m.submodules[f"cells_{kind.name}"] = cells
        self._wire_streams(m)
        self._wire_sequencer(m)
        self._wire_host(m)
        self._wire_queue(m)
        self._wire_walk(m)
        if self.p.plastic_axons:
            wire_release(m, self.parts)
        elif self.p.branches:
            m.d.comb += self.parts.emission.ends.eq(1)
        if self.p.branches:
            m.d.comb += self.parts.emission.branches_at.eq(self.parts.script.branches)
            m.d.comb += self.parts.emission.present.eq(self.parts.script.present)
        if self.p.junctions:
            wire_junctions(m, self.parts, self.cells, self._joining)
        if self.p.single_port:
            wire_rows(m, self.parts)
        self._wire_groups(m)
        self._wire_cells(m)
        self._wire_emission(m)
        if self.p.learner:
            wire_learning(m, self.p, self.parts)
        values = shown(self.p, self.parts, self.cells) | at_ports(self)
        m.d.comb += [self.probe[name].eq(value) for name, value in strobed(self.p, values).items()]
        return m

    def _at(self, phase: Phase) -> Value:
        return self.parts.sequencer.phase == phase

    def _wire_streams(self, m):
        sequencer, emission = self.parts.sequencer, self.parts.emission
        m.d.comb += [
            sequencer.start_valid.eq(self.start.valid),
            sequencer.steps.eq(self.start.payload.steps),
            self.start.ready.eq(sequencer.start_ready),
            sequencer.bus_valid.eq(self.bus.valid),
            self.bus.ready.eq(sequencer.bus_ready),
            sequencer.external_valid.eq(self.external.valid & ~self._held),
            sequencer.end.eq(self.external.payload.end),
            sequencer.value.eq(self.external.payload.value),
            self.external.ready.eq(sequencer.external_ready & ~self._held),
            self.spikes.valid.eq(emission.valid),
            self.spikes.payload.step.eq(sequencer.step[:SHOWN_STEP_BITS]),
            self.spikes.payload.neuron.eq(emission.neuron),
            emission.ready.eq(self.spikes.ready),
            self.done.valid.eq(sequencer.done_valid),
            sequencer.done_ready.eq(self.done.ready),
            self.response.valid.eq(sequencer.response_valid),
            self.response.payload.data.eq(self.parts.host.response),
            sequencer.response_ready.eq(self.response.ready),
        ]

    def _wire_sequencer(self, m):
        s = self.parts
        sequencer, walking = s.sequencer, s.fetch.left | s.walker.busy | s.arrivals.coming
        if self.p.learner:
            walking |= under_way(s)
        last = {
            Phase.KEYS: s.keys.done if self.p.random else 0,
            Phase.WALK: ~walking,
            Phase.JUNCTIONS: s.junctions.done if self.p.junctions else 0,
            Phase.LOAD: s.script.done,
            Phase.RUN: s.intake.done,
            Phase.ELECT: s.emission.elected,
            Phase.EMIT: s.emission.done,
            **(replayed(self.p, s) if self.p.learner else {}),
        }
        m.d.comb += [sequencer.last[i].eq(last[phase]) for i, phase in enumerate(ends(self.p))]
        m.d.comb += [
            sequencer.any.eq(s.emission.any),
            sequencer.contested.eq(s.emission.contested),
            sequencer.groups.eq(s.registers.groups),
            sequencer.listen.eq(s.registers.listen),
            sequencer.joins.eq(s.registers.junctions.any() if self.p.junctions else 0),
            sequencer.data.eq(s.host.data),
        ]

    def _wire_host(self, m):
        s = self.parts
        host, registers = s.host, s.registers
        m.d.comb += [
            host.request.eq(self.bus.payload),
            host.cycle.eq(s.sequencer.hosting),
            host.read.eq(s.sequencer.serving),
        ]
        for region, (access, word) in hosted(self.p, s).items():
            grant(m, access, host, region)
            # A memory that is cut is of many blocks: its word has come far when it is chosen.
            columns = self.p.fabric.columns(*extents(self.p)[region])
            cut = len(columns) > 1 and not self.p.single_port
            m.d.comb += host.shown[region].eq(delayed(m, word, int(cut), reset_less=True))
        region = len(Region)
        for cells in self.cells:
            n = len(cells.places)
            m.d.comb += [
                cells.host_read.eq(host.read),
                cells.host_write.eq(host.write[region : region + n]),
                cells.value.eq(host.data),
                *(host.shown[region + i].eq(cells.words[i]) for i in range(n)),
            ]
            region += n
        m.d.comb += [
            registers.step.eq(s.sequencer.step),
            registers.quiet.eq(s.sequencer.quiet),
            registers.head.eq(s.ring.head),
            registers.length.eq(s.ring.length),
            registers.loses.eq(s.ring.lost),
            s.sequencer.set_step.eq(registers.set_step),
            s.sequencer.set_quiet.eq(registers.set_quiet),
            s.ring.set_head.eq(registers.set_head),
            s.ring.set_length.eq(registers.set_length),
            s.ring.value.eq(host.data),
        ]

    def _wire_queue(self, m):
        s, step = self.parts, self.parts.sequencer.step
        m.d.comb += [
            s.ring.open.eq(s.sequencer.opening),
            s.ring.put_back.eq(s.fetch.put_back),
            s.ring.drop.eq(s.fetch.drop),
            s.ring.push.eq(s.rows.push),
            s.ring.new.eq(Mux(s.rows.push, s.rows.new.as_value(), s.fetch.new.as_value())),
            s.rows.step.eq(step[:DUE_BITS]),
            s.rows.spike.eq(s.emission.spiked),
            s.rows.axon.eq(s.emission.axon),
        ]
        with m.If(self._at(Phase.EXTERNAL)):
            taken = self.external.valid & self.external.ready
            m.d.comb += [
                s.rows.spike.eq(taken & ~self.external.payload.end),
                s.rows.axon.eq(self.external.payload.value),
            ]

    def _wire_walk(self, m):
        s = self.parts
        wiring.connect(m, s.fetch.o, s.walker.i)
        m.d.comb += [
            s.fetch.open.eq(s.sequencer.opening),
            s.fetch.length.eq(s.ring.length),
            s.fetch.step.eq(s.sequencer.step[:DUE_BITS]),
            s.fetch.entry.eq(s.ring.entry),
            s.runs.address.eq(s.fetch.address),
            s.fetch.run.eq(s.runs.word),
            s.synapses.address.eq(s.walker.address),
            s.families.address.eq(s.walker.family),
        ]
        if not self.p.learner:
            m.d.comb += [
                s.arrivals.issue.eq(s.walker.issue),
                s.arrivals.synapse.eq(s.synapses.word),
                s.arrivals.family.eq(s.families.word),
            ]

    @property
    def _held(self):
        """Whether EXTERNAL waits for a release."""
        return self.parts.release.held if self.p.plastic_axons else Const(0)

    @property
    def _joining(self):
        return self._at(Phase.JUNCTIONS) if self.p.junctions else 0

    def _wire_groups(self, m):
        s = self.parts
        m.d.comb += [
            s.script.rewind.eq(s.sequencer.opening),
            s.script.load.eq(self._at(Phase.LOAD)),
            s.intake.set_neurons.eq(s.script.neurons_en),
            s.intake.data.eq(s.script.data),
            s.intake.run.eq(self._at(Phase.RUN)),
            s.intake.kind.eq(s.script.kind),
        ]
        if self.p.random:
            m.d.comb += [
                s.keys.run.eq(self._at(Phase.KEYS)),
                s.keys.seed.eq(s.registers.seed),
                s.keys.step.eq(s.sequencer.step),
            ]
        if self.p.serial:
            turns = [cells.turn for cells in self.cells if cells.schedule.rounds]
            m.d.comb += s.keys.turn.eq(Cat(turns).any())

    def _wire_cells(self, m):
        s, number, walking = self.parts, 0, Signal()
        # A cycle late, as nothing arrives in WALK's first cycle, and no group runs behind its last.
        m.d.sync += walking.eq(self._at(Phase.WALK) | self._joining)
        for k, cells in enumerate(self.cells):
            mine = s.script.kind == k if len(self.cells) > 1 else 1
            m.d.comb += [
                cells.enter.eq(s.intake.enter & mine),
                cells.first.eq(s.intake.first & mine),
                cells.load.eq(s.script.first_en | s.host.aim),
                cells.slot.eq(Mux(s.host.aim, s.host.index, s.script.data)),
                cells.constant_en.eq(s.script.constant_en),
                cells.number_en.eq(s.script.number_en),
                cells.data.eq(s.script.data),
                cells.walking.eq(walking),
                cells.inlet_slot.eq(s.arrivals.slot),
                cells.at_slot.eq(s.arrivals.at_slot),
                cells.sum.eq(s.arrivals.sum),
            ]
            if cells.schedule.rounds:
                m.d.comb += cells.key.eq(s.keys.key)
            elif cells.schedule.hashed:
                m.d.comb += cells.keys.eq(s.keys.keys)
            for i in range(len(cells.inlets)):
                hit = s.arrivals.at_inlet == number if len(self.p.inlets) > 1 else 1
                m.d.comb += [
                    cells.arrive[i].eq(s.arrivals.arrive & hit),
                    s.arrivals.sums[number].eq(cells.sums[i]),
                ]
                number += 1

    def _wire_emission(self, m):
        s, emission = self.parts, self.parts.emission
        counted = [cells.saturated[i] for cells in self.cells for i in range(len(cells.cases))]
        m.d.comb += [s.registers.cases[i].eq(cases) for i, cases in enumerate(counted)]
        for cells in self.cells:
            with m.If(cells.decided):
                m.d.comb += [
                    emission.decided.eq(1),
                    emission.spike.eq(cells.spike),
                    emission.margin.eq(cells.margin),
                ]
        m.d.comb += [
            emission.reset.eq(self._at(Phase.LOAD)),
            emission.electing.eq(self._at(Phase.ELECT)),
            emission.emitting.eq(self._at(Phase.EMIT)),
            *(
                getattr(emission, name).eq(getattr(s.script, name))
                for name in ("winners", "silent", "first_neuron", "first_axon")
            ),
        ]
