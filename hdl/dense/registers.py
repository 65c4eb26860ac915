"""The registers, in flip-flops; `golden.dense.registers` says which there are."""

from amaranth.hdl import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.dense.interface import DATA
from golden.dense.params import Params
from golden.dense.registers import STATE, register_map, values
from hdl.numbers.formats import shape


class Registers(wiring.Component):
    """The run-time parameters; all of them are outputs of the parameters' names.

    Members
    -------
    write, index, data : In(1), In(8), In(32)
        Write a register.
    value : Out(32)
        The register ``index``, combinational, sign-extended if it is signed.
    """

    def __init__(self, p: Params):
        self.p = p
        self.map = register_map(p)
        ports = {"write": In(1), "index": In(8), "data": In(DATA.width), "value": Out(DATA.width)}
        for name, fmt in self.map.items():
            ports[name] = (In if name in STATE else Out)(shape(fmt))
        super().__init__(ports)

    def elaborate(self, platform):
        m = Module()
        start = values(self.p, self.p)
        with m.Switch(self.index):
            for index, name in enumerate(self.map):
                with m.Case(index):
                    m.d.comb += self.value.eq(getattr(self, name))
        for index, (name, fmt) in enumerate(self.map.items()):
            if name in STATE:
                continue
            register = Signal(shape(fmt), name=name, init=start[name])
            m.d.comb += getattr(self, name).eq(register)
            with m.If(self.write & (self.index == index)):
                m.d.sync += register.eq(self.data)
        return m
