"""The registers, in flip-flops; `golden.dense.registers` says which there are."""

from typing import Any

from amaranth.hdl import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.dense.declaration import DATA, declarations
from golden.dense.params import Params
from golden.dense.registers import STATE, register_map, values
from golden.numbers.formats import index_bits
from hdl.numbers.formats import shape


def register_ports(p: Params, *parameters: Any) -> dict[str, wiring.Member]:
    """Return the ports of a stage for its registers: ``register_ports(p, Params.w_min)``.

    They bear the registers' names, and are the same whether ``p`` has the registers or not.
    """
    declared = declarations(type(p))
    taken = [declared[each.__name__] for each in parameters]
    return {each.register: In(shape(each.fmt(p))) for each in taken}


class Registers(wiring.Component):
    """The run-time parameters; all of them are outputs of the parameters' names.

    Members
    -------
    write, index, data : In(1), In(8), In(32)
        Write a register.
    value : Out(32)
        The register ``index`` of the cycle before, with zeros above its bits.
    """

    def __init__(self, p: Params):
        self.p = p
        self.map = register_map(p)
        access = {"write": In(1), "index": In(8), "data": In(DATA.width), "value": Out(DATA.width)}
        held = {n: (In if n in STATE else Out)(shape(fmt)) for n, fmt in self.map.items()}
        super().__init__(access | held)

    def elaborate(self, platform):
        m = Module()
        start = values(self.p, self.p)
        m.d.sync += self.value.eq(0)
        with m.Switch(self.index[: index_bits(len(self.map))]):
            for index, name in enumerate(self.map):
                with m.Case(index):
                    m.d.sync += self.value.eq(getattr(self, name).as_unsigned())
        for index, (name, fmt) in enumerate(self.map.items()):
            if name in STATE:
                continue
            register = Signal(shape(fmt), name=name, init=start[name])
            m.d.comb += getattr(self, name).eq(register)
            with m.If(self.write & (self.index == index)):
                m.d.sync += register.eq(self.data)
        return m
