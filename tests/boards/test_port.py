"""A real serial port, or rather a terminal of this machine, with a device in Python behind it."""

import os
import pty
import threading
import tty

import numpy as np
import pytest

from boards.host.dense import DenseDriver
from boards.host.port import PortError, SerialPort
from boards.parts.dense import core_params
from golden.dense import core
from golden.dense.engine import Learner
from golden.dense.reward import in_turns
from sim.device.dense import dense_device

BUILT = core_params("tiny", "both")


class Cable:
    """A device at the other end of a terminal, until it is pulled out."""

    def __init__(self):
        self.end, slave = pty.openpty()
        tty.setraw(slave)
        self.name = os.ttyname(slave)
        self.slave = slave
        self.device = dense_device(BUILT, "tiny")
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self):
        while data := self._read():
            for byte in data:
                self.device.take(byte)
            while self.device.queue or self.device.reports:
                self.device.work()
            os.write(self.end, self.device.out)
            self.device.out.clear()

    def _read(self):
        try:
            return os.read(self.end, 4096)
        except OSError:
            return b""

    def pull(self):
        # The end of the text, for the thread that waits for more.
        os.close(self.slave)
        self.thread.join()
        os.close(self.end)


@pytest.fixture
def cable():
    plugged = Cable()
    yield plugged
    plugged.pull()


def test_a_device_behind_a_serial_port_learns(cable):
    pixels = np.random.default_rng(1).integers(0, 256, (20, 16)).astype(np.uint8)
    labels, state = np.arange(20) % 10, core.initial(BUILT, 1)
    learner = Learner(BUILT, state, in_turns(BUILT))
    learner.learn(pixels, labels)
    with DenseDriver(SerialPort(cable.name, 115200), BUILT, "tiny") as device:
        device.load(BUILT, state, in_turns(BUILT))
        device.learn(pixels, labels)
        assert device.state().sha256() == learner.state.sha256()
        assert device.link.recoveries == 0


@pytest.mark.parametrize(
    "use", [lambda port: port.read(0.1), lambda port: port.write(b"x")], ids=["read", "write"]
)
def test_a_cable_that_is_pulled_out_is_said(use):
    end, slave = pty.openpty()
    name = os.ttyname(slave)
    with SerialPort(name, 115200) as port:
        os.close(end)
        with pytest.raises(PortError, match=f"^{name} must stay connected while it is used: "):
            use(port)
    os.close(slave)
