"""Polychronization: a thousand cells, delays up to 20 ms and STDP; slow waves, then gamma rhythms.

Izhikevich, Polychronization: computation with spikes (2006), its program spnet, to the letter: each
cell has 100 targets, five at every delay where it is excitatory; every ms one cell is driven by
the thalamus; weights of excitatory cells follow their derivatives once a second. v is not clipped
at the peak, as it is not there, and u sees how far it overshoots. There a spike is called by the
step after the one in which v crosses 30, here by that step itself.
"""

import numpy as np

from golden.builder import Network, SpikeTrain, from_pairs, one_to_one
from golden.cells import Izhikevich
from golden.network.rules import DerivativeSTDP

DURATION = 10_000
TARGETS, DELAYS = 100, 20


def network(
    seed: int = 1,
    excitatory: int = 800,
    inhibitory: int = 200,
    seconds: int = 1000,
    weight: float = 6.0,
    weight_bits: int = 16,
    derivative_bits: int = 18,
    fading: bool = False,
):
    """Make it; the thalamus has drawn whom it drives for so many ``seconds``.

    All that learn begin with the same ``weight``; what they learn has so many bits, and with few
    the derivative had better be ``fading`` (`golden.network.rules.derivative`).
    """
    if excitatory < TARGETS:
        raise ValueError(
            f"excitatory must be at least {TARGETS}, a cell's targets, not {excitatory}"
        )
    net = Network(dt="1 ms", seed=seed)
    random, size = np.random.default_rng(seed), excitatory + inhibitory
    cell = {"b": 0.2, "c": -65, "v": -65, "u": -13, "substeps": 2, "overshoot": True}
    exc = net.population(excitatory, Izhikevich(a=0.02, d=8, **cell), "exc")
    inh = net.population(inhibitory, Izhikevich(a=0.1, d=2, **cell), "inh")
    driven = random.integers(0, size, 1000 * seconds)
    thalamus = net.input(size, SpikeTrain(np.arange(len(driven)), driven), "thalamus")
    net.connect(thalamus, exc + inh, one_to_one(), weight=20)
    sources = np.repeat(np.arange(excitatory), TARGETS)
    others = [_targets(random, size, neuron) for neuron in range(excitatory)]
    net.connect(
        exc,
        exc + inh,
        from_pairs(sources, np.concatenate(others)),
        weight=weight,
        delay=np.tile(np.repeat(np.arange(1, DELAYS + 1), TARGETS // DELAYS), excitatory),
        rule=DerivativeSTDP(w_max=10, bits=weight_bits, sd_bits=derivative_bits, fading=fading),
    )
    sources = np.repeat(np.arange(inhibitory), TARGETS)
    others = [random.permutation(excitatory)[:TARGETS] for _ in range(inhibitory)]
    net.connect(inh, exc, from_pairs(sources, np.concatenate(others)), weight=-5, delay=1)
    return net


def _targets(random: np.random.Generator, size: int, neuron: int) -> np.ndarray:
    """Return different targets, none of which is the neuron itself."""
    drawn = random.permutation(size - 1)[:TARGETS]
    return drawn + (drawn >= neuron)
