"""A multiplier: an instance where the part has one, so that no synthesis can break it."""

from amaranth.hdl import ClockSignal, Const, Instance, Module, Signal, signed
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out


class Product(wiring.Component):
    """Multiply two signed numbers in every cycle.

    Parameters
    ----------
    width : int
        Bits of a factor.
    cycles : int
        From factors to product: 1 or more. The first of two or more registers stands behind the
        factors, the last one behind the product.

    Members
    -------
    a, b : In(signed(width))
        Factors.
    product : Out(signed(2 * width))
        Theirs, ``cycles`` later.
    """

    def __init__(self, width: int, cycles: int):
        self.width, self.cycles = width, cycles
        factor = In(signed(width))
        super().__init__({"a": factor, "b": factor, "product": Out(signed(2 * width))})

    def elaborate(self, platform) -> Module:
        device = getattr(platform, "device", "")
        if device.startswith("iCE40UP") and self.cycles <= 3:
            return self._mac16()
        if device.startswith("LFE5") and self.cycles <= 3:
            return self._mult18()
        return self._behaviour()

    def _behaviour(self):
        m = Module()
        a, b = self.a, self.b
        if self.cycles > 1:
            a, b = (
                Signal.like(x, name=name, reset_less=True) for x, name in ((a, "a1"), (b, "b1"))
            )
            m.d.sync += [a.eq(self.a), b.eq(self.b)]
        value = a * b
        for k in range(max(1, self.cycles - 1)):
            late = Signal(signed(2 * self.width), name=f"product{k}", reset_less=True)
            m.d.sync += late.eq(value)
            value = late
        m.d.comb += self.product.eq(value)
        return m

    def _mac16(self):
        m = Module()
        a, b, product = Signal(signed(16)), Signal(signed(16)), Signal(signed(32))
        m.d.comb += [a.eq(self.a), b.eq(self.b), self.product.eq(product)]
        m.submodules.multiplier = Instance(
            "SB_MAC16",
            p_A_SIGNED=1,
            p_B_SIGNED=1,
            p_A_REG=int(self.cycles > 1),
            p_B_REG=int(self.cycles > 1),
            # The register in the middle of the multiplier, and one behind it.
            p_TOP_8x8_MULT_REG=1,
            p_BOT_8x8_MULT_REG=1,
            p_PIPELINE_16x16_MULT_REG1=1,
            p_PIPELINE_16x16_MULT_REG2=int(self.cycles > 2),
            # The output is the whole product.
            p_TOPOUTPUT_SELECT=3,
            p_BOTOUTPUT_SELECT=3,
            i_CLK=ClockSignal(),
            i_CE=Const(1),
            i_A=a,
            i_B=b,
            i_AHOLD=Const(0),
            i_BHOLD=Const(0),
            i_IRSTTOP=Const(0),
            i_IRSTBOT=Const(0),
            o_O=product,
        )
        return m

    def _mult18(self):
        m = Module()
        a, b, product = Signal(signed(18)), Signal(signed(18)), Signal(signed(36))
        m.d.comb += [a.eq(self.a), b.eq(self.b), self.product.eq(product)]
        used = {"INPUTA": 1, "INPUTB": 1, "PIPELINE": 2, "OUTPUT": 0}
        registers = {
            f"p_REG_{name}_CLK": "CLK0" if self.cycles > least else "NONE"
            for name, least in used.items()
        }
        controls = {f"p_REG_{name}_{x}": f"{x}0" for name in used for x in ("CE", "RST")}
        m.submodules.multiplier = Instance(
            "MULT18X18D",
            **registers,
            **controls,
            p_GSR="DISABLED",
            p_RESETMODE="SYNC",
            **{f"i_A{k}": a[k] for k in range(18)},
            **{f"i_B{k}": b[k] for k in range(18)},
            **{
                f"i_{name}{k}": Const(int(name == "CE")) for name in ("CE", "RST") for k in range(4)
            },
            i_CLK0=ClockSignal(),
            i_SIGNEDA=Const(1),
            i_SIGNEDB=Const(1),
            i_SOURCEA=Const(0),
            i_SOURCEB=Const(0),
            **{f"o_P{k}": product[k] for k in range(36)},
        )
        return m
