"""Keys of a step's random words: the key schedule of `golden.numbers.hash`, a round a cycle."""

from amaranth.hdl import Cat, Module, Mux, Signal, unsigned
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.network.interface import STEP_BITS
from golden.numbers.hash import DROPPED, ROUNDS
from hdl.parts.memory import BlockMemory

HALF = 16
"""Bits of a word of the cipher."""
KEY_CYCLES = DROPPED + ROUNDS


class KeySchedule(wiring.Component):
    """Ten rounds of a run of `KEY_CYCLES` cycles in which ``run`` is high.

    Parameters
    ----------
    at_once, one_by_one : bool
        How the keys are wanted.

    Members
    -------
    run : In(1)
        In the phase KEYS.
    seed, step : In(32)
    keys : Out(array)
        The last `ROUNDS` keys, the earliest first, if they are wanted at once.
    turn, key : In(1), Out(16)
        If they are wanted one by one: one of them, the earliest at first; with ``turn`` it is the
        following one from the next cycle on, behind the last one the earliest.
    done : Out(1)
        In the last cycle.
    """

    def __init__(self, at_once: bool = True, one_by_one: bool = False):
        self.at_once, self.one_by_one = at_once, one_by_one
        keys = {"keys": Out(data.ArrayLayout(unsigned(HALF), ROUNDS))} if at_once else {}
        super().__init__({
            "run": In(1),
            "seed": In(2 * HALF),
            "step": In(STEP_BITS),
            **keys,
            **({"turn": In(1), "key": Out(HALF)} if one_by_one else {}),
            "done": Out(1),
        })

    def elaborate(self, platform):
        m = Module()
        i, key = Signal(range(KEY_CYCLES)), Signal(HALF)
        spares = [Signal(HALF, name=f"spare{k}") for k in range(3)]
        spare, later = Signal(HALF), Signal(HALF)
        m.d.comb += [
            spare.eq((spares[0].rotate_right(7) + key)[:HALF] ^ i),
            later.eq(key.rotate_left(2) ^ spare),
            self.done.eq(self.run & (i == KEY_CYCLES - 1)),
        ]
        with m.If(self.run):
            m.d.sync += [
                i.eq(i + 1),
                key.eq(later),
                spares[0].eq(Mux(i == 0, self.step[:HALF], spares[1])),
                spares[1].eq(Mux(i == 0, self.step[HALF:], spares[2])),
                spares[2].eq(spare),
            ]
            if self.at_once:
                m.d.sync += self.keys.as_value().eq(Cat(self.keys.as_value()[HALF:], key))
        with m.If(~self.run | self.done):
            # The step is its new one in the first cycle, no earlier: so it enters there.
            m.d.sync += [i.eq(0), key.eq(self.seed[:HALF]), spares[0].eq(self.seed[HALF:])]
        if self.one_by_one:
            self._remember(m, i, key)
        return m

    def _remember(self, m, i, key):
        """Keep the keys in a memory, by their rounds."""
        m.submodules.memory = memory = BlockMemory(KEY_CYCLES, 1, HALF)
        place, following = Signal.like(i, init=DROPPED), Signal.like(i)
        m.d.comb += [
            following.eq(place),
            memory.read.eq(1),
            memory.word.eq(following),
            memory.write.eq(self.run),
            memory.addr.eq(i),
            memory.data.eq(key),
            self.key.eq(memory.row),
        ]
        with m.If(self.turn):
            m.d.comb += following.eq(Mux(place == KEY_CYCLES - 1, DROPPED, place + 1))
        m.d.sync += place.eq(following)
