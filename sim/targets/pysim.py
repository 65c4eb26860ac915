"""The core in Amaranth's simulator: slow, and nothing to install."""

from amaranth.lib import wiring
from amaranth.sim import Simulator

from sim.targets.player import Player
from sim.targets.stimulus import Tape, inputs, outputs
from sim.targets.target import Target

CYCLE = 1e-6
"""Seconds. The clock rises in the middle; inputs change, and the record is read, before that."""


class Pysim(Target):
    """A core in Amaranth's simulator."""

    def __init__(self, core: wiring.Component):
        super().__init__(core)
        self._simulator = Simulator(core)
        self._simulator.add_clock(CYCLE)
        self._simulator.add_testbench(self._bench)

    async def _bench(self, context) -> None:
        pins = SimulatedPins(context, self.core)
        player = Player(pins, inputs(self.streams), outputs(self.streams))
        await context.delay(CYCLE / 4)
        while True:
            # Ends in the first cycle after the tape, when the next one is there.
            await player.play(self._tape, self._every, self._bytes)

    def _play(self, tape: Tape, every: bool) -> bytearray:
        self._tape, self._every, self._bytes = tape, every, bytearray()
        # Between the last edge of the tape and the next event.
        self._simulator.run_until(CYCLE * (self.cycles + len(tape.go) - 1 / 8))
        return self._bytes

    def close(self) -> None:
        """Begin what was never begun, or Python complains."""
        if not self.cycles:
            self._simulator.advance()


class SimulatedPins:
    """The ports of the component, by their names in Verilog."""

    def __init__(self, context, core: wiring.Component):
        self._context = context
        self._ports = {
            "__".join(map(str, path)): getattr(value, "as_value", lambda value=value: value)()
            for path, _, value in core.signature.flatten(core)
        }
        self._ones = {name: (1 << len(port)) - 1 for name, port in self._ports.items()}

    def set(self, name: str, value: int) -> None:
        """Drive an input."""
        self._context.set(self._ports[name], value & self._ones[name])

    def get(self, name: str) -> int:
        """Read an output of one bit."""
        return self._context.get(self._ports[name])

    def row(self) -> bytes:
        """Read the probe."""
        probe = self._ports["probe"]
        return self._context.get(probe).to_bytes(len(probe) // 8, "little")

    async def settle(self) -> None:
        """Do nothing: reading a port settles it."""

    async def end(self) -> None:
        """End the cycle."""
        await self._context.delay(CYCLE)
