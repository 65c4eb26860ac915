"""Clocks: the dividers of a PLL for a frequency, and the clock domain behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from amaranth.hdl import ClockDomain, ClockSignal, Elaboratable, Module, ResetSignal, Signal
from amaranth.lib.cdc import FFSynchronizer

BOOT_S = 50e-6
"""After the PLL has locked; the block RAMs of an iCE40 cannot be read at once."""
MHZ = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Pll:
    """What a kind of PLL can do; frequencies in MHz.

    The reference is divided, and compared with what is fed back, divided too; the oscillator runs
    at what makes them equal, and is divided for the output.
    """

    compared: tuple[float, float]
    """Lowest and highest frequency at the comparator."""
    oscillator: tuple[float, float]
    output: tuple[float, float]
    reference_dividers: range
    feedback_dividers: range
    output_dividers: tuple[int, ...]
    feeds_back_output: bool
    """What is fed back is the output, not the oscillator."""


ICE40 = Pll(
    compared=(10, 133),
    oscillator=(533, 1066),
    output=(16, 275),
    reference_dividers=range(1, 17),
    feedback_dividers=range(1, 129),
    output_dividers=(2, 4, 8, 16, 32, 64),
    feeds_back_output=False,
)
"""Lattice FPGA-TN-02052, feedback path SIMPLE."""
ECP5 = Pll(
    compared=(3.125, 400),
    oscillator=(400, 800),
    output=(10, 400),
    reference_dividers=range(1, 129),
    feedback_dividers=range(1, 81),
    output_dividers=tuple(range(1, 129)),
    feeds_back_output=True,
)
"""Lattice FPGA-DS-02012, feedback path CLKOP."""
GOWIN = Pll(
    compared=(3, 400),
    oscillator=(500, 1200),
    output=(4, 600),
    reference_dividers=range(1, 65),
    feedback_dividers=range(1, 65),
    output_dividers=(2, 4, 8, 16, 32, 48, 64, 80, 96, 112, 128),
    feeds_back_output=True,
)
"""What the GW1NR-9 C6 (Gowin DS117) and the GW2AR-18 C8 (DS226) can both do."""


@dataclass(frozen=True)
class Dividers:
    """Of a PLL, and the frequencies that follow, in Hz."""

    reference: int
    feedback: int
    output: int
    compared_hz: Fraction
    oscillator_hz: Fraction
    hz: Fraction
    """At the output."""


def dividers(pll: Pll, in_hz: int, wanted_hz: int) -> Dividers:
    """Return the dividers whose output is nearest to the wanted frequency.

    Among equals, the highest frequency at the comparator, then the oscillator nearest to the middle
    of its range.

    Raises
    ------
    ValueError
        If the frequency is none for this PLL.
    """
    low, high = pll.output
    if not low * MHZ <= wanted_hz <= high * MHZ:
        raise ValueError(f"clock must be {low:g} to {high:g} MHz, not {wanted_hz / MHZ:g}")
    middle = Fraction(round(sum(pll.oscillator) * MHZ), 2)
    return min(
        _possible(pll, in_hz),
        key=lambda d: (abs(d.hz - wanted_hz), -d.compared_hz, abs(d.oscillator_hz - middle)),
    )


def _possible(pll: Pll, in_hz: int) -> Iterator[Dividers]:
    """Yield what keeps to all limits."""
    for reference, feedback in product(pll.reference_dividers, pll.feedback_dividers):
        compared = Fraction(in_hz, reference)
        if not _within(compared, pll.compared):
            continue
        for output in pll.output_dividers:
            oscillator = compared * feedback * (output if pll.feeds_back_output else 1)
            hz = oscillator / output
            if _within(oscillator, pll.oscillator) and _within(hz, pll.output):
                yield Dividers(reference, feedback, output, compared, oscillator, hz)


def _within(hz: Fraction, limits: tuple[float, float]) -> bool:
    low, high = limits
    return low * MHZ <= hz <= high * MHZ


class Clock(Elaboratable):
    """Drives the domain ``sync`` from a PLL, and keeps it in reset until the clock can be trusted.

    Parameters
    ----------
    make : Callable
        ``make(m, platform, dividers, clock, locked)`` adds the PLL, fed by the board's oscillator.
    dividers : Dividers
        Of the PLL.
    """

    def __init__(self, make, dividers: Dividers):
        self.make, self.dividers = make, dividers

    def elaborate(self, platform):
        m = Module()
        clock, lock, locked = Signal(name="pll"), Signal(), Signal()
        self.make(m, platform, self.dividers, clock, lock)
        m.domains.boot = ClockDomain(reset_less=True, local=True)
        m.d.comb += [ClockSignal("boot").eq(clock), ClockSignal("sync").eq(clock)]
        m.submodules.lock = FFSynchronizer(lock, locked, o_domain="boot")
        n_cycles = round(BOOT_S * float(self.dividers.hz))
        waited = Signal(range(n_cycles + 1))
        reset = Signal(init=1)
        with m.If(~locked):
            m.d.boot += waited.eq(0)
        with m.Elif(waited != n_cycles):
            m.d.boot += waited.eq(waited + 1)
        m.d.boot += reset.eq(waited != n_cycles)
        m.d.comb += ResetSignal("sync").eq(reset)
        return m
