"""Stage 2, events: the queue between encoder and core, ordered as in `golden.dense.events`."""

from golden.dense.interface import MemoryMap
from golden.dense.params import Params
from hdl.parts.queue import Queue

DEPTH = 4
"""Events the queue holds."""


class Events(Queue):
    """Queue of a few events; :func:`golden.dense.events.events` one address at a time.

    An event is the address of the first weight word of an axon that spikes, lowest axon first.

    Parameters
    ----------
    p : Params
        Parameters of the core.
    """

    def __init__(self, p: Params):
        super().__init__(MemoryMap(p).word_bits, DEPTH)
