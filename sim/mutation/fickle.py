"""A core of which nobody can use what it does not offer, though it stands there for long."""

from amaranth.hdl import Module, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import Out


class Fickle(wiring.Component):
    """A core whose streams show a payload's complement in all cycles in which it is not valid.

    Who takes a payload too early, and looks at it later, sees another: a payload of a stream says
    nothing while it is not valid.

    Parameters
    ----------
    core : wiring.Component
        Has streams; what else it has are outputs.
    """

    def __init__(self, core: wiring.Component):
        self.core = core
        super().__init__(core.signature)

    def elaborate(self, platform) -> Module:
        m = Module()
        m.submodules.core = core = self.core
        for name, member in self.signature.members.items():
            ours, inner = getattr(self, name), getattr(core, name)
            if member.is_signature and member.flow is Out:
                payload = Value.cast(inner.payload)
                other = (~inner.valid).replicate(len(payload))
                m.d.comb += [
                    ours.valid.eq(inner.valid),
                    inner.ready.eq(ours.ready),
                    Value.cast(ours.payload).eq(payload ^ other),
                ]
            elif member.is_signature:
                wiring.connect(m, wiring.flipped(ours), inner)
            else:
                m.d.comb += ours.eq(inner)
        return m
