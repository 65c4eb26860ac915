"""Keys of random words of passes, each of which has a step of its own."""

from amaranth.hdl import Cat, Const, Module, Value

from golden.network.rules.learner import EARLIEST_KEY
from golden.numbers.hash import DROPPED, ROUNDS
from hdl.cells.logic import HALF, turned
from hdl.network.learning.age import DelayLine
from hdl.parts.delay import delayed

SEED_BITS = 2 * HALF


class PassKeys:
    """The key schedule of `golden.numbers.hash`, a pass in every cycle.

    Parameters
    ----------
    m : Module
    seed : Value(32)
        It stands still: so does all that its first round gives, which so needs no cycle.
    step : Value(32)
        Of the pass that begins in this cycle, two cycles before its own time 0.
    """

    def __init__(self, m: Module, seed: Value, step: Value):
        following = turned(seed, Const(0, HALF))
        key, spares = following[:HALF], [step[:HALF], step[HALF:], following[HALF:]]
        self.lines: list[DelayLine] = []
        for i in range(1, DROPPED + ROUNDS - 1):
            following = turned(Cat(key, spares[0]), Const(i, HALF))
            found = following[:HALF], *spares[1:], following[HALF:]
            key, *spares = (delayed(m, value, reset_less=True) for value in found)
            if i >= DROPPED - 1:
                self.lines.append(DelayLine(m, key))

    def at(self, number: int, time: int) -> Value:
        """Return the key of a round at a pass's own time, `EARLIEST_KEY` + ``number`` or later."""
        return self.lines[number].at(time - EARLIEST_KEY - number)
