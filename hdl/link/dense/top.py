"""The dense core behind its link."""

from golden.dense.params import Params
from hdl.dense.core import Core
from hdl.link.dense.images import Images
from hdl.link.dense.protocol import link_map
from hdl.link.top import Top


class DenseTop(Top):
    """A network that learns behind a serial line.

    Parameters
    ----------
    p : Params
        What the core is made for.
    preset, divisor, queue
        As of `hdl.link.top.Top`.
    """

    def __init__(self, p: Params, preset: str, divisor: int, queue: int = 512):
        super().__init__(Core(p), link_map(p), Images(p), preset, divisor, queue)
