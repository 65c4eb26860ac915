"""A core without the port ``probe``: what only the record needs is left out by yosys."""

from amaranth.lib import wiring

from hdl.dense.core import Core


class Bare(Core):
    """The dense core with its other ports."""

    @property
    def signature(self) -> wiring.Signature:
        """The other ports."""
        return without_probe(super().signature)


def without_probe(signature: wiring.Signature) -> wiring.Signature:
    """Return the other ports."""
    return wiring.Signature({k: port for k, port in signature.members.items() if k != "probe"})
