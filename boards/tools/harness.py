"""A pipeline among memories, as in a core, but with four pins: to see how large and how fast it is.

Nothing of this computes anything of use. States are in block memories that are read and written
when the schedule says so; what arrives comes from a pin, through a shift register; what comes out
goes to a pin.
"""

from amaranth.hdl import Cat, Const, Elaboratable, Module, Mux, Signal, Value, unsigned
from amaranth.lib import wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import Out

from golden.cells.schedule import Schedule
from hdl.cells import Pipeline

PIPELINE = "pipeline"
"""How the names of its cells begin in the flat netlist; its module is ``top.pipeline``."""
CONSTANTS = "constant"


class Enclosed(wiring.Component):
    """A pipeline whose constants are the program's, so that synthesis makes them part of the logic.

    Members are those of `Pipeline`, without constants.
    """

    def __init__(self, schedule: Schedule):
        self.schedule, self.inner = schedule, Pipeline(schedule)
        ports = self.inner.signature.members.items()
        super().__init__({name: member for name, member in ports if name not in schedule.constants})

    def elaborate(self, platform) -> Module:
        m = Module()
        m.submodules.inner = self.inner
        for name, member in self.signature.members.items():
            outside, inside = getattr(self, name), getattr(self.inner, name)
            m.d.comb += outside.eq(inside) if member.flow is Out else inside.eq(outside)
        for name, word in self.schedule.constants.items():
            m.d.comb += getattr(self.inner, name).eq(number(self.schedule, word.name))
        return m


def number(schedule: Schedule, name: str) -> int:
    """Return a constant of the program, of its first neuron."""
    found = next(c.values for c in schedule.program.constants if c.name == name)
    return int(found.flat[0])


class Harness(Elaboratable):
    """Memories around a pipeline.

    Parameters
    ----------
    schedule : Schedule
    depth : int
        Neurons, a power of two.
    loaded : bool
        Constants of the group are registers that a pin can load; else those of the program, which
        synthesis makes part of the logic.
    registered : bool
        There is a register behind every memory.
    """

    def __init__(self, schedule: Schedule, depth: int, loaded: bool, registered: bool):
        self.schedule, self.depth = schedule, depth
        self.loaded, self.late = loaded, int(registered)
        self.pin, self.load, self.out = Signal(), Signal(), Signal()
        self.ports = [self.pin, self.load, self.out]

    def elaborate(self, platform) -> Module:
        m, schedule = Module(), self.schedule
        self.module, self.interval = m, schedule.interval
        pipeline = Pipeline(schedule) if self.loaded else Enclosed(schedule)
        m.submodules[PIPELINE] = pipeline
        words = (*schedule.inputs.values(), *schedule.constants.values())
        self.shift = Signal(max(40, *(word.width for word in words)), reset_less=True)
        m.d.sync += self.shift.eq(Cat(self.pin, self.shift))
        self._count(pipeline)
        for name in schedule.reads:
            self._word(pipeline, name)
        for name in schedule.constants if self.loaded else ():
            self._constant(getattr(pipeline, name), name)
        if schedule.hashed:
            self._constant(pipeline.keys.as_value(), "keys")
        shown = [getattr(pipeline, name) for name in schedule.writes if not self._is_state(name)]
        last = Signal(reset_less=True)
        m.d.sync += last.eq(Cat(shown).xor())
        m.d.comb += self.out.eq(last)
        return m

    def _is_state(self, port: str) -> bool:
        return self.schedule.outputs[port].kind == "state"

    def _count(self, pipeline):
        """Count neurons, and the phases of each."""
        m, interval = self.module, self.interval
        self.phase = Signal(range(max(2, interval)))
        self.neuron = Signal(range(self.depth))
        self.places: dict[int, Value] = {0: self.neuron}
        self.last: Value = Const(1)
        if interval > 1:
            self.last = self.phase == interval - 1
            m.d.sync += self.phase.eq(Mux(self.last, 0, self.phase + 1))
            m.d.comb += pipeline.start.eq(self.phase == 0)
        with m.If(self.last):
            m.d.sync += self.neuron.eq(self.neuron + 1)

    def _place(self, cycle: int) -> Value:
        """Return the number of the neuron whose cycle this is: a counter that is behind."""
        behind = cycle // self.interval
        if behind not in self.places:
            self.places[behind] = place = Signal(range(self.depth), name=f"place{behind}")
            with self.module.If(self.last):
                self.module.d.sync += place.eq(self.neuron - (behind - 1))
        return self.places[behind]

    def _at(self, cycle: int) -> Value:
        return self.phase == cycle % self.interval if self.interval > 1 else Const(1)

    def _word(self, pipeline, name: str):
        m, schedule, word = self.module, self.schedule, self.schedule.inputs[name]
        if word.kind == "index":
            m.d.comb += getattr(pipeline, name).eq(self._place(schedule.reads[name][0]))
            return
        memory = Memory(shape=unsigned(word.width), depth=self.depth, init=[0])
        m.submodules[f"memory_{name}"] = memory
        for i, read in enumerate(schedule.reads[name]):
            port, asked = memory.read_port(), read - 1 - self.late
            m.d.comb += [port.addr.eq(self._place(asked)), port.en.eq(self._at(asked))]
            data = port.data
            if self.late:
                data = Signal(word.width, name=f"late_{name}{i}", reset_less=True)
                with m.If(self._at(read - 1)):
                    m.d.sync += data.eq(port.data)
            m.d.comb += getattr(pipeline, schedule.port(name, i)).eq(data)
        port = memory.write_port()
        written = [x for x, out in schedule.outputs.items() if self._pair(out, word)]
        if written and not self._stays(written[0]):
            cycle, value = schedule.writes[written[0]], getattr(pipeline, written[0])
            m.d.comb += [port.addr.eq(self._place(cycle)), port.data.eq(value)]
            m.d.comb += port.en.eq(self._at(cycle))
        else:
            m.d.comb += [port.addr.eq(self.shift), port.data.eq(self.shift), port.en.eq(self.load)]

    def _stays(self, port: str) -> bool:
        """Tell whether a state is never changed, as what arrives is in some programs."""
        flow = self.schedule.dataflow
        return flow.operations[flow.results[port]].kind == "word"

    @staticmethod
    def _pair(out, word) -> bool:
        return (out.kind, out.name) == (word.kind, word.name) == ("state", word.name)

    def _constant(self, port: Value, name: str):
        m = self.module
        held = Signal(len(port), name=f"{CONSTANTS}_{name}", reset_less=True)
        with m.If(self.load):
            m.d.sync += held.eq(Cat(self.shift, held))
        m.d.comb += port.eq(held)
