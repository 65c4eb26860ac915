"""Stages 1 and 2 compiled: `golden.dense.encoder`, `golden.dense.events`."""

import numpy as np

from golden.dense.params import ENCODERS
from golden.numbers.compiled import compiled
from golden.numbers.lfsr import STATE

RATE, PERIODIC, BERNOULLI, LATENCY = range(len(ENCODERS))
PIXEL_BITS, PIXEL_MAX = 8, 255
MASK, WORD_BITS = STATE.max, STATE.width


@compiled
def step_lfsr(register):
    """Advance the random register by one word; :func:`golden.numbers.lfsr.step`."""
    register ^= (register << 13) & MASK
    register ^= register >> 17
    return register ^ ((register << 5) & MASK)


@compiled
def start_encoder(p, scratch, pixels):
    """List the axons whose pixel is not 0 and set their phases; return how many there are."""
    active, phases, n_active = scratch.active, scratch.phases, 0
    for axon in range(pixels.size):
        if pixels[axon] > 0:
            active[n_active] = axon
            phases[axon] = p.phase_start
            n_active += 1
    return n_active


@compiled
def encode(p, scratch, pixels, n_active, register, t):
    """Fill ``axons`` with one step's events and ``entries`` with where they are in ``active``.

    Returns how many there are, and the encoder's register.
    """
    active, phases = scratch.active, scratch.phases
    axons, entries, n_events = scratch.axons, scratch.entries, 0
    for i in range(n_active):
        axon = active[i]
        pixel, phase, spike = np.int64(pixels[axon]), phases[axon], False
        if p.encoder == RATE:
            phase += pixel
            spike = phase >> p.phase_bits != 0
            phase &= (1 << p.phase_bits) - 1
        elif p.encoder == PERIODIC:
            phase += 1
            denominator = p.period_offset + pixel
            spike = phase >= (p.period_num + denominator - 1) // denominator
            phase = 0 if spike else phase
        elif p.encoder == BERNOULLI:
            register = step_lfsr(register)
            spike = register >> (WORD_BITS - p.phase_bits) < pixel
        else:
            spike = ((PIXEL_MAX - pixel) * p.n_steps) >> PIXEL_BITS == t
        phases[axon] = phase
        if spike:
            axons[n_events] = axon
            entries[n_events] = i
            n_events += 1
    return n_events, register


@compiled
def peak(p, scratch, pixels, n_active):
    """Return the most events of a step; :func:`golden.dense.encoder.peak`. Spoils the phases."""
    most, register = 0, p.encoder_seed
    for t in range(p.n_steps):
        n_events, register = encode(p, scratch, pixels, n_active, register, t)
        most = max(most, n_events)
    return most
