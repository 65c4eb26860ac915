"""The core: the stages in their order, the host's access to them, and the record of every cycle."""

from amaranth.hdl import Cat, Module, Mux, Signal, unsigned
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from golden.dense.params import Params
from hdl.dense import probe
from hdl.dense.classifier import Classifier
from hdl.dense.encoder import Encoder
from hdl.dense.events import Events
from hdl.dense.homeostasis import Homeostasis
from hdl.dense.host import Host, Request
from hdl.dense.layout import COUNT_BITS, Layout
from hdl.dense.membrane import Issue, Membrane
from hdl.dense.probe import Phase
from hdl.dense.receptive_field import ReceptiveField
from hdl.dense.registers import DATA_WIDTH, STATE, Registers
from hdl.dense.reward import Reward
from hdl.dense.sequencer import Sequencer
from hdl.dense.stdp import STDP
from hdl.dense.synapse import Synapse
from hdl.dense.windows import Refractory, Windows
from hdl.dense.wta import WTA
from hdl.numbers.formats import shape


class Core(wiring.Component):
    """A network that learns; :func:`golden.dense.core.present` in gates.

    For E events in S steps a presentation takes about ``(E + 2 S) * n_words`` cycles, and
    ``n_axons`` more for every sweep of plasticity, twice that with ``single_port``;
    ``docs/hardware.md`` gives every cycle.

    Parameters
    ----------
    p : Params
        What the core is made for; the registers hold it after reset.

    Raises
    ------
    ValueError
        If classes or common offset do not fit: see `hdl.dense.layout`, `hdl.dense.registers`.

    Members
    -------
    pixels : In(stream of pixel)
        Images in row order.
    start : In(stream of {learn, label})
        Present the image that has come in.
    result : Out(stream of {label, n_spikes})
        The answer; ``label`` is 0 after learning.
    bus, response : In(stream of hdl.dense.host.Request), Out(stream of {data})
        Registers and memories; every request has one response.
    probe : Out(hdl.dense.probe.layout)
        What is written in this cycle.
    """

    def __init__(self, p: Params):
        self.p = p
        self.at = Layout(p)
        start = data.StructLayout({"learn": 1, "label": shape(p.label)})
        result = data.StructLayout({"label": shape(p.label), "n_spikes": COUNT_BITS})
        response = data.StructLayout({"data": unsigned(DATA_WIDTH)})
        super().__init__({
            "pixels": In(stream.Signature(shape(p.pixel))),
            "start": In(stream.Signature(start)),
            "result": Out(stream.Signature(result)),
            "bus": In(stream.Signature(Request())),
            "response": Out(stream.Signature(response)),
            "probe": Out(probe.layout(p)),
        })

    def elaborate(self, platform):
        m = Module()
        p = self.p
        m.submodules.receptive_field = self.receptive_field = ReceptiveField(p)
        m.submodules.encoder = self.encoder = Encoder(p)
        m.submodules.events = self.events = Events(p)
        m.submodules.synapse = self.synapse = Synapse(p)
        m.submodules.membrane = self.membrane = Membrane(p)
        m.submodules.wta = self.wta = WTA(p)
        m.submodules.homeostasis = self.homeostasis = Homeostasis(p)
        m.submodules.stdp = self.stdp = STDP(p)
        m.submodules.reward = self.reward = Reward(p)
        m.submodules.classifier = self.classifier = Classifier(p)
        m.submodules.registers = self.registers = Registers(p)
        m.submodules.host = self.host = Host(p)
        if p.a_late:
            m.submodules.windows = self.windows = Windows(p)
        if p.refrac:
            m.submodules.refractory = self.refractory = Refractory(p)
        self.issue = Signal(Issue(p))
        self.begin, self.tick, self.w_read = Signal(), Signal(), Signal()
        sequencer = Sequencer(m, self)
        sequencer.build()
        self._wire_registers(m)
        self._wire_stages(m, sequencer)
        self._wire_learning(m, sequencer)
        self._wire_host(m, sequencer)
        self._record(m, sequencer)
        return m

    def _wire_registers(self, m):
        """Connect every register to the stages that have a port of its name."""
        stages = [self.encoder, self.wta, self.homeostasis, self.stdp, self.reward, self.membrane]
        stages += [getattr(self, name) for name in ("windows", "refractory") if hasattr(self, name)]
        for name in self.registers.map:
            for stage in stages:
                if name not in STATE and name in stage.signature.members:
                    m.d.comb += getattr(stage, name).eq(getattr(self.registers, name))

    def _wire_stages(self, m, sequencer):
        wiring.connect(m, wiring.flipped(self.pixels), self.receptive_field.i)
        wiring.connect(m, self.receptive_field.o, self.encoder.i)
        wiring.connect(m, self.encoder.o, self.events.i)
        issue = Signal.like(self.issue)
        m.d.comb += [
            issue.eq(Mux(self.host.issue.valid, self.host.issue, self.issue)),
            self.encoder.start.eq(self.begin),
            self.encoder.learn.eq(sequencer.learn),
            self.encoder.tick.eq(self.tick),
            self.encoder.next_step.eq(sequencer.next_step),
            self.membrane.issue.eq(issue),
            self.membrane.row.eq(self.synapse.row),
            self.membrane.frozen.eq(self.wta.holding),
            self.wta.margin.eq(self.membrane.margin),
            self.wta.row.eq(self.synapse.row),
            self.wta.label.eq(sequencer.label),
            self.wta.bar.eq(self.homeostasis.bar),
            self.classifier.clear.eq(self.begin),
            self.classifier.word.eq(self.wta.best.word),
            self.classifier.lane.eq(self.wta.best.lane),
            self.classifier.weight.eq(self.synapse.weight),
            self.result.payload.label.eq(self.classifier.label),
            self.result.payload.n_spikes.eq(self.classifier.n_spikes),
        ]
        if self.p.activity_gain:
            m.d.comb += self.homeostasis.peak.eq(self.encoder.peak)

    def _wire_learning(self, m, sequencer):
        m.d.comb += [
            self.reward.won.eq(sequencer.won),
            self.reward.winner.eq(sequencer.winner),
            self.reward.right.eq(sequencer.right),
            self.reward.margin.eq(sequencer.margin),
            self.reward.found.eq(sequencer.found_rival),
            self.reward.rival.eq(self.wta.best),
            self.reward.margin_rival.eq(self.wta.margin_best),
            self.stdp.weight.eq(self.synapse.weight),
            self.stdp.last_en.eq(self.encoder.last_en | self.host.last_en),
            self.stdp.last_axon.eq(Mux(self.host.last_en, self.host.axon, self.encoder.last_axon)),
            self.stdp.last_data.eq(Mux(self.host.last_en, self.host.data, self.encoder.last_data)),
            self.synapse.write.eq(self.stdp.w_en | self.host.w_en),
            self.synapse.addr.eq(Mux(self.host.busy, self.host.word, self.stdp.w_addr)),
            self.synapse.data.eq(Mux(self.host.busy, self.host.data, self.stdp.w_data)),
            self.synapse.lane.eq(Mux(self.host.busy, self.host.lane, sequencer.swept.lane)),
            self.synapse.select.eq(self.synapse.lane),
        ]
        with m.If(sequencer.phase == Phase.DECIDE):
            m.d.comb += self.synapse.select.eq(self.classifier.voter)
        self._wire_reads(m, sequencer)
        if self.p.a_late:
            m.d.comb += [self.windows.clear.eq(self.begin), self.windows.tick.eq(self.tick)]
        if self.p.refrac:
            m.d.comb += [
                self.refractory.clear.eq(self.begin),
                self.refractory.tick.eq(self.tick),
                self.refractory.won.eq(sequencer.won),
                self.refractory.winner.eq(sequencer.winner),
            ]

    def _wire_reads(self, m, sequencer):
        """Give the weight memory's address to who needs it: never two in one cycle."""
        stdp, classifier, host = self.stdp, self.classifier, self.host
        reads = (stdp.w_read, classifier.w_read, host.w_read, sequencer.reading, sequencer.asking)
        other = Mux(host.busy, host.word, sequencer.class_word)
        other = Mux(classifier.w_read, classifier.w_word, other)
        other = Mux(sequencer.integrating, sequencer.row, other)
        m.d.comb += [
            self.w_read.eq(Cat(reads).any()),
            self.synapse.word.eq(Mux(stdp.w_read, stdp.w_word, other)),
        ]

    def _wire_host(self, m, sequencer):
        host, registers = self.host, self.registers
        m.d.comb += [
            host.request.eq(self.bus.payload),
            host.cycle.eq(sequencer.hosting),
            self.response.payload.data.eq(host.response),
            registers.write.eq(host.register_en),
            registers.index.eq(host.index),
            registers.data.eq(host.data),
            host.register.eq(registers.value),
            host.weight.eq(self.synapse.weight),
            host.value.eq(self.membrane.value),
            host.last.eq(self.stdp.last),
            host.table.eq(self.stdp.table),
            host.neuron.eq(self.classifier.neuron),
            self.membrane.select.eq(host.lane),
            self.stdp.host.eq(host.busy),
            self.stdp.host_axon.eq(host.axon),
            self.stdp.table_en.eq(host.table_en),
            self.stdp.table_index.eq(host.index),
            self.stdp.table_data.eq(host.data),
            self.classifier.rank.eq(host.index),
        ]
        for name in STATE:
            if name in registers.map:
                stage = self.stdp if name == "lfsr" else self.homeostasis
                index = list(registers.map).index(name)
                m.d.comb += [
                    getattr(registers, name).eq(getattr(stage, name)),
                    getattr(stage, f"{name}_en").eq(host.register_en & (host.index == index)),
                    getattr(stage, f"{name}_data").eq(host.data),
                ]

    def _record(self, m, sequencer):
        """Show what is written; a field is 0 when its strobe is 0."""
        synapse, membrane, wta, stdp = self.synapse, self.membrane, self.wta, self.stdp
        response, result = self.response.valid, self.result.valid
        best = wta.best.word * self.p.n_lanes + wta.best.lane
        lanes = [Mux(membrane.n_en[i], membrane.n_data[i], 0) for i in range(self.p.n_lanes)]
        values = {
            "phase": sequencer.phase,
            "step": sequencer.step,
            "take": sequencer.take,
            "row": Mux(sequencer.take, self.events.o.payload, 0),
            "n_en": membrane.n_en,
            "n_row": membrane.n_row,
            "f_en": wta.f_en,
            "barred": wta.barred,
            "frozen": wta.frozen,
            "w_read": self.w_read,
            "w_word": Mux(self.w_read, synapse.word, 0),
            "w_en": synapse.write,
            "w_addr": Mux(synapse.write, synapse.addr, 0),
            "w_lane": Mux(synapse.write, synapse.lane, 0),
            "w_data": Mux(synapse.write, synapse.data.as_unsigned(), 0),
            "last_en": stdp.last_en,
            "last_axon": Mux(stdp.last_en, stdp.last_axon, 0),
            "last_data": Mux(stdp.last_en, stdp.last_data, 0),
            "elected": sequencer.success,
            "neuron": Mux(sequencer.success, best, 0),
            "offset": self.homeostasis.offset,
            "lfsr": stdp.lfsr,
            "presented": self.homeostasis.presented,
            "pixels_ready": self.pixels.ready,
            "start_ready": self.start.ready,
            "bus_ready": self.bus.ready,
            "response_valid": response,
            "response": Mux(response, self.response.payload.data, 0),
            "result_valid": result,
            "label": Mux(result, self.result.payload.label, 0),
            "n_spikes": Mux(result, self.result.payload.n_spikes, 0),
        }
        m.d.comb += [self.probe[name].eq(value) for name, value in values.items()]
        m.d.comb += [self.probe.n_data[i].eq(lane) for i, lane in enumerate(lanes)]
