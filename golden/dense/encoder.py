"""Stage 1, encoder: pixels become spikes, one step at a time.

========== =============================================================== =====================
encoder    an axon with pixel value x > 0 spikes                           phase holds
========== =============================================================== =====================
rate       when ``phase += x`` carries out of 8 + rate_shift bits          accumulator
periodic   every ceil(period_num / (period_offset + x)) steps              steps since last spike
bernoulli  in a step where a random word of 8 + rate_shift bits is < x     nothing
latency    once, in step ((255 - x) * n_steps) >> 8: the brighter, earlier nothing
========== =============================================================== =====================

An axon whose pixel is 0 never spikes and draws no random word. The rate encoder's phase starts at
one half, ``2**(7 + rate_shift)``, and keeps what is left after a carry, so the first spike of a
grey pixel is neither early nor late. Periodic phases start at zero and return to it with a spike,
so equal pixels spike together (the encoder of Iakymchuk et al., 2015).

The encoder's LFSR starts from its seed at every presentation: the same image always gives the same
spikes. So more epochs bring no fresh noise, and the n-th pixel of any image that is not 0 meets the
same random words; only another ``encoder_seed``, or images that are shifted anew, changes that.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.dense.params import Params
from golden.numbers import lfsr


class EncoderState(NamedTuple):
    """What the encoder owns."""

    phase: NDArray[np.int64]
    """(n_axons,), format ``phase``."""
    lfsr: int
    """State of the encoder's random register."""


def start(p: Params) -> EncoderState:
    """Return the state before the first step of a presentation."""
    phase = np.full(p.n_axons, p.phase_start, dtype=np.int64)
    return EncoderState(phase, lfsr.seeded(p.encoder_seed))


def encode(
    p: Params, pixels: NDArray[np.int64], state: EncoderState, step: int
) -> tuple[NDArray[np.bool_], EncoderState]:
    """Return the spikes of one step, (n_axons,) bool, and the next state.

    Parameters
    ----------
    pixels : (n_axons,) int64
        Image in row order, format ``pixel``, after the receptive field.
    step : int
        0 to ``n_steps - 1``.
    """
    return ENCODERS[p.encoder](p, pixels, state, step)


def peak(p: Params, pixels: NDArray[np.int64]) -> int:
    """Return the number of spikes in the busiest step of a whole presentation.

    A rehearsal: the presentation's own encoder starts from the same phases and seed afterwards.
    """
    state, most = start(p), 0
    for step in range(p.n_steps):
        spikes, state = encode(p, pixels, state, step)
        most = max(most, int(spikes.sum()))
    return most


def _rate(p, pixels, state, step):
    phase = state.phase + pixels
    return phase > p.phase.max, EncoderState(p.phase.wrap(phase), state.lfsr)


def _periodic(p, pixels, state, step):
    period = -(-p.period_num // (p.period_offset + pixels))  # ceil
    phase = np.where(pixels > 0, state.phase + 1, 0)
    spikes = (pixels > 0) & (phase >= period)
    return spikes, EncoderState(np.where(spikes, 0, phase), state.lfsr)


def _bernoulli(p, pixels, state, step):
    register, spikes = state.lfsr, np.zeros(p.n_axons, dtype=np.bool_)
    for axon in np.flatnonzero(pixels):
        word, register = lfsr.draw(register, p.phase.width)
        spikes[axon] = word < pixels[axon]
    return spikes, EncoderState(state.phase, register)


def _latency(p, pixels, state, step):
    when = ((p.pixel.max - pixels) * p.n_steps) >> p.pixel.width
    return (pixels > 0) & (when == step), state


ENCODERS = {"rate": _rate, "periodic": _periodic, "bernoulli": _bernoulli, "latency": _latency}
