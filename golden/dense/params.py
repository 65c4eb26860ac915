"""Every chosen number of a core, once; every width that follows from them.

Counts, thresholds and weights are plain integers. What a unit means in the neuron's world is
documentation here and never arithmetic: ``v``, ``theta`` and the thresholds share the unit of one
weight step.
"""

from dataclasses import dataclass, fields
from typing import Any

from golden.dense.limits import LAST_BITS, check_params
from golden.numbers.formats import Fmt

GAIN = Fmt(16, signed=False)
"""A gain: of plasticity, and of the image's activity."""
EIGHTHS_BY_DISTANCE = (8, 5, 1, -1, -4)
"""Weights of the receptive field "surround" by ``|dy| + |dx|``, 0 to 4."""
POOLING = (1, 2, 2, 2, 1)
"""Weights of "oriented" by distance -2 to 2 from a cell's centre, along either axis."""
RADIUS = 2
"""Pixels from the centre of a 5x5 window to its edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Parameters of one core; a variant is ``dataclasses.replace(p, ...)``.

    Raises
    ------
    ValueError, TypeError
        If a parameter is impossible; the text says what it must be.
    """

    # Geometry: these are fixed when hardware is made, all others are registers.
    height: int = 28
    """Image rows."""
    width: int = 28
    """Image columns."""
    n_neurons: int = 100
    """Postsynaptic neurons."""
    n_lanes: int = 1
    """Neurons updated at once by the hardware; no effect on results, only on cycles."""
    n_classes: int = 10
    """Labels, 0 to ``n_classes - 1``."""
    single_port: bool = False
    """The weight memory has one port (UP5K SPRAM): a learning sweep takes two cycles a synapse."""

    # Encoder.
    encoder: str = "rate"
    """One of `golden.dense.limits.ENCODERS`."""
    n_steps: int = 32
    """Steps of a presentation; beyond the length of ``a_plus``, early spikes are forgotten."""
    rate_shift: int = 0
    """Rate and Bernoulli encoders: divide every rate by ``2**rate_shift``."""
    period_num: int = 15501
    """Periodic encoder: numerator of the period, in steps."""
    period_offset: int = 162
    """Periodic encoder: added to the pixel to give the period's denominator."""
    receptive_field: str = "none"
    """One of `golden.dense.limits.RECEPTIVE_FIELDS`: what stands between image and encoder."""
    rf_shift: int = 4
    """Right shift of a field's sum; "surround": 3 keeps the scale, "oriented": 6 takes the mean."""
    rf_stride: int = 3
    """Receptive field "oriented": pixels from one cell to the next."""
    encoder_seed: int = 1
    """Seed of the encoder's random register at every presentation, so its noise never changes."""

    # Membrane.
    v_width: int = 20
    """Bits of ``v``, signed."""
    v_reset: int = 0
    """Level at the start of a presentation and after a spike."""
    leak_shift: int = 0
    """``v -= v >> leak_shift`` every step, towards 0 whatever ``v_reset`` is; 0 is no leak."""
    leak_sub: int = 0
    """``v -= leak_sub`` every step in which ``v > v_reset``: down to ``v_reset``, never up."""

    # Winner-take-all.
    v_th: int = 0
    """Fixed part of the threshold."""
    activity_gain: int = 0
    """Threshold per event of the image's busiest step, in units of ``2**-activity_shift``."""
    activity_shift: int = 0
    """Binary point of ``activity_gain``."""
    refrac: int = 0
    """Steps for which a neuron is frozen after its spike."""
    v_inhibit: int = 0
    """Subtracted from every loser's ``v`` when somebody wins."""
    bar_losers: bool = False
    """Losers may not win again in the same presentation."""
    force_spike: bool = True
    """If nobody has spiked before the last step, the threshold is waived in it."""
    stop_after: int = 1
    """A learning presentation ends after this many spikes; 0 is never."""

    # Homeostasis.
    theta_width: int = 20
    """Bits of ``theta``, unsigned."""
    theta_init: int = 2000
    """``theta`` of an untrained neuron."""
    theta_plus: int = 100
    """Rise of the winner's ``theta``; a recipe's ``rise`` fixes it."""
    offset_plus: int = 0
    """Rise of the common offset with every win that is learned, in ``2**-offset_shift``; it never
    decays."""
    offset_shift: int = 8
    """Binary point of the common offset."""
    theta_decay_shift: int = 0
    """``theta -= theta >> theta_decay_shift`` once a period; 0 is no decay."""
    theta_decay_period: int = 64
    """Learning presentations from one decay to the next."""

    # Plasticity.
    weight_bits: int = 8
    """Bits of a weight, signed, 1 to 16."""
    w_min: int = -100
    """Lower bound of a weight."""
    w_max: int = 127
    """Upper bound of a weight."""
    w_init_low: int = -20
    """Initial weights are uniform in [``w_init_low``, ``w_init_high``)."""
    w_init_high: int = 60
    """See ``w_init_low``."""
    dw_shift: int = 10
    """Binary point of all plasticity gains: ``dw = (x * gain + r) >> dw_shift``."""
    a_plus: tuple[int, ...] = (32,) * 32
    """Potentiation gain by spike age; its length is the window."""
    a_minus: int = 32
    """Depression gain of axons outside the window, silent ones included."""
    a_late: tuple[int, ...] = ()
    """Deferred depression: gain by steps from the winner's spike to an axon's later one, less 1."""
    soft_bounds: bool = True
    """The change is proportional to the distance from the bound it heads for (else hard bounds)."""

    # Reward.
    reward: str = "none"
    """One of `golden.dense.limits.REWARDS`."""
    reward_margin: int = 0
    """Reward "error": a right winner this far ahead of the best wrong neuron is left alone."""
    drop_chance: int = 0
    """Chance in 256 that a neuron is barred from a whole learning presentation."""

    # Classifier.
    vote_spikes: int = 1
    """Inference ends after this many spikes, and each of them votes."""
    vote_bits: int = 8
    """Bits of a vote, unsigned."""
    ballot: bool = False
    """In inference, all votes are elected in the moment of the first spike, which ends it."""

    # Derived counts.

    @property
    def n_axons(self) -> int:
        """Presynaptic input lines: one a pixel, or eight a cell of the oriented field."""
        if self.receptive_field == "oriented":
            return 8 * self.rf_rows * self.rf_columns
        return self.height * self.width

    @property
    def rf_rows(self) -> int:
        """Rows of cells of the oriented field; `golden.dense.receptive_field` has the formulas."""
        return max(0, self.height // self.rf_stride - 1)

    @property
    def rf_top(self) -> int:
        """Row of the image in which the first cells have their centres."""
        return (self.height - self.rf_stride * (self.rf_rows - 1)) // 2

    @property
    def rf_left(self) -> int:
        """Column of the image in which the first cells have their centres."""
        return (self.width - self.rf_stride * (self.rf_columns - 1)) // 2

    @property
    def rf_columns(self) -> int:
        """Columns of cells of the oriented field."""
        return max(0, self.width // self.rf_stride - 1)

    @property
    def n_words(self) -> int:
        """Weight words of ``n_lanes`` weights in one axon's row (G)."""
        return -(-self.n_neurons // self.n_lanes)

    @property
    def ltp_window(self) -> int:
        """Spike ages that potentiate, in steps."""
        return len(self.a_plus)

    @property
    def ltd_window(self) -> int:
        """Steps after a spike in which later input spikes depress."""
        return len(self.a_late)

    @property
    def phase_start(self) -> int:
        """Encoder phase at the start of a presentation: one half, or none waited yet."""
        return (self.phase.max + 1) // 2 if self.encoder == "rate" else 0

    # Derived formats.

    @property
    def pixel(self) -> Fmt:
        """Intensity, 0 is black."""
        return Fmt(8, signed=False)

    @property
    def phase(self) -> Fmt:
        """Encoder accumulator; its width is also that of the Bernoulli encoder's random words."""
        return Fmt(self.pixel.width + self.rate_shift, signed=False)

    @property
    def last(self) -> Fmt:
        """Step of an axon's last spike plus 1."""
        return Fmt(LAST_BITS, signed=False)

    @property
    def w(self) -> Fmt:
        """Weight."""
        return Fmt(self.weight_bits, signed=True)

    @property
    def v(self) -> Fmt:
        """Membrane potential."""
        return Fmt(self.v_width, signed=True)

    @property
    def theta(self) -> Fmt:
        """Adaptive threshold."""
        return Fmt(self.theta_width, signed=False)

    @property
    def offset(self) -> Fmt:
        """Common offset of the thresholds, with ``offset_shift`` fractional bits."""
        return Fmt(self.theta_width + self.offset_shift, signed=False)

    @property
    def presented(self) -> Fmt:
        """Counter of learning presentations; wraps."""
        return Fmt(32, signed=False)

    @property
    def label(self) -> Fmt:
        """Label or class of a neuron."""
        return Fmt(max(1, (self.n_classes - 1).bit_length()), signed=False)

    @property
    def vote(self) -> Fmt:
        """Entry of a vote table."""
        return Fmt(self.vote_bits, signed=False)

    # Construction.

    def __post_init__(self):
        check_params(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Params":
        """Make parameters from plain values, lists for tables, refusing unknown names."""
        if not isinstance(values, dict):
            raise TypeError(f"params must be a dict, not {values!r}")
        known = {field.name for field in fields(cls)}
        for name in values:
            if name not in known:
                raise ValueError(f"parameter must be one of Params, not {name!r}")
        plain: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in values.items()
        }
        return cls(**plain)
