"""How many bytes of a payload have not been read, then how many of a reply have not been sent."""

from amaranth.hdl import Module, Mux, Signal, Value


class Left:
    """A counter down to 0; what changes it is said in states."""

    def __init__(self):
        self.number = Signal(8, name="left")
        self.none = Signal(init=1)
        """It is 0."""
        self.last = Signal()
        """It is 1; from the second cycle on after it has become more."""
        self.clear = Signal()
        """It shall be 0."""
        self.more = Signal(8)
        """It shall be so many more, instead of one less."""

    def describe(self, m: Module, done: Value) -> None:
        """Add the counter; ``done`` is one byte less."""
        number = self.number
        m.d.sync += self.last.eq(number == Mux(done, 2, 1))
        with m.If(self.clear):
            m.d.sync += [number.eq(0), self.none.eq(1)]
        with m.Elif(done | self.more.any()):
            # Minus one, unless there is something to add.
            m.d.sync += number.eq(number + (self.more | done.replicate(8)))
            m.d.sync += self.none.eq(self.last & ~self.more.any())
