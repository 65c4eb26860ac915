"""The top level behind a compiled line, once for all tests of this folder."""

import pytest

from hdl.link.dense.top import DenseTop
from sim.targets.library import library
from sim.targets.serial import DRIVER, Serial
from sim.traffic.noise import DIVISOR
from tests.link.host import LineHost, built


@pytest.fixture(scope="session")
def serial():
    line = Serial(library(DenseTop(built(), "tiny", DIVISOR), DRIVER), DIVISOR)
    yield line
    line.close()


@pytest.fixture
def host(serial):
    """Return a host that has said RESET and HELLO; memories stay as other tests left them."""
    made = LineHost(serial)
    made.hello()
    made.do(0x03, b"RESET")
    made.hello()
    return made
