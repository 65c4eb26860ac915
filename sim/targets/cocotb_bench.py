"""Runs inside the simulator: gets tapes over a socket, plays them, gives rows."""

import json
import os
import socket
from collections.abc import Sequence

import cocotb
import numpy as np
from cocotb.triggers import Timer

from sim.targets.messages import SOCKET, receive, send
from sim.targets.player import Player
from sim.targets.stimulus import Tape

HALF_CYCLE = 5
RESET_CYCLES = 2


@cocotb.test()
async def bench(dut):
    """Play tapes until there are no more."""
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(os.environ[SOCKET])
        inputs, outputs = json.loads(receive(peer))
        pins = VerilogPins(dut, inputs, outputs)
        await pins.reset()
        player = Player(pins, inputs, outputs)
        while True:
            try:
                tape, every = receive_tape(peer, len(inputs))
            except EOFError:
                return
            rows = bytearray()
            await player.play(tape, every, rows)
            send(peer, rows)


def receive_tape(peer: socket.socket, n_inputs: int) -> tuple[Tape, bool]:
    """Wait for a tape, and whether every cycle is wanted."""
    queues = tuple(np.frombuffer(receive(peer), dtype=np.uint64) for _ in range(n_inputs))
    go = np.frombuffer(receive(peer), dtype=np.uint32)
    return Tape(queues, go), bool(receive(peer)[0])


class VerilogPins:
    """The ports of the module; the clock rises in the middle of a cycle."""

    def __init__(self, dut, inputs: Sequence[str], outputs: Sequence[str]):
        self._inputs, self._outputs = inputs, outputs
        names = [f"{name}__{part}" for name in inputs for part in ("valid", "ready", "payload")]
        names += [f"{name}__{part}" for name in outputs for part in ("valid", "ready")]
        self._ports = {name: getattr(dut, name) for name in names}
        self._ones = {name: (1 << len(port)) - 1 for name, port in self._ports.items()}
        self._clk, self._rst, self._probe = dut.clk, dut.rst, dut.probe
        self._half = Timer(HALF_CYCLE, "ns")

    async def reset(self) -> None:
        """Hold the core in reset with nothing offered; the next cycle is its first."""
        self._rst.value = 1
        for name in self._inputs:
            self.set(f"{name}__valid", 0)
            self.set(f"{name}__payload", 0)
        for name in self._outputs:
            self.set(f"{name}__ready", 0)
        for _ in range(RESET_CYCLES):
            self._clk.value = 0
            await self.settle()
            await self.end()
        self._rst.value = 0

    def set(self, name: str, value: int) -> None:
        """Drive an input."""
        self._ports[name].value = value & self._ones[name]

    def get(self, name: str) -> int:
        """Read an output of one bit."""
        return int(self._ports[name].value)

    def row(self) -> bytes:
        """Read the probe."""
        return self._probe.value.to_bytes(byteorder="little")

    async def settle(self) -> None:
        """Wait until the clock is about to rise."""
        await self._half

    async def end(self) -> None:
        """Raise the clock, and let it fall as the next cycle begins."""
        self._clk.value = 1
        await self._half
        self._clk.value = 0
