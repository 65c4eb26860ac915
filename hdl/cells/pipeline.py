"""A cell's program as a pipeline: neurons go in one after the other, and come out a step later."""

from amaranth.hdl import Cat, Const, Module, Mux, Signal, Value, unsigned
from amaranth.lib import data, wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from golden.cells.schedule import Schedule
from golden.cells.schedule.dataflow import WIRES
from golden.numbers.hash import ROUNDS, WORD_BITS
from hdl.cells.logic import HALF, computed, fitted, numbered, shape, turned, window, wire
from hdl.cells.product import Product

KEYS = data.ArrayLayout(unsigned(HALF), ROUNDS)


def key_port(number: int, cycle: int) -> str:
    """Return the port of the key of a round in a neuron's cycle."""
    return f"key_{number}_{cycle}"


class Pipeline(wiring.Component):
    """Compute a step of one neuron every ``schedule.interval`` cycles.

    When words go in and out is in `golden.cells.schedule`: nothing here waits for anything, and
    what comes out of a cycle in which no neuron went in means nothing.

    Parameters
    ----------
    schedule : Schedule
        Of the program.
    keyed : bool
        Whether what enters has a step of its own: in every cycle another one.

    Members
    -------
    start : In(1)
        High in the time 0 of the first neuron of a run; exists if the interval is more than 1.
        Until the run is over it stays low.
    names of ``schedule.reads`` : In
        Words, in the shape of their range; second reads are ports of their own.
    names of ``schedule.constants`` : In
        Numbers of the group, which stand still.
    keys : In(KEYS)
        Of the step, which stand still; exist if the program has random words.
    key : In(16)
        Instead of them if there are ``schedule.rounds``: in each of these cycles its round's.
    key_ROUND_CYCLE : In(16)
        Instead of them if it is ``keyed``: of ``schedule.key_times``, each in its cycle.
    names of ``schedule.writes`` : Out
        What the step gives.
    """

    def __init__(self, schedule: Schedule, keyed: bool = False):
        self.schedule, self.keyed = schedule, keyed
        ports = {"start": In(1)} if schedule.interval > 1 else {}
        for name, cycles in schedule.reads.items():
            for i in range(len(cycles)):
                ports[schedule.port(name, i)] = In(shape(schedule.inputs[name]))
        ports |= {name: In(shape(word)) for name, word in schedule.constants.items()}
        if keyed:
            ports |= {key_port(*at): In(HALF) for at in schedule.key_times}
        elif schedule.hashed:
            ports |= {"key": In(HALF)} if schedule.rounds else {"keys": In(KEYS)}
        ports |= {name: Out(shape(word)) for name, word in schedule.outputs.items()}
        super().__init__(ports)

    @property
    def latency(self) -> int:
        """Cycles from a neuron's time 0 to the last word of it."""
        return self.schedule.latency

    def elaborate(self, platform) -> Module:
        return _Body(self).module


class _Body:
    """Makes the registers and the logic between them, from the first operation to the last."""

    def __init__(self, pipeline: Pipeline):
        self.pipeline, self.schedule = pipeline, pipeline.schedule
        self.flow, self.interval = self.schedule.dataflow, self.schedule.interval
        self.module = Module()
        self.steady = self.flow.steady()
        self.fresh: dict[int, Value] = {}
        """What an operation gives in the cycle in which it is computed."""
        self.kept: dict[tuple, list[Value]] = {}
        """Registers behind each other, by operation or port."""
        self.ring = Signal(self.interval)
        self._phases()
        self._shared_products()
        self._tables()
        for place in range(len(self.flow.operations)):
            self._describe(place)
        self._indices()
        self._factors()
        for port, place in self.flow.results.items():
            value = self.read(place, self.schedule.writes[port])
            self.module.d.comb += getattr(pipeline, port).eq(value)

    def _phases(self):
        """Let a bit go round that says which phase it is: ``cycle % interval`` of each neuron."""
        if self.interval > 1:
            first = Const(1 << (1 % self.interval), self.interval)
            turned = Cat(self.ring[-1], self.ring[:-1])
            self.module.d.sync += self.ring.eq(Mux(self.pipeline.start, first, turned))

    def _phase(self, cycle: int) -> Value:
        return self.ring[cycle % self.interval] if self.interval > 1 else Const(1)

    def _register(self, value: Value, cycle: int, name: str) -> Value:
        """Return a register that takes a value at the end of a cycle."""
        late = Signal(value.shape(), name=name, reset_less=True)
        if self.interval > 1:
            with self.module.If(self._phase(cycle)):
                self.module.d.sync += late.eq(value)
        else:
            self.module.d.sync += late.eq(value)
        return late

    def _copy(self, key: tuple, time: int, number: int) -> Value:
        """Return what has waited in so many registers; the first value stands from ``time`` on."""
        waiting = self.kept[key]
        while len(waiting) <= number:
            name = "_".join(map(str, (*key, len(waiting))))
            waiting.append(self._register(waiting[-1], time - 1, name))
        return waiting[number]

    def read(self, place: int, cycle: int) -> Value:
        """Return what an operation gives, as it can be read in a neuron's cycle."""
        operation = self.flow.operations[place]
        kind = operation.kind
        if kind == "number":
            return Const(operation.detail, shape(operation))
        if kind == "constant":
            return getattr(self.pipeline, operation.detail)
        if kind in WIRES:
            return wire(operation, lambda operand: self.read(operand, cycle))
        if kind == "word":
            return self._word(operation.detail, cycle)
        time = self.schedule.times[place]
        if self.steady[place]:
            return self.kept[kind, place][0]
        if kind == "multiply" or (kind == "hash" and self.schedule.rounds):
            # It is there for one cycle.
            return self._copy((kind, place), time + 1, -(-(cycle - time) // self.interval))
        if cycle < time:
            assert cycle == time - 1
            return self.fresh[place]
        # A table's entry stands in the memory's own register.
        own = 0 if kind == "table" else 1
        return self._copy((kind, place), time, (cycle - time) // self.interval + own)

    def _word(self, port: str, cycle: int) -> Value:
        reads = self.schedule.reads[port]
        number = max(i for i, first in enumerate(reads) if first <= cycle)
        key, first = (self.schedule.port(port, number),), reads[number]
        self.kept.setdefault(key, [getattr(self.pipeline, key[0])])
        return self._copy(key, first, (cycle - first) // self.interval)

    def _describe(self, place: int):
        operation, start = self.flow.operations[place], self.schedule.starts[place]
        kind = operation.kind
        if kind in WIRES or kind in {"word", "constant", "number", "table"}:
            return
        if kind == "multiply":
            if place not in self.schedule.units:
                own = self._product(f"product{place}", self.schedule.fabric.product_cycles)
                self.kept[kind, place] = [fitted(own.product, operation)]
                factors = zip((own.a, own.b), operation.operands, strict=True)
                self.module.d.comb += [port.eq(self.read(x, start)) for port, x in factors]
            return
        if kind == "hash" and self.schedule.rounds:
            self.kept[kind, place] = [self._turning(place, start)]
            return
        value = computed(self.flow, place, lambda x: self.read(x, start), self._key(place))
        made = Signal(shape(operation), name=f"{kind}_{place}", reset_less=True)
        # What follows from constants needs no phase: it stands long before the first neuron.
        domain = self.module.d.sync if self.steady[place] else self.module.d.comb
        domain += made.eq(value)
        self.fresh[place] = made
        self.kept[kind, place] = [made]

    def _key(self, place: int) -> Value | None:
        """Return the key of a round of a random word; None of anything else."""
        operation = self.flow.operations[place]
        if operation.kind != "hash":
            return None
        number, _ = operation.detail
        if self.pipeline.keyed:
            return getattr(self.pipeline, key_port(number, self.schedule.starts[place]))
        return self.pipeline.keys[number]

    def _turning(self, place: int, start: int) -> Value:
        """Return the register in which all rounds of a random word are done."""
        operation = self.flow.operations[place]
        if operation.detail[0]:
            return self.kept["hash", operation.operands[0]][0]
        word = Signal(WORD_BITS, name=f"hash_{place}", reset_less=True)
        first = numbered(operation, [self.read(x, start) for x in operation.operands])
        following = turned(word, self.pipeline.key)
        self.module.d.sync += word.eq(Mux(self._phase(start), first, following))
        return word

    def _product(self, name: str, cycles: int) -> Product:
        made = Product(self.schedule.fabric.operand_bits, cycles)
        self.module.submodules[name] = made
        return made

    def _shared_products(self):
        units = sorted(set(self.schedule.units.values()))
        cycles = max(2, self.schedule.fabric.product_cycles)
        self.shared = {unit: self._product(f"shared{unit}", cycles) for unit in units}
        for place, unit in self.schedule.units.items():
            value = fitted(self.shared[unit].product, self.flow.operations[place])
            self.kept["multiply", place] = [value]

    def _factors(self):
        """Choose by the phase what a shared multiplier multiplies."""
        for unit, product in self.shared.items():
            mine = [place for place, other in self.schedule.units.items() if other == unit]
            for side, port in enumerate((product.a, product.b)):
                value: Value = Const(0, 1)
                for place in mine:
                    start = self.schedule.starts[place]
                    operand = self.read(self.flow.operations[place].operands[side], start)
                    last = place == mine[0]
                    value = operand if last else Mux(self._phase(start), operand, value)
                self.module.d.comb += port.eq(value)

    def _tables(self):
        """Put the tables that are read at one place in one cycle into one memory."""
        together: dict[tuple[int, int], list[int]] = {}
        for place, operation in enumerate(self.flow.operations):
            if operation.kind == "table":
                key = operation.operands[0], self.schedule.starts[place]
                together.setdefault(key, []).append(place)
        self.memories = {}
        for (index, start), places in together.items():
            self.memories[places[0]] = self._memory(index, start, places)

    def _memory(self, index: int, start: int, places: list[int]):
        operations = [self.flow.operations[place] for place in places]
        depth = max(2, *(len(x.detail) for x in operations))
        words = [0] * depth
        offset = 0
        for x in operations:
            for i, entry in enumerate(x.detail):
                words[i] |= (entry & ((1 << x.width) - 1)) << offset
            offset += x.width
        memory = Memory(shape=unsigned(offset), depth=depth, init=words)
        self.module.submodules[f"table{places[0]}"] = memory
        port = memory.read_port()
        value, offset = port.data, 0
        for k in range(self.schedule.fabric.table_cycles - 1):
            value = self._register(value, start + k + 1, f"entry{places[0]}_{k}")
        for place, x in zip(places, operations, strict=True):
            part = value[offset : offset + x.width]
            self.kept["table", place] = [part.as_signed() if x.signed else part]
            offset += x.width
        return port, index, start

    def _indices(self):
        for port, index, start in self.memories.values():
            address = window(self.read(index, start), 0, len(port.addr))
            self.module.d.comb += [port.addr.eq(address), port.en.eq(self._phase(start))]
