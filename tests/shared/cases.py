"""Random networks in the middle of their lives, for comparing models with each other."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from golden.dense import core
from golden.dense.core import Presentation, State
from golden.dense.params import ENCODERS, LAST, RECEPTIVE_FIELDS, REWARDS, Params
from golden.dense.wta import NOBODY


class Case(NamedTuple):
    """A network in the middle of its life, and images to come."""

    p: Params
    state: State
    classes: NDArray[np.int64]
    images: NDArray[np.uint8]
    labels: NDArray[np.int64]


@st.composite
def shapes(draw) -> dict:
    """Draw sizes, an encoder and a receptive field."""
    stride, field = draw(st.integers(1, 3)), draw(st.sampled_from(RECEPTIVE_FIELDS))
    smallest, n_steps = 2 * stride if field == "oriented" else 1, draw(st.integers(1, 24))
    return {
        "height": draw(st.integers(smallest, 8)),
        "width": draw(st.integers(smallest, 8)),
        "n_neurons": draw(st.integers(1, 8)),
        "n_classes": 3,
        "receptive_field": field,
        "rf_shift": draw(st.integers(2, 6)),
        "rf_stride": stride,
        "rf_in_turns": draw(st.booleans()),
        "encoder": draw(st.sampled_from(ENCODERS)),
        "encoder_seed": draw(st.integers(0, 2**32 - 1)),
        "step_bits": draw(st.sampled_from((n_steps.bit_length(), 6, LAST.width))),
        "n_steps": n_steps,
        "rate_shift": draw(st.integers(0, 2)),
        "period_num": draw(st.integers(100, 3000)),
        "period_offset": draw(st.integers(1, 100)),
    }


@st.composite
def dynamics(draw) -> dict:
    """Draw membranes, competition and homeostasis."""
    width, theta_width = (
        draw(st.sampled_from((3, 6, 10, 16, 24))),
        draw(st.integers(4, 24)),
    )
    top, quarter = (1 << theta_width) - 1, 1 << (width - 2)
    shift = draw(st.sampled_from((0, 0, 1, 2, 5, 8)))
    scale = min(quarter, draw(st.sampled_from((10, 10, 10, 300, 1 << 22))))
    return {
        "v_width": width,
        "v_reset": draw(st.sampled_from((0, 0, 1, -1, scale, -scale))),
        "leak_shift": draw(st.sampled_from((0, 0, 1, 2, 4))),
        "leak_sub": draw(st.integers(0, 3)),
        "v_th": draw(st.integers(-scale, scale)),
        "activity_gain": draw(st.sampled_from((0, 0, 3, 200))),
        "activity_shift": draw(st.integers(0, 4)),
        "refrac": draw(st.integers(0, 4)),
        "v_inhibit": draw(st.integers(0, scale)),
        "bar_losers": draw(st.booleans()),
        "force_spike": draw(st.booleans()),
        "stop_after": draw(st.sampled_from((0, 0, 0, 1, 3))),
        "theta_width": theta_width,
        "theta_shift": shift,
        "theta_init": draw(st.integers(0, min(top, 2 * scale))),
        "theta_plus": draw(st.integers(0, min(top, 2 * scale) << shift)),
        "offset_plus": draw(st.integers(0, min(top, 5000))),
        "theta_decay_shift": draw(st.integers(0, 4)),
        "theta_decay_period": draw(st.integers(1, 3)),
        "drop_chance": draw(st.sampled_from((0, 0, 0, 100))),
        "vote_spikes": draw(st.integers(1, 4)),
        "ballot": draw(st.booleans()),
    }


@st.composite
def plasticity(draw) -> dict:
    """Draw weights, their bounds and what changes them."""
    bits, gains = draw(st.sampled_from((1, 2, 3, 4, 5, 8, 16))), st.integers(0, (1 << 16) - 1)
    w_min = draw(st.integers(-(1 << (bits - 1)), (1 << (bits - 1)) - 2))
    w_max = draw(st.integers(w_min + 1, (1 << (bits - 1)) - 1))
    w_init_low = draw(st.integers(w_min, w_max))
    n_late = draw(st.sampled_from((0, 1, 5)))
    return {
        "weight_bits": bits,
        "w_min": w_min,
        "w_max": w_max,
        "w_init_low": w_init_low,
        "w_init_high": draw(st.integers(w_init_low + 1, w_max + 1)),
        "dw_shift": draw(st.integers(0, 16)),
        "a_plus": tuple(draw(st.lists(gains, max_size=6))),
        "a_minus": draw(gains),
        "a_late": tuple(draw(st.lists(gains, min_size=n_late, max_size=n_late))),
        "soft_bounds": draw(st.booleans()),
        "reward": draw(st.sampled_from((*REWARDS, "error"))),
        "reward_margin": draw(st.sampled_from((0, 1, 50, 5000))),
    }


@st.composite
def parameters(draw) -> Params:
    """Draw parameters of a core with any number of lanes."""
    p = Params(**draw(shapes()), **draw(dynamics()), **draw(plasticity()))
    return replace(p, n_lanes=draw(st.integers(1, p.n_neurons)))


@st.composite
def cases(draw) -> Case:
    p = Params(**draw(shapes()), **draw(dynamics()), **draw(plasticity()))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    presented = draw(st.sampled_from((0, 5, p.presented.max - 1)))
    # A core that never raises it has no register for it.
    offset = draw(st.sampled_from((0, 300, p.offset.max - 1))) if p.offset_plus else 0
    theta = rng.integers(
        0, p.theta_init << p.theta_shift, p.n_neurons, dtype=np.int64, endpoint=True
    )
    state = core.initial(p, draw(st.integers(0, 2**32 - 1)))
    state = state._replace(theta=theta, offset=offset, presented=presented)
    brightness = rng.integers(0, 256, (3, p.height * p.width)).astype(np.uint8)
    images = brightness * (rng.random(brightness.shape) < draw(st.sampled_from((0.2, 0.7, 1))))
    return Case(p, state, rng.integers(0, 3, p.n_neurons), images, rng.integers(0, 3, 3))


def outcomes(p: Params, told: Presentation, before: State, after: State) -> set[str]:
    """Name what one learning presentation has shown."""
    steps, n_spikes, dw = told.steps, len(told.spikes), after.w - before.w
    quiet = [s for s in steps if s.winner == NOBODY]
    taught = [s for s in steps if s.winner != NOBODY]
    seen = {
        "spike": n_spikes == 1,
        "no spike": n_spikes == 0,
        "several spikes": n_spikes > 1,
        "forced spike": any(s.axons.size == 0 for s in taught),
        "stopped early": len(steps) < p.n_steps,
        "all steps": len(steps) == p.n_steps,
        "v at top": any((s.v == p.v.max).any() for s in steps),
        "v at bottom": any((s.v == p.v.min).any() for s in steps),
        "refractory": p.refrac > 0 and any(s.step < len(steps) - 1 for s in taught),
        "activity threshold": p.activity_gain > 0 and n_spikes > 0,
        "potentiation": (dw > 0).any(),
        "depression": (dw < 0).any(),
        "w reaches w_max": ((dw > 0) & (after.w == p.w_max)).any(),
        "w reaches w_min": ((dw < 0) & (after.w == p.w_min)).any(),
        "theta saturates": ((after.theta > before.theta) & (after.theta == p.theta.max)).any(),
        "theta decays": (after.theta < before.theta).any(),
        "offset saturates": before.offset < after.offset == p.offset.max,
        "presented wraps": after.presented == 0,
        "dropout": p.drop_chance > 0 and n_spikes > 0,
        "window closed in time": any(s.sweeps for s in quiet),
        "window closed by lesson": any(len(s.sweeps) > len(set(s.sweeps)) for s in taught),
        "window closed at end": bool(told.closing),
        "two neurons learn": p.ltd_window == 0 and any(len(s.sweeps) == 2 for s in taught),
        "left alone": any(not s.sweeps for s in taught),
    }
    setting = {p.encoder, p.receptive_field, f"reward {p.reward}"}
    setting.add("soft bounds" if p.soft_bounds else "hard bounds")
    return setting | {name for name, happened in seen.items() if happened}
