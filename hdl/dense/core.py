# amaranth: UnusedElaboratable=no
"""The core: the stages in their order, the host's access to them, and the record of every cycle."""

from types import SimpleNamespace

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import Out

from golden.dense import interface
from golden.dense.interface import record, streams
from golden.dense.params import Params
from golden.dense.registers import STATE
from hdl.dense.classifier import READ_LATENCY, Classifier
from hdl.dense.encoder import Encoder
from hdl.dense.events import Events
from hdl.dense.homeostasis import Homeostasis
from hdl.dense.host import Host
from hdl.dense.membrane import Membrane
from hdl.dense.receptive_field import receptive_field
from hdl.dense.registers import Registers
from hdl.dense.reward import Reward
from hdl.dense.sequencer.sequencer import Sequencer
from hdl.dense.stdp import STDP
from hdl.dense.synapse import Synapse
from hdl.dense.windows import Refractory, Windows
from hdl.dense.wta import WTA
from hdl.numbers.fields import packed, stream_members


class Core(wiring.Component):
    """A network that learns; :func:`golden.dense.core.present` in gates.

    For E events in S steps a presentation takes about ``(E + 2 S) * n_words`` cycles, and
    ``n_axons`` more for every sweep of plasticity, with ``single_port`` one more for each change;
    ``docs/hardware.md`` gives every cycle.

    Parameters
    ----------
    p : Params
        What the core is made for; the registers hold it after reset.

    Raises
    ------
    ValueError
        If classes or common offset do not fit: see `golden.dense.interface.MemoryMap` and
        `golden.dense.registers.register_map`.

    Members
    -------
    pixels, start, bus : In(stream)
    result, response : Out(stream)
        As of `golden.dense.interface.streams`.
    probe : Out(packed)
        What is written in this cycle; fields as of `golden.dense.interface.record`.
    """

    interface = interface

    def __init__(self, p: Params):
        self.p = p
        self.stages = stages(p)
        assert self.stages.synapse.delay == READ_LATENCY
        self.sequencer = Sequencer(p, self.stages.membrane.delay)
        super().__init__(stream_members(streams(p)) | {"probe": Out(packed(record(p)))})

    def elaborate(self, platform):
        m = Module()
        m.submodules.sequencer = self.sequencer
        for name, stage in vars(self.stages).items():
            m.submodules[name] = stage
        self._wire_streams(m)
        self._wire_orders(m)
        self._wire_registers(m)
        self._wire_membranes(m)
        self._wire_weights(m)
        self._wire_host(m)
        self._record(m)
        return m

    def _wire_streams(self, m):
        s, sequencer = self.stages, self.sequencer
        wiring.connect(m, wiring.flipped(self.pixels), s.receptive_field.i)
        wiring.connect(m, s.receptive_field.o, s.encoder.i)
        wiring.connect(m, s.encoder.o, s.events.i)
        wiring.connect(m, s.events.o, sequencer.events)
        wiring.connect(m, wiring.flipped(self.start), sequencer.start)
        m.d.comb += [
            sequencer.bus.valid.eq(self.bus.valid),
            self.bus.ready.eq(sequencer.bus.ready),
            s.host.request.eq(self.bus.payload),
            self.response.payload.data.eq(s.host.response),
            self.result.payload.label.eq(s.classifier.label),
            self.result.payload.n_spikes.eq(s.classifier.n_spikes),
        ]
        for name in ("response", "result"):
            ours, inner = getattr(self, name), getattr(sequencer, name)
            m.d.comb += [ours.valid.eq(inner.valid), inner.ready.eq(ours.ready)]

    def _wire_orders(self, m):
        """Connect the sequencer's orders and news to the ports of the stages that they name."""
        orders, news = self.sequencer.orders, self.sequencer.news
        for name, stage in vars(self.stages).items():
            for port in members(orders, name):
                m.d.comb += getattr(stage, port).eq(getattr(getattr(orders, name), port))
            for port in members(news, name):
                m.d.comb += getattr(getattr(news, name), port).eq(getattr(stage, port))

    def _wire_registers(self, m):
        """Connect every register to those that have a port of its name."""
        registers = self.stages.registers
        others = [*vars(self.stages).values(), self.sequencer]
        others.remove(registers)
        for name in registers.map:
            takers = [other for other in others if name in other.signature.members]
            if not takers:
                raise NameError(f"a stage must have a port of the register's name {name}")
            if name not in STATE:
                m.d.comb += [getattr(taker, name).eq(getattr(registers, name)) for taker in takers]

    def _wire_membranes(self, m):
        s = self.stages
        m.d.comb += [
            s.membrane.issue.eq(Mux(s.host.issue.valid, s.host.issue, self.sequencer.orders.issue)),
            s.membrane.row.eq(s.synapse.row),
            s.membrane.frozen.eq(s.wta.holding),
            s.membrane.select.eq(Mux(s.host.busy, s.host.lane, self.sequencer.orders.judged)),
            s.wta.below.eq(s.membrane.below),
            s.wta.value.eq(s.membrane.value),
            s.wta.weight.eq(s.synapse.weight),
            s.wta.start.eq(s.homeostasis.limit),
            s.classifier.word.eq(s.wta.best.word),
            s.classifier.lane.eq(s.wta.best.lane),
            s.reward.rival.eq(s.wta.best),
        ]
        if self.p.activity_gain:
            m.d.comb += s.homeostasis.peak.eq(s.encoder.peak)

    def _wire_weights(self, m):
        """Give the weight memory's address to who needs it: never two in one cycle."""
        s, orders = self.stages, self.sequencer.orders
        stdp, classifier, host = s.stdp, s.classifier, s.host
        other = Mux(host.busy, host.word, orders.class_word)
        other = Mux(classifier.w_read, classifier.w_word, other)
        other = Mux(orders.integrating, orders.row_word, other)
        lane, chosen = Signal.like(s.synapse.lane), Signal.like(s.synapse.lane)
        m.d.comb += chosen.eq(Mux(orders.searching, orders.searched, lane))
        m.d.comb += [
            s.synapse.word.eq(Mux(stdp.w_read, stdp.w_word, other)),
            s.synapse.write.eq(stdp.w_en | host.w_en),
            s.synapse.addr.eq(Mux(host.busy, host.word, stdp.w_addr)),
            s.synapse.data.eq(Mux(host.busy, host.data, stdp.w_data)),
            lane.eq(Mux(host.busy, host.lane, orders.swept.lane)),
            s.synapse.lane.eq(lane),
            s.synapse.select.eq(Mux(orders.deciding, classifier.voter, chosen)),
            stdp.weight.eq(s.synapse.weight),
            stdp.last_en.eq(s.encoder.last_en | host.last_en),
            stdp.last_axon.eq(Mux(host.last_en, host.axon, s.encoder.last_axon)),
            stdp.last_data.eq(Mux(host.last_en, host.data, s.encoder.last_data)),
            classifier.weight.eq(s.synapse.weight),
        ]

    def _wire_host(self, m):
        s = self.stages
        host, registers = s.host, s.registers
        m.d.comb += [
            host.cycle.eq(self.sequencer.orders.hosting),
            host.register.eq(registers.value),
            host.weight.eq(s.synapse.weight),
            host.value.eq(s.membrane.value),
            host.last.eq(s.stdp.last),
            host.table.eq(s.stdp.table),
            host.neuron.eq(s.classifier.neuron),
            registers.write.eq(host.register_en),
            registers.index.eq(host.index),
            registers.data.eq(host.data),
            s.stdp.host.eq(host.busy),
            s.stdp.host_axon.eq(host.axon),
            s.stdp.table_en.eq(host.table_en),
            s.stdp.table_index.eq(host.index),
            s.stdp.table_data.eq(host.data),
            s.classifier.rank.eq(host.index),
        ]
        for index, name in enumerate(registers.map):
            if name in STATE:
                stage = self._owner(name)
                m.d.comb += [
                    getattr(registers, name).eq(getattr(stage, name)),
                    getattr(stage, f"{name}_en").eq(host.register_en & (host.index == index)),
                    getattr(stage, f"{name}_data").eq(host.data),
                ]

    def _owner(self, name):
        """Return the stage that holds a register of the state: it has the ports to load it."""
        others = vars(self.stages).values()
        (owner,) = (each for each in others if f"{name}_en" in each.signature.members)
        return owner

    def _record(self, m):
        """Show what is written; a field is 0 when its strobe is 0."""
        s, orders, w_read = self.stages, self.sequencer.orders, Signal()
        reads = (s.stdp.w_read, s.classifier.w_read, s.host.w_read, orders.row_read)
        m.d.comb += w_read.eq(Cat(*reads, orders.class_read).any())
        values = self._values(s, orders, w_read)
        m.d.comb += [self.probe[name].eq(value) for name, value in values.items()]
        for i in range(self.p.n_lanes):
            m.d.comb += self.probe.n_data[i].eq(Mux(s.membrane.n_en[i], s.membrane.n_data[i], 0))

    def _values(self, s, orders, w_read):
        synapse, membrane, wta, stdp, told = s.synapse, s.membrane, s.wta, s.stdp, orders.record
        response, result = self.response.valid, self.result.valid
        best = wta.best.word * self.p.n_lanes + wta.best.lane
        return {
            "phase": told.phase,
            "step": told.step,
            "take": told.take,
            "row": Mux(told.take, s.events.o.payload, 0),
            "n_en": membrane.n_en,
            "n_row": membrane.n_row,
            "f_en": wta.f_en,
            "barred": wta.barred,
            "frozen": wta.frozen,
            "w_read": w_read,
            "w_word": Mux(w_read, synapse.word, 0),
            "w_en": synapse.write,
            "w_addr": Mux(synapse.write, synapse.addr, 0),
            "w_lane": Mux(synapse.write, synapse.lane, 0),
            "w_data": Mux(synapse.write, synapse.data.as_unsigned(), 0),
            "last_en": stdp.last_en,
            "last_axon": Mux(stdp.last_en, stdp.last_axon, 0),
            "last_data": Mux(stdp.last_en, stdp.last_data, 0),
            "elected": told.elected,
            "neuron": Mux(told.elected, best, 0),
            "offset": s.homeostasis.offset,
            "lfsr": stdp.lfsr,
            "presented": s.homeostasis.presented,
            "pixels_ready": self.pixels.ready,
            "start_ready": self.start.ready,
            "bus_ready": self.bus.ready,
            "response_valid": response,
            "response": Mux(response, self.response.payload.data, 0),
            "result_valid": result,
            "label": Mux(result, self.result.payload.label, 0),
            "n_spikes": Mux(result, self.result.payload.n_spikes, 0),
        }


def stages(p: Params) -> SimpleNamespace:
    """Return the stages of a core in their order, and those beside them.

    Nobody need elaborate them, hence the first line of this file: some want a core's ports only.
    """
    made = SimpleNamespace(
        receptive_field=receptive_field(p),
        encoder=Encoder(p),
        events=Events(p),
        synapse=Synapse(p),
        membrane=Membrane(p),
        wta=WTA(p),
        homeostasis=Homeostasis(p),
        stdp=STDP(p),
        reward=Reward(p),
        classifier=Classifier(p),
        registers=Registers(p),
        host=Host(p),
    )
    if p.a_late:
        made.windows = Windows(p)
    if p.refrac:
        made.refractory = Refractory(p)
    return made


def members(ports: wiring.PureInterface, name: str) -> list[str]:
    """Return what a group of ports has; nothing where there is no such group."""
    groups = ports.signature.members
    return list(groups[name].signature.members) if name in groups else []
