"""One way to run a stage's test: in Amaranth's simulator, and from there in any other.

`run` plays a testbench to its end. Within `recording` it also writes down the ports of the stage
in every clock cycle; `replay` drives the generated Verilog of all recorded stages, side by side in
one module, with what went in, and compares what comes out.
"""

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from amaranth.hdl import Cat, ClockDomain, Module, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out
from amaranth.sim import Simulator

from hdl.verilog import emit
from sim.targets.cocotb_run import bench, build, tail
from sim.targets.target import SimulatorError, missing

TOP = "stages"
PERIOD = 1e-6
TAPES, ROWS = "GOLDSPIKE_TAPES", "GOLDSPIKE_ROWS"
"""Variables that tell `tests.hdl.replay` its files."""


@dataclass
class Tape:
    """A stage, and its ports in every clock cycle, each cycle's as one number."""

    dut: wiring.Component
    inputs: list[int] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)
    seen: list[set[str]] = field(default_factory=lambda: [set()])
    """The outputs at which the testbench looks; these must never be unknown."""


class Looking:
    """What Amaranth gives a testbench, which tells a tape where the testbench looks."""

    def __init__(self, ctx, tape: Tape):
        self._ctx, self._tape = ctx, tape
        self._names = {id(port): name for name, port in ports(tape.dut, Out).items()}
        self.set, self.tick = ctx.set, ctx.tick

    def get(self, value):
        """Return a value, and remember of which port."""
        for signal in Value.cast(value)._rhs_signals():
            self._tape.seen[-1].add(self._names.get(id(signal), ""))
        return self._ctx.get(value)


_tapes: ContextVar[list[Tape] | None] = ContextVar("tapes", default=None)


@contextmanager
def recording() -> Generator[list[Tape]]:
    """Write down whatever `run` runs within this context."""
    token = _tapes.set([])
    try:
        yield _tapes.get()
    finally:
        _tapes.reset(token)


def run(dut: wiring.Component, testbench: Callable) -> None:
    """Run ``testbench(ctx)`` to its end on a stage, combinational or not.

    Cycles end with `ctx.tick`; what is set before it is what the cycle's edge sees.
    """
    top, ended = Module(), []
    top.domains.sync = ClockDomain()
    top.submodules.dut = dut
    simulator = Simulator(top)
    simulator.add_clock(PERIOD)

    tapes = _tapes.get()

    async def to_the_end(ctx):
        await testbench(ctx if tapes is None else Looking(ctx, tapes[-1]))
        ended.append(True)

    if tapes is not None:
        tapes.append(Tape(dut))
        simulator.add_testbench(_recorder(tapes[-1]), background=True)
    simulator.add_testbench(to_the_end)
    simulator.run()
    assert ended


def _recorder(tape):
    inputs, outputs = (Cat(ports(tape.dut, flow).values()) for flow in (In, Out))

    async def record(ctx):
        async for _, _, given, told in ctx.tick().sample(inputs, outputs):
            tape.inputs.append(given)
            tape.outputs.append(told)
            tape.seen.append(set())

    return record


def ports(dut: wiring.Component, flow: wiring.Flow) -> dict[str, Value]:
    """Return the ports of one direction that have bits, by their names in the Verilog."""
    found = {}
    for path, member, value in dut.signature.flatten(dut):
        if member.flow == flow and len(Value.cast(value)):
            found["__".join(map(str, path))] = Value.cast(value)
    return found


class Stages(wiring.Component):
    """Stages side by side, all their ports in two words.

    Members
    -------
    inputs, outputs : In, Out
        The ports of all stages, the first one's in the lowest bits.
    """

    def __init__(self, duts: Iterable[wiring.Component]):
        self.duts = list(duts)
        super().__init__({"inputs": In(self._width(In)), "outputs": Out(self._width(Out))})

    def _width(self, flow):
        return sum(len(port) for dut in self.duts for port in ports(dut, flow).values())

    def elaborate(self, platform):
        m = Module()
        m.submodules += self.duts
        m.d.comb += Cat(ports(dut, In).values() for dut in self.duts).eq(self.inputs)
        m.d.comb += self.outputs.eq(Cat(ports(dut, Out).values() for dut in self.duts))
        return m


def replay(
    tapes: dict[str, Tape],
    simulator: str,
    folder: Path,
    change: Callable[[str], str] = lambda verilog: verilog,
) -> None:
    """Play tapes of different stages, by their names, to their Verilog, and compare every cycle.

    Raises
    ------
    AssertionError
        If a port differs; the text names stage, cycle and port.
    SimulatorError
        If the simulator is not there or fails; the text says how to get it.
    """
    if text := missing(simulator):
        raise SimulatorError(text)
    stages = Stages(tape.dut for tape in tapes.values())
    verilog, log = change(emit(stages, TOP)), folder / "log.txt"
    source, given, rows = (folder / name for name in (f"{TOP}.v", "inputs.txt", "outputs.txt"))
    source.write_text(verilog)
    given.write_text("".join(f"{word:x}\n" for word in side_by_side(tapes)))
    built, files = folder / "built", {TAPES: str(given), ROWS: str(rows)}
    build(simulator, source, TOP, built, log)
    with bench(simulator, built, TOP, "tests.hdl.replay", log, files) as process:
        if process.wait():
            raise SimulatorError(f"{simulator} must run, not fail: {tail(log)}")
    compare(tapes, rows.read_text().split() if rows.exists() else [])


def side_by_side(tapes: dict[str, Tape]) -> list[int]:
    """Return the inputs of all stages in every cycle; zeros where a tape has ended."""
    words = [0] * max(len(tape.inputs) for tape in tapes.values())
    low = 0
    for tape in tapes.values():
        for cycle, given in enumerate(tape.inputs):
            words[cycle] |= given << low
        low += sum(map(len, ports(tape.dut, In).values()))
    return words


def compare(tapes: dict[str, Tape], rows: list[str]) -> None:
    """Compare the outputs in every cycle, as strings of bits, with those on tape.

    Unknown bits differ only where the testbench has looked at the port.

    Raises
    ------
    AssertionError
        If one differs, if there are too few, or if there are none at all.
    """
    end = sum(len(port) for tape in tapes.values() for port in ports(tape.dut, Out).values())
    for name, tape in tapes.items():
        assert len(rows) >= len(tape.outputs) > 0, f"{name}: {len(rows)} cycles told"
        found, low = [], 0
        for port, value in ports(tape.dut, Out).items():
            found.append((port, slice(end - len(value), end), low, (1 << len(value)) - 1))
            low, end = low + len(value), end - len(value)
        for cycle, told in enumerate(tape.outputs):
            for port, place, low, ones in found:
                got, wanted = rows[cycle][place], (told >> low) & ones
                if set(got) <= {"0", "1"}:
                    got = int(got, 2)
                elif port not in tape.seen[cycle]:
                    continue
                assert got == wanted, f"{name}: cycle {cycle}: {port} = {got}, expected {wanted}"
