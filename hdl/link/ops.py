"""What the executor knows of requests by their op."""

from amaranth.hdl import Cat, Signal

from hdl.link.protocol import INFO, NONCE, RESET_WORD, Op

LENGTHS = {
    Op.HELLO: NONCE,
    Op.STATUS: NONCE,
    Op.RESET: len(RESET_WORD),
    Op.READ: 5,
    Op.PRESENT: 2,
    Op.DISCARD: 0,
}
"""Bytes of the payloads that have always the same; WRITE has 4 at least."""
ANSWERS = {Op.HELLO: NONCE + INFO.size, Op.STATUS: NONCE + 2, Op.PRESENT: 8}
"""Bytes of the answers, without the status, that follow from the op."""


class Code:
    """The op of a request in four bits, and whether there is such an op.

    Only bits 0, 1, 4 and 5 differ between ops. None is 0.
    """

    def __init__(self):
        self.bits, self.known = Signal(4), Signal()

    @staticmethod
    def packed(op):
        """Return the bits that tell an op."""
        return op & 3 | op >> 2 & 12

    def of(self, byte):
        """Return the assignments that take an op in."""
        return [
            self.bits.eq(Cat(byte[0:2], byte[4:6])),
            self.known.eq(Cat(byte == op for op in Op).any()),
        ]

    def asks(self, op):
        """Return whether it is this one."""
        return self.bits == self.packed(int(op))

    def bad_length(self, length):
        """Return whether a payload must not be so long."""
        bad = [self.asks(op) & (length != wanted) for op, wanted in LENGTHS.items()]
        return Cat(*bad, self.asks(Op.WRITE) & ~length[2:].any()).any()
