"""`sim.targets.serial`: bytes through a compiled top level, bit by bit."""

import pytest
from amaranth.hdl import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from sim.targets.library import library
from sim.targets.serial import DRIVER, Serial
from sim.targets.target import SimulatorError

FRAME = bytes(range(192)) + b"\xc0"
BITS = 10


class Echo(wiring.Component):
    """Sends back what it hears, two cycles later."""

    def __init__(self):
        super().__init__({"rx": In(1, init=1), "tx": Out(1, init=1)})

    def elaborate(self, platform):
        m = Module()
        heard = Signal(init=1)
        m.d.sync += [heard.eq(self.rx), self.tx.eq(heard)]
        return m


class Low(Echo):
    """A line that is held low."""

    def elaborate(self, platform):
        m = Module()
        m.d.sync += self.tx.eq(0)
        return m


@pytest.fixture
def opened():
    made = []

    def open_line(top, divisor):
        made.append(Serial(library(top, DRIVER), divisor))
        return made[-1]

    yield open_line
    for line in made:
        line.close()


def test_a_byte_takes_ten_bits(opened):
    line = opened(Echo(), 7)
    line.send(b"\xc0")
    line.run(1000)
    assert line.receive() == b"\xc0"
    # Sampled in the middle of the stop bit; two cycles of the echo.
    assert line.cycles == 9 * 7 + 7 // 2 + 1 + 2


@pytest.mark.parametrize("divisor", [1, 2, 3, 4, 8, 26])
def test_all_bytes_come_back_at_every_rate(opened, divisor):
    line = opened(Echo(), divisor)
    line.send(FRAME * 2)
    for _ in range(2):
        line.run(1_000_000)
        assert line.receive() == FRAME
    assert line.unsent == 0
    assert BITS * divisor * 2 * len(FRAME) <= line.cycles + divisor <= 1_000_000


def test_nothing_comes_before_it_was_sent(opened):
    line = opened(Echo(), 8)
    line.run(500)
    assert (line.cycles, line.receive()) == (500, b"")


def test_the_line_can_be_held(opened):
    line = opened(Echo(), 7)
    line.hold(True, 0)
    # Seven bits low and three high, between bytes.
    line.send(b"\1")
    line.hold(False, 7 * 7)
    line.hold(True, 3 * 7)
    line.send(b"\xc0")
    assert line.unsent == 4
    for _ in range(2):
        line.run(1000)
    assert line.receive() == b"\1\xc0\xc0"
    assert line.unsent == 0


def test_a_byte_without_a_stop_bit_is_refused(opened):
    line = opened(Low(), 8)
    with pytest.raises(SimulatorError, match="^the top level must end every byte with a stop bit$"):
        line.run(8 * BITS)
    assert line.receive() == b""


def test_a_closed_line_is_refused_whatever_is_asked_of_it(opened):
    line = opened(Echo(), 4)
    line.close()
    line.close()
    asks = (
        lambda: line.unsent,
        lambda: line.send(b"?"),
        lambda: line.hold(False, 1),
        lambda: line.run(1),
        line.receive,
    )
    for ask in asks:
        with pytest.raises(ValueError, match="^the line must be open, not closed$"):
            ask()
