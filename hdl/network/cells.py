"""A kind of cells: its pipeline, the memories of its words, the registers of its constants."""

from collections.abc import Iterator

from amaranth.hdl import Cat, Module, Mux, Signal, Value, signed, unsigned
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.network.chip import Chip, Kind
from golden.network.interface import DATA_BITS, INDEX_BITS
from golden.numbers.hash import ROUNDS
from hdl.cells import Pipeline
from hdl.network.addresses import Addresses
from hdl.network.keys import HALF
from hdl.network.words import ENTERED, CellWord, WordMemory, places
from hdl.parts.delay import delayed


class Cells(wiring.Component):
    """Everything of a kind; "RUN" of the page says what happens at a neuron's time x.

    Members
    -------
    enter, first : In(1)
        A neuron's time 0 is in the next cycle; it is the first one of its group.
    load, slot : In(1), In
        Slot of the group's first neuron; or of the host, which reads and writes two cycles later.
    constant_en, number_en : In
        ``data`` is this constant, or the first neuron's number; so it is to all kinds, as each has
        its own when it runs.
    data : In(32)
    keys : In(array)
        Of the step, if the kind has random words.
    key, turn : In(16), Out(1)
        Instead of them if their rounds are done one behind the other: the key of one round; in the
        next cycle that of the next one.
    potential, joining, wanted : Out, In(1), In
        Only in a chip with junctions, and of kinds with states: with ``joining`` the potential's
        memory is read at ``wanted``, and two cycles later it is there.
    walking : In(1)
        Inlets are read at ``inlet_slot`` and written as ``arrive`` says, one bit each.
    inlet_slot, arrive, at_slot, sum : In
    sums : Out(array)
        What each inlet's memory shows.
    host_read, host_write, value : In(1), In(one bit a word), In(32)
    words : Out(array of 32 bits)
        What each word's memory shows, for the host.
    write, written, slots : Out(array)
        Of each state: it is written in this cycle; what, and where.
    decided, spike, margin : Out
        A neuron is ready: whether it spikes and, if the chip elects, how far it is ahead.
    saturated : Out(array)
        Of every counted name, how many cases there are in this cycle.
    """

    def __init__(self, chip: Chip, kind: Kind, pipeline: Pipeline):
        self.chip, self.kind, self.pipeline = chip, kind, pipeline
        self.schedule = schedule = pipeline.schedule
        self.states, self.varying, self.inlets = places(kind, schedule)
        self.places = (*self.states, *self.varying, *self.inlets)
        self.cases = [self._cases(name) for name in kind.counted]
        self.addresses = self._addresses()
        n_states, n_inlets, n_words = len(self.states), len(self.inlets), len(self.places)
        slot, total = unsigned(chip.slot_bits), signed(chip.sum_bits)
        word = unsigned(DATA_BITS)
        cases = unsigned(max((len(value) for value, _ in self.cases), default=1))
        super().__init__({
            **{name: In(1) for name in ("enter", "first", "load", "number_en", "walking")},
            "slot": In(slot),
            "constant_en": In(len(kind.constants)),
            "data": In(word),
            **self._keys(),
            **(self._junction() if self.joins else {}),
            "inlet_slot": In(slot),
            "arrive": In(n_inlets),
            "at_slot": In(slot),
            "sum": In(total),
            "sums": Out(data.ArrayLayout(total, n_inlets)),
            "host_read": In(1),
            "host_write": In(n_words),
            "value": In(word),
            "words": Out(data.ArrayLayout(word, n_words)),
            "write": Out(n_states),
            "written": Out(data.ArrayLayout(word, n_states)),
            "slots": Out(data.ArrayLayout(slot, n_states)),
            "decided": Out(1),
            "spike": Out(1),
            "margin": Out(pipeline.margin.shape()),
            "saturated": Out(data.ArrayLayout(cases, len(kind.counted))),
        })

    @property
    def joins(self) -> bool:
        """Whether junctions may look at its potential."""
        return bool(self.chip.junctions and self.kind.program.potential)

    def _keys(self):
        if self.schedule.rounds:
            return {"key": In(HALF), "turn": Out(1)}
        return {"keys": In(data.ArrayLayout(HALF, ROUNDS))} if self.schedule.hashed else {}

    def _junction(self):
        word = self.places[self._drawn].word
        slot = unsigned(self.chip.slot_bits)
        return {"joining": In(1), "wanted": In(slot), "potential": Out(signed(word.width))}

    @property
    def _drawn(self) -> int:
        """Which of the states is the potential."""
        program = self.kind.program
        return [state.name for state in program.states].index(program.potential)

    @property
    def decision(self) -> int:
        """A neuron's time at which is known whether it spikes."""
        writes = self.schedule.writes
        return max(writes["spike"], writes["margin"] if self.chip.elects else 0)

    def _cases(self, name: str) -> tuple[Value, int]:
        """Return the pipeline's cases of a counted name, and their time."""
        outputs = self.schedule.outputs.items()
        port = next(p for p, word in outputs if (word.kind, word.name) == ("saturated", name))
        return getattr(self.pipeline, port), self.schedule.writes[port]

    def _addresses(self) -> Addresses:
        delays = [delay for place in self.places for delay in (*place.reads, place.write)]
        times = (self.decision, *(time for _, time in self.cases), *self.schedule.rounds)
        strobes = [time + ENTERED for time in times]
        return Addresses(
            self.chip.slot_bits, delays or [0], max([*delays, *strobes, *self._numbered(), 1])
        )

    def _numbered(self) -> list[int]:
        """Return when the number of a neuron goes, in cycles after the entrance."""
        times = self.schedule.reads.get("index", ())
        return [time + self.schedule.interval - 1 + ENTERED for time in times]

    def elaborate(self, platform):
        m = Module()
        m.submodules.pipeline = self.pipeline
        m.submodules.addresses = addresses = self.addresses
        m.d.comb += [
            addresses.enter.eq(self.enter),
            addresses.load.eq(self.load),
            addresses.slot.eq(self.slot),
        ]
        if self.schedule.interval > 1:
            m.d.sync += self.pipeline.start.eq(self.first)
        self._constants(m)
        self._indices(m)
        for i, place in enumerate(self.places):
            memory = WordMemory(place.word, self.kind.slots, len(place.reads), place.lead)
            m.submodules[f"words{i}"] = memory
            m.d.comb += self.words[i].eq(memory.shown.as_unsigned())
            for k in range(len(place.times)):
                port = getattr(self.pipeline, self.schedule.port(place.source, k))
                m.d.comb += port.eq(memory.kept[k])
            inlet = i - len(self.states) - len(self.varying)
            if inlet >= 0:
                self._inlet(m, inlet, place, memory, self.host_write[i])
            else:
                ports = self._word(m, place, memory, self.host_write[i])
                if self.joins and i == self._drawn:
                    self._join(m, memory, *ports[0])
            if i < len(self.states):
                self._show(m, i, place, memory)
        self._results(m)
        return m

    def _constants(self, m):
        ports = {word.name: port for port, word in self.schedule.constants.items()}
        for i, name in enumerate(self.kind.constants):
            if name in ports:
                port = getattr(self.pipeline, ports[name])
                register = Signal.like(port, name=ports[name], reset_less=True)
                m.d.comb += port.eq(register)
                with m.If(self.constant_en[i]):
                    m.d.sync += register.eq(self.data)

    def _indices(self, m):
        """Show neurons' numbers to the pipeline: the next one as soon as one is not needed."""
        if self.schedule.rounds:
            rounds = [self.addresses.at[time + ENTERED] for time in self.schedule.rounds]
            m.d.comb += [self.pipeline.key.eq(self.key), self.turn.eq(Cat(rounds).any())]
        elif self.schedule.hashed:
            m.d.comb += self.pipeline.keys.eq(self.keys)
        for k, gone in enumerate(self._numbered()):
            number = Signal(INDEX_BITS, name=f"number{k}", reset_less=True)
            m.d.comb += getattr(self.pipeline, self.schedule.port("index", k)).eq(number)
            with m.If(self.number_en):
                m.d.sync += number.eq(self.data)
            with m.Elif(self.addresses.at[gone]):
                m.d.sync += number.eq(number + 1)

    def _read(self, m, place: CellWord, memory: WordMemory) -> Iterator[tuple[Value, Value]]:
        """Ask for a word at each of its times; yield the ports, which others may want."""
        for k, delay in enumerate(place.reads):
            read, address = memory.read[k], memory.addresses[k]
            m.d.comb += [
                read.eq(self.addresses.at[delay] | self.host_read),
                address.eq(self.addresses.of(delay)),
            ]
            yield read, address

    def _word(self, m, place, memory, host_write):
        ports = list(self._read(m, place, memory))
        m.d.comb += [
            memory.write.eq(host_write),
            memory.address.eq(self.addresses.of(place.write)),
            memory.value.eq(self.value),
        ]
        if place.result:
            strobe = self.addresses.at[place.write]
            with m.If(strobe):
                m.d.comb += memory.write.eq(1)
                m.d.comb += memory.value.eq(getattr(self.pipeline, place.result))
        return ports

    def _join(self, m, memory, read, address):
        """Show a potential to the junctions."""
        m.d.comb += self.potential.eq(delayed(m, memory.kept[0], 2 - memory.lead))
        with m.If(self.joining):
            m.d.comb += [read.eq(1), address.eq(self.wanted)]

    def _inlet(self, m, i, place, memory, host_write):
        """Let a sum grow in WALK; in RUN it is taken, if anything takes it, and 0 again."""
        ports = list(self._read(m, place, memory))
        cleared = self.addresses.at[place.write]
        m.d.comb += [
            self.sums[i].eq(memory.shown),
            memory.write.eq(host_write | cleared),
            memory.address.eq(self.addresses.of(place.write)),
            memory.value.eq(Mux(host_write, self.value, 0)),
        ]
        with m.If(self.walking):
            read, address = ports[0]
            m.d.comb += [
                read.eq(1),
                address.eq(self.inlet_slot),
                memory.write.eq(self.arrive[i]),
                memory.address.eq(self.at_slot),
                memory.value.eq(self.sum),
            ]

    def _show(self, m, i, place, memory):
        m.d.comb += [
            self.write[i].eq(self.addresses.at[place.write]),
            self.slots[i].eq(memory.address),
            self.written[i].eq(memory.value.as_unsigned()),
        ]

    def _results(self, m):
        for i, (value, time) in enumerate(self.cases):
            m.d.comb += self.saturated[i].eq(Mux(self.addresses.at[time + ENTERED], value, 0))
        decided, writes = self.addresses.at[self.decision + ENTERED], self.schedule.writes
        spike = delayed(m, self.pipeline.spike, self.decision - writes["spike"], reset_less=True)
        m.d.comb += [self.decided.eq(decided), self.spike.eq(decided & spike)]
        if self.chip.elects:
            late = self.decision - writes["margin"]
            m.d.comb += self.margin.eq(delayed(m, self.pipeline.margin, late, reset_less=True))
