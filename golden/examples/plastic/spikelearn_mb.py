"""Ten cells that are told in every step what they should do: spikelearn's mb, by its MSE rule.

A third input says 1 in every step: that is what the trace of a cell's spikes should be, and its
weights descend the error, in proportion to the traces of their inputs. A reward of a step is about
all that came before it, so the third input of one step is the reward of the next.
"""

import numpy as np

from golden.builder import Network
from golden.examples.plastic.spikelearn_stdp import HALF, layer
from golden.network.rules import MSE

DURATION = 200


def network(seed: int = 1, rate: float = 0.01, target: float = 1.0, steps: int = 10_000) -> Network:
    """Make it; ``target`` is what a trace should be, and told for so many ``steps``."""
    net = layer(seed, MSE(rate=rate, tau_pre=HALF, tau_post=HALF, bits=18))
    net.reward(target, at=np.arange(1, steps + 1))
    return net
