"""What the executor knows of requests by their op."""

from collections.abc import Mapping

from amaranth.hdl import Cat, Signal

from hdl.link.protocol import INFO, LENGTHS, NONCE, Op
from hdl.link.service import Ask

ANSWERS = {Op.HELLO: NONCE + INFO.size, Op.STATUS: NONCE + 2}
"""Bytes of the answers, without the status, that follow from the op."""


class Code:
    """The op of a request in four bits, and whether there is such an op.

    Only bits 0, 1, 4 and 5 differ between ops. None is 0.

    Parameters
    ----------
    asks : Mapping[int, Ask]
        By op, what the core's service does.

    Raises
    ------
    ValueError
        If the service has an op that cannot be told from others.
    """

    def __init__(self, asks: Mapping[int, Ask]):
        self.bits = Signal(4)
        self.known = Signal()
        self.ops = [*Op, *asks]
        self.lengths = LENGTHS | {op: ask.length for op, ask in asks.items()}
        self.answers = ANSWERS | {op: ask.answer for op, ask in asks.items() if ask.answer}
        for op in asks:
            if op & ~0x13 != 0x20:
                raise ValueError(f"op must be 20h to 23h or 30h to 33h, not {op:x}h")

    @staticmethod
    def packed(op):
        """Return the bits that tell an op."""
        return op & 3 | op >> 2 & 12

    def of(self, byte):
        """Return the assignments that take an op in."""
        return [
            self.bits.eq(Cat(byte[0:2], byte[4:6])),
            self.known.eq(Cat(byte == op for op in self.ops).any()),
        ]

    def asks(self, op):
        """Return whether it is this one."""
        return self.bits == self.packed(int(op))

    def bad_length(self, length):
        """Return whether a payload must not be so long."""
        fixed = {op: wanted for op, wanted in self.lengths.items() if wanted is not None}
        bad = [self.asks(op) & (length != wanted) for op, wanted in fixed.items()]
        return Cat(*bad, self.asks(Op.WRITE) & ~length[2:].any()).any()
