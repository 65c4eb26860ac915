"""Every chosen number of a core, once; every width that follows from them.

A field is declared with all there is to say of it, see `golden.dense.declaration`. All are plain
integers: ``v`` and the thresholds count weight steps, ``theta`` fractions of them.
"""

from dataclasses import dataclass
from typing import Any

from golden.dense.declaration import COUNT, Size, Unit, check, fixed, host, plain, register, table
from golden.numbers import lfsr
from golden.numbers.formats import Fmt

ENCODERS = ("rate", "periodic", "bernoulli", "latency")
RECEPTIVE_FIELDS = ("none", "surround", "oriented")
REWARDS = ("none", "class", "error")
LAST = Fmt(10, signed=False)
"""An axon's time stamp, step plus 1, at its widest: at most ``LAST.max`` steps."""
GAIN = Fmt(16, signed=False)
"""A gain: of plasticity, and of the image's activity."""


def sum_width(p: "Params") -> int:
    """Return the bits of a lane's sum, signed, in which nothing that is added wraps."""
    away = 2 if p.v_inhibit or p.leak_sub else 1  # These may be as large as all of v.
    return max(p.v.width + away, p.theta.width + 2, p.w.width + 1)


def _abs(p):
    """Return the format of what is taken from ``v``: more than that does the same."""
    return Fmt(p.v_width, signed=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Parameters of one core; a variant is ``dataclasses.replace(p, ...)``.

    Raises
    ------
    ValueError, TypeError
        If a parameter is impossible; the text says what it must be.
    """

    # Geometry.
    height: int = fixed(28, (1, 512), unit=Unit.PIXELS)
    """Image rows."""
    width: int = fixed(28, (1, 512), unit=Unit.PIXELS)
    """Image columns."""
    n_neurons: int = fixed(100, (1, 65536))
    """Postsynaptic neurons."""
    n_lanes: int = fixed(1, lambda p: (1, p.n_neurons))
    """Neurons updated at once by the hardware; no effect on results, only on cycles."""
    n_classes: int = fixed(10, (1, 256))
    """Labels, 0 to ``n_classes - 1``."""
    single_port: bool = fixed(False)
    """The weight memory has one port (UP5K SPRAM): in a learning sweep reads wait for writes."""

    # Encoder.
    encoder: str = fixed("rate", choices=ENCODERS)
    """One of `ENCODERS`."""
    step_bits: int = fixed(LAST.width, (1, LAST.width), unit=Unit.BITS, late=True, inert=True)
    """Bits of all that counts steps of a presentation."""
    n_steps: int = register(32, 1, format="last", bits=step_bits, unit=Unit.STEPS)
    """Steps of a presentation; beyond the length of ``a_plus``, early spikes are forgotten."""
    rate_shift: int = fixed(0, (0, 8), unit=Unit.BITS)
    """Rate and Bernoulli encoders: divide every rate by ``2**rate_shift``."""
    period_num: int = register(
        15501, (1, 1 << 20), size=Size.BITS, only=lambda p: p.encoder == "periodic"
    )
    """Periodic encoder: numerator of the period, in steps."""
    period_offset: int = register(
        162, (1, 1 << 12), size=Size.BITS, only=lambda p: p.encoder == "periodic"
    )
    """Periodic encoder: added to the pixel to give the period's denominator."""
    receptive_field: str = fixed("none", choices=RECEPTIVE_FIELDS)
    """One of `RECEPTIVE_FIELDS`: what stands between image and encoder."""
    rf_shift: int = fixed(4, (0, 16), unit=Unit.BITS)
    """Right shift of a field's sum; "surround": 3 keeps the scale, "oriented": 6 takes the mean."""
    rf_stride: int = fixed(3, (1, 512), unit=Unit.PIXELS)
    """Receptive field "oriented": pixels from one cell to the next."""
    rf_in_turns: bool = fixed(False, late=True, inert=True)
    """The same: one memory has the cells of all columns, in turns; changes nothing but cycles."""
    encoder_seed: int = register(
        1,
        register="encoder_lfsr",
        format=lfsr.STATE,
        codes=(lfsr.seeded, lfsr.seed),
        only=lambda p: p.encoder == "bernoulli",
    )
    """Seed of the encoder's random register at every presentation, so its noise never changes."""

    # Membrane.
    v_width: int = fixed(20, (2, 24), unit=Unit.BITS)
    """Bits of ``v``, signed."""
    v_reset: int = register(0, format="v", unit=Unit.WEIGHT, off=True)
    """Level at the start of a presentation and after a spike."""
    leak_shift: int = fixed(0, (0, 23), unit=Unit.BITS, off=True)
    """``v -= v >> leak_shift`` every step, towards 0 whatever ``v_reset`` is; 0 is no leak."""
    leak_sub: int = register(0, (0, 2**23 - 1), format=_abs, cut=True, unit=Unit.WEIGHT, off=True)
    """``v -= leak_sub`` every step in which ``v > v_reset``: down to ``v_reset``, never up."""

    # Winner-take-all.
    v_th: int = register(0, format="v", unit=Unit.WEIGHT)
    """Fixed part of the threshold."""
    activity_gain: int = register(0, format=GAIN, unit=Unit.WEIGHT, off=True)
    """Threshold per event of the image's busiest step, in units of ``2**-activity_shift``."""
    activity_shift: int = fixed(0, (0, 16), unit=Unit.BITS)
    """Binary point of ``activity_gain``."""
    refrac: int = register(0, (0, LAST.max), size=Size.PLACES, unit=Unit.STEPS, off=True)
    """Steps for which a neuron is frozen after its spike."""
    v_inhibit: int = register(0, (0, 2**24 - 1), format=_abs, cut=True, unit=Unit.WEIGHT, off=True)
    """Subtracted from every loser's ``v`` when somebody wins."""
    bar_losers: bool = register(False, off=True)
    """Losers may not win again in the same presentation."""
    force_spike: bool = register(True)
    """If nobody has spiked before the last step, the threshold is waived in it."""
    stop_after: int = register(1, (0, 1 << 16), format=COUNT, cut=True)
    """A learning presentation ends after this many spikes; 0 is never."""

    # Homeostasis.
    theta_width: int = fixed(20, (1, 24), unit=Unit.BITS)
    """Bits of ``theta`` before the point, unsigned."""
    theta_shift: int = fixed(0, (0, 8), unit=Unit.BITS, off=True, late=True)
    """Binary point of ``theta``: it has so many bits more, and counts ``2**-theta_shift``."""
    theta_init: int = host(2000, lambda p: (0, (1 << p.theta_width) - 1), unit=Unit.WEIGHT)
    """Threshold of an untrained neuron, in whole weight steps."""
    theta_plus: int = register(100, format="theta", unit=Unit.THETA)
    """Rise of the winner's ``theta``, in ``2**-theta_shift``; a recipe's ``rise`` fixes it."""
    offset_plus: int = register(0, format="offset", off=True)
    """Rise of the common offset with every learned win, in ``2**-offset_shift``; never decays."""
    offset_shift: int = fixed(8, (0, 16), unit=Unit.BITS)
    """Binary point of the common offset."""
    theta_decay_shift: int = fixed(0, (0, 23), unit=Unit.BITS, off=True)
    """``theta -= theta >> theta_decay_shift`` once a period; 0 is no decay."""
    theta_decay_period: int = register(
        64,
        (1, 2**32 - 1),
        format="presented",
        unit=Unit.PRESENTATIONS,
        only=lambda p: p.theta_decay_shift,
    )
    """Learning presentations from one decay to the next."""

    # Plasticity, and reward.
    weight_bits: int = fixed(8, (1, 16), unit=Unit.BITS)
    """Bits of a weight, signed, 1 to 16."""
    w_min: int = register(-100, lambda p: (p.w.min, p.w.max - 1), format="w", unit=Unit.WEIGHT)
    """Lower bound of a weight."""
    w_max: int = register(127, lambda p: (p.w_min + 1, p.w.max), format="w", unit=Unit.WEIGHT)
    """Upper bound of a weight."""
    w_init_low: int = host(-20, lambda p: (p.w_min, p.w_max), unit=Unit.WEIGHT)
    """Initial weights are uniform in [``w_init_low``, ``w_init_high``)."""
    w_init_high: int = host(60, lambda p: (p.w_init_low + 1, p.w_max + 1), unit=Unit.WEIGHT)
    """See ``w_init_low``."""
    dw_shift: int = fixed(10, (0, 16), unit=Unit.BITS)
    """Binary point of all plasticity gains: ``dw = (x * gain + r) >> dw_shift``."""
    a_plus: tuple[int, ...] = table((32,) * 32, "ltp_window", GAIN, LAST.max, unit=Unit.GAINS)
    """Potentiation gain by spike age; its length is the window."""
    a_minus: int = register(32, format=GAIN, unit=Unit.GAINS)
    """Depression gain of axons outside the window, silent ones included."""
    a_late: tuple[int, ...] = table((), "ltd_window", GAIN, LAST.max, unit=Unit.GAINS, off=True)
    """Deferred depression: gain by steps from the winner's spike to an axon's later one, less 1."""
    soft_bounds: bool = register(True)
    """The change is proportional to the distance from the bound it heads for (else hard bounds)."""
    reward: str = register("none", choices=REWARDS, size=Size.PLACES, off=True)
    """One of `REWARDS`."""
    reward_margin: int = register(
        0,
        (0, 2**24 - 1),
        format=lambda p: Fmt(sum_width(p) + 1, signed=False),
        cut=True,
        unit=Unit.WEIGHT,
        only=lambda p: p.reward != "none",
    )
    """Reward "error": a right winner this far ahead of the best wrong neuron is left alone."""
    drop_chance: int = register(0, format=Fmt(8, signed=False), off=True)
    """Chance in 256 that a neuron is barred from a whole learning presentation."""

    # Classifier.
    vote_spikes: int = register(1, (1, 64), size=Size.PLACES)
    """Inference ends after this many spikes, and each of them votes."""
    vote_bits: int = fixed(8, (1, 16), unit=Unit.BITS)
    """Bits of a vote, unsigned."""
    ballot: bool = register(False, off=True)
    """In inference, all votes are elected in the moment of the first spike, which ends it."""

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
        """Step of an axon's last spike plus 1: at most ``last.max`` steps."""
        return Fmt(self.step_bits, signed=False)

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
        """Adaptive threshold, with ``theta_shift`` fractional bits."""
        return Fmt(self.theta_width + self.theta_shift, signed=False)

    @property
    def margin(self) -> Fmt:
        """``v`` less the whole part of ``theta``."""
        return Fmt(max(self.v.width + 1, self.theta_width + 2), signed=True)

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

    def __post_init__(self):
        check(self)
        if self.n_axons == 0:
            raise ValueError(
                f"rf_stride must leave room for a cell in {self.height} x {self.width} pixels, "
                f"not be {self.rf_stride}"
            )

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Params":
        """Make parameters from plain values, lists for tables, refusing unknown names."""
        return cls(**plain(cls, values))
