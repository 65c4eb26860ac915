"""A core and its link between the pins of a board, as the files that the tools read."""

from importlib import import_module
from typing import Any

from amaranth.hdl import ClockDomain, Elaboratable, Module
from amaranth.lib.io import Buffer

from boards.parts.clocks import Clock, Dividers
from boards.parts.description import Board
from boards.parts.families import FAMILIES, TOP


class Design(Elaboratable):
    """A board's core and its link in the domain of the PLL, on the pins of its serial line."""

    def __init__(self, board: Board, p: Any, at: Dividers):
        self.board, self.p, self.at = board, p, at

    def elaborate(self, platform):
        m = Module()
        board = self.board
        m.domains.sync = ClockDomain()
        m.submodules.clock = Clock(FAMILIES[board.family].make_pll, self.at)
        m.submodules.top = top = board.made_by.top(
            self.p, board.preset.rpartition("#")[2], board.divisor, board.queue
        )
        line = platform.request("uart", 0, dir="-")
        m.submodules.rx = rx = Buffer("i", line.rx)
        m.submodules.tx = tx = Buffer("o", line.tx)
        m.d.comb += [top.rx.eq(rx.i), tx.o.eq(top.tx)]
        return m


def platform(board: Board) -> Any:
    """Return the pins of a board, as Amaranth has them.

    Raises
    ------
    ImportError
        If their package is not installed.
    """
    module, _, name = board.platform.partition(":")
    return getattr(import_module(module), name)()


def files(board: Board, p: Any, at: Dividers) -> dict[str, str]:
    """Return the files of a build by name: the design as RTLIL, and the pins.

    They hold no path, no date and no line of our sources: the same sources give the same bytes.

    Raises
    ------
    ImportError
        If the pins' package is not installed.
    """
    plan = platform(board).prepare(Design(board, p, at), TOP, emit_src=False)
    wanted = (f"{TOP}.il", f"{TOP}.{FAMILIES[board.family].constraints}")
    return {name: _text(plan.files[name]) for name in wanted}


def _text(content: str | bytes) -> str:
    return content.decode() if isinstance(content, bytes) else content
