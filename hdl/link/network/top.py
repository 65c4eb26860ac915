"""The network core behind its link."""

from golden.network.chip import Chip
from hdl.link.network.protocol import Buffers, link_map
from hdl.link.network.running import Running
from hdl.link.top import Top
from hdl.network.core import NetworkCore


class NetworkTop(Top):
    """A network of any cells behind a serial line.

    Parameters
    ----------
    chip : Chip
        What the core is made for.
    preset, divisor
        As of `hdl.link.top.Top`.
    buffers : Buffers
        How much the link keeps between core and line.
    queue
        As of `hdl.link.top.Top`.
    """

    def __init__(
        self,
        chip: Chip,
        preset: str,
        divisor: int,
        buffers: Buffers,
        queue: int = 512,
    ):
        core, places = NetworkCore(chip), link_map(chip, buffers)
        super().__init__(core, places, Running(chip, buffers), preset, divisor, queue)
