# amaranth: UnusedElaboratable=no
"""A core, the way to its bus, and the way to its presentations: what every wrapper is made of."""

from typing import Any

from amaranth.hdl import Module
from amaranth.lib import wiring

from golden.dense.params import Params
from hdl.wrappers.access import WordAccess
from hdl.wrappers.bare import Bare
from hdl.wrappers.presenter import Presenter


class Wrapped(wiring.Component):
    """What a wrapper with the given ports begins with."""

    def __init__(self, p: Params, ports: dict[str, Any]):
        self.p = p
        self.core, self.access, self.presenter = Bare(p), WordAccess(p), Presenter(p)
        super().__init__(ports)

    def connect(self, m: Module) -> None:
        """Join the parts; pixels and orders are left to the wrapper."""
        m.submodules.core = self.core
        m.submodules.access = self.access
        m.submodules.presenter = self.presenter
        for name in ("bus", "response"):
            wiring.connect(m, getattr(self.access, name), getattr(self.core, name))
        for name in ("start", "result"):
            wiring.connect(m, getattr(self.presenter, name), getattr(self.core, name))
