"""Units as people write them, and the dimensions that equations are checked for.

Quantities are kept in ms, mV, pA and cm, so that nS, pF and Gohm are 1 too. A dimension is four
exponents: of time, voltage, current and length. Names are short, or spelt out as in Brian2: mvolt.
"""

from fractions import Fraction

Dimension = tuple[Fraction, ...]

BASE = ("ms", "mV", "pA", "cm")
NONE: Dimension = (Fraction(0),) * 4


def _dimension(*exponents: int) -> Dimension:
    return tuple(Fraction(x) for x in exponents)


TIME = _dimension(1, 0, 0, 0)
RATE = _dimension(-1, 0, 0, 0)
VOLTAGE = _dimension(0, 1, 0, 0)
CURRENT = _dimension(0, 0, 1, 0)
LENGTH = _dimension(0, 0, 0, 1)
CONDUCTANCE = _dimension(0, -1, 1, 0)
RESISTANCE = _dimension(0, 1, -1, 0)
CAPACITY = _dimension(1, -1, 1, 0)

THOUSAND = Fraction(1000)
UNITS: dict[str, tuple[Fraction, Dimension]] = {
    "s": (THOUSAND, TIME),
    "ms": (Fraction(1), TIME),
    "us": (1 / THOUSAND, TIME),
    "Hz": (1 / THOUSAND, RATE),
    "kHz": (Fraction(1), RATE),
    "V": (THOUSAND, VOLTAGE),
    "mV": (Fraction(1), VOLTAGE),
    "uV": (1 / THOUSAND, VOLTAGE),
    "mA": (THOUSAND**3, CURRENT),
    "uA": (THOUSAND**2, CURRENT),
    "nA": (THOUSAND, CURRENT),
    "pA": (Fraction(1), CURRENT),
    "mS": (THOUSAND**2, CONDUCTANCE),
    "uS": (THOUSAND, CONDUCTANCE),
    "nS": (Fraction(1), CONDUCTANCE),
    "ohm": (1 / THOUSAND**3, RESISTANCE),
    "kohm": (1 / THOUSAND**2, RESISTANCE),
    "Mohm": (1 / THOUSAND, RESISTANCE),
    "Gohm": (Fraction(1), RESISTANCE),
    "uF": (THOUSAND**2, CAPACITY),
    "nF": (THOUSAND, CAPACITY),
    "pF": (Fraction(1), CAPACITY),
    "cm": (Fraction(1), LENGTH),
    "mm": (Fraction(1, 10), LENGTH),
    "um": (Fraction(1, 10_000), LENGTH),
}
"""How much it is in the base, and of what dimension."""

PREFIXES = {
    "": Fraction(1),
    "k": THOUSAND,
    "m": 1 / THOUSAND,
    "u": 1 / THOUSAND**2,
    "n": 1 / THOUSAND**3,
    "p": 1 / THOUSAND**4,
}
SPELT_OUT = {
    "second": (THOUSAND, TIME),
    "hertz": (1 / THOUSAND, RATE),
    "volt": (THOUSAND, VOLTAGE),
    "amp": (THOUSAND**4, CURRENT),
    "siemens": (THOUSAND**3, CONDUCTANCE),
    "farad": (THOUSAND**4, CAPACITY),
}
UNITS |= {
    prefix + name: (factor * size, dimension)
    for name, (size, dimension) in SPELT_OUT.items()
    for prefix, factor in PREFIXES.items()
}


def times(a: Dimension, b: Dimension, power: Fraction = Fraction(1)) -> Dimension:
    """Return the dimension of ``a * b**power``."""
    return tuple(x + y * power for x, y in zip(a, b, strict=True))


def said(dimension: Dimension) -> str:
    """Return a dimension as a person reads it: "mV/ms", "1" for a plain number."""
    top = [_power(u, x) for u, x in zip(BASE, dimension, strict=True) if x > 0]
    bottom = [_power(u, -x) for u, x in zip(BASE, dimension, strict=True) if x < 0]
    return "/".join(["*".join(top) or "1", *bottom])


def _power(unit: str, exponent: Fraction) -> str:
    return unit if exponent == 1 else f"{unit}**{exponent}"
