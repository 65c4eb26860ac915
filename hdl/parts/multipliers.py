"""Arithmetic that the UP5K's multipliers do: products, and sums, as adders lie behind each of them.

They are instances, as synthesis has been seen to break those that it was to find. Elsewhere the
same is behaviour, of which synthesis makes what the part has.
"""

from typing import Any

from amaranth.hdl import Cat, ClockSignal, Const, Instance, Module, Signal, signed
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

HALF = 16
"""Bits of a multiplier's factor, and of its two adders."""
N_MULTIPLIERS = 8
"""Of the UP5K."""


class ProductSum(wiring.Component):
    """Multiply two numbers, and add a third: ``a * b + c``, all unsigned.

    Parameters
    ----------
    width_a, width_b : int
        Bits of the factors.
    width_c : int
        Bits of what is added, at most those of the wider factor, so that no sum wraps.
    cycles : int
        From factors to their product: 0 or 1. What is added is that of the sum's own cycle.

    Members
    -------
    a, b : In(width_a), In(width_b)
        Factors.
    c : In(width_c)
        What is added.
    total : Out(width_a + width_b)
        The sum.
    """

    def __init__(self, width_a: int, width_b: int, width_c: int, cycles: int):
        self.cycles = cycles
        self.most = max(width_a, width_b)
        total = Out(width_a + width_b)
        super().__init__({"a": In(width_a), "b": In(width_b), "c": In(width_c), "total": total})

    def elaborate(self, platform) -> Module:
        if named(platform) and self.most <= HALF:
            return self._mac16()
        m = Module()
        product = self.a * self.b
        if self.cycles:
            late = Signal(product.shape(), reset_less=True)
            m.d.sync += late.eq(product)
            product = late
        m.d.comb += self.total.eq(product + self.c)
        return m

    def _mac16(self):
        m, total = Module(), Signal(2 * HALF)
        a, b, c = Signal(HALF), Signal(HALF), Signal(2 * HALF)
        m.d.comb += [a.eq(self.a), b.eq(self.b), c.eq(self.c), self.total.eq(total)]
        registers = ("TOP_8x8_MULT_REG", "BOT_8x8_MULT_REG", "PIPELINE_16x16_MULT_REG1")
        m.submodules.multiplier = Instance(
            "SB_MAC16",
            **{f"p_{name}": self.cycles for name in registers},
            # Sums of the whole product and of C and D, the carry of the lower half in the upper.
            **halves("p_", "OUTPUT_SELECT", 0),
            **halves("p_", "ADDSUB_UPPERINPUT", 1),
            **halves("p_", "ADDSUB_LOWERINPUT", 2),
            p_TOPADDSUB_CARRYSELECT=2,
            **quiet(),
            i_A=a,
            i_B=b,
            i_C=c[HALF:],
            i_D=c[:HALF],
            o_O=total,
        )
        return m


class TwoSums(wiring.Component):
    """Add two pairs of signed numbers, for both halves of a multiplier; carries out are lost.

    Parameters
    ----------
    width : int
        Bits of a number, at most `HALF`.

    Members
    -------
    en : In(1)
        Sums are kept: those of this cycle are shown from the next on, until there are others.
    a, b : In(two of signed(width))
        Terms.
    total : Out(two of signed(width))
        Their sums.
    """

    def __init__(self, width: int):
        self.width = width
        pair = data.ArrayLayout(signed(width), 2)
        super().__init__({"en": In(1), "a": In(pair), "b": In(pair), "total": Out(pair)})

    def elaborate(self, platform) -> Module:
        if named(platform):
            return self._mac16()
        m = Module()
        total = Signal(2 * self.width, reset_less=True)
        m.d.comb += self.total.eq(total)
        with m.If(self.en):
            m.d.sync += total.eq(Cat((self.a[i] + self.b[i])[: self.width] for i in range(2)))
        return m

    def _mac16(self):
        m, total = Module(), Signal(2 * HALF)
        a, b = ([Signal(signed(HALF), name=f"{name}{i}") for i in range(2)] for name in "ab")
        for i in range(2):
            m.d.comb += [a[i].eq(self.a[i]), b[i].eq(self.b[i])]
            m.d.comb += self.total[i].eq(total.word_select(i, HALF).as_signed())
        m.submodules.adders = Instance(
            "SB_MAC16",
            # What the registers behind the adders of C and A, and of D and B, hold.
            **halves("p_", "OUTPUT_SELECT", 1),
            **halves("p_", "ADDSUB_UPPERINPUT", 1),
            **halves("p_", "ADDSUB_LOWERINPUT", 0),
            **quiet() | {f"i_OHOLD{half}": ~self.en for half in ("TOP", "BOT")},
            i_A=b[1],
            i_B=b[0],
            i_C=a[1],
            i_D=a[0],
            o_O=total,
        )
        return m


def named(platform: Any) -> bool:
    """Tell whether the part has these multipliers."""
    return getattr(platform, "device", "").startswith("iCE40UP")


def halves(kind: str, name: str, value: Any) -> dict[str, Any]:
    """Return the same for both halves of a multiplier."""
    return {f"{kind}{half}{name}": value for half in ("TOP", "BOT")}


def quiet() -> dict[str, Any]:
    """Return the inputs that tell a multiplier what to do, all but the clock saying nothing."""
    strobes = ("OLOAD", "OHOLD", "ORST", "IRST", "ADDSUB")
    ports = [f"{name}{half}" for name in strobes for half in ("TOP", "BOT")]
    ports += [f"{name}HOLD" for name in "ABCD"]
    return {f"i_{port}": Const(0) for port in ports} | {"i_CLK": ClockSignal(), "i_CE": Const(1)}
