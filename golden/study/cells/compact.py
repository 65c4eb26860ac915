"""Five cells in 16-bit words, as small as they are good: what pipelines are measured with.

They are not those of `golden.cells`, whose words are wider and whose receptors saturate and count:
these have the formats of a study before this project, so that figures can be compared. What would
arrive at a receptor is a word beside the states, which stays as it is.
"""

import math
from collections.abc import Callable
from typing import Any

from golden.cells.program import Program
from golden.cells.trace import Trace
from golden.cells.units import interpolated
from golden.cells.value import Value, minimum, select

Curve = Callable[[float], float]


def _kept(trace: Trace, name: str, width: int, point: int) -> Value:
    """Return a word that comes with the neuron and stays."""
    value = trace.state(name, width, point, 0.0)
    trace.write(name, value)
    return value


def _held(trace: Trace, refractory: int) -> tuple[Value, Value, Value]:
    """Return whether the neuron is held, for how many steps more, and how many after a spike."""
    count = trace.state("R", 6, 0, 0.0).within(0, 31)
    zero = trace.number(0)
    held = zero < count
    return held, select(held, count - trace.number(1), zero), trace.constant("hold", refractory, 0)


def lif(trace: Trace) -> None:
    """Leaky integrate and fire with a refractory time; V has 6 fraction bits."""
    v, current = trace.state("V", 16, 6, 0.0), _kept(trace, "I", 16, 6)
    held, left, hold = _held(trace, 2)
    leak = trace.constant("K", 26214 / 2**20, 20)
    risen = (v + (leak * (current - v).fitted(16)).rounded(6)).fitted(16)
    v = select(held, trace.number(0, 6), risen)
    fired = v >= trace.constant("threshold", 90.0, 6)
    trace.write("V", select(fired, trace.number(0, 6), v))
    trace.write("R", select(fired, hold, left).within(0, 31))
    trace.spike(fired, v)


def izhikevich(trace: Trace) -> None:
    """Two half steps of v and one of u, in ``x = 0.02 (v + 62.5)`` with 14 fraction bits."""
    a, b, c, d, h = 0.02, 0.2, -65.0, 8.0, 0.5
    s, t, fx, gy = 0.04 * h, 0.04 * h * h, 14, 20
    x, y = trace.state("X", 16, fx, 0.0), trace.state("Y", 22, gy, 0.0)
    drive = _kept(trace, "J", 20, gy) - y
    slope, rate = trace.constant("a b", a * b * h, 18), trace.constant("a", a, 18)
    rest = trace.constant("a b r", -a * b * t * 62.5, 32)
    start, jump = trace.constant("c", s * (c + 62.5), fx), trace.constant("d", t * d, gy)
    peak = trace.number(math.ceil(s * 92.5 * 2**fx), fx)

    def half(x: Value) -> Value:
        return minimum(x + (x * x + drive).rounded(fx), peak).fitted(16)

    first = half(x)
    x = select(first >= peak, first, half(first))
    fired = x >= peak
    y = y + (slope * x - rate * y.floored(fx).fitted(16) + rest).rounded(gy)
    trace.write("X", select(fired, start, x))
    trace.write("Y", select(fired, y + jump, y).fitted(22))
    trace.spike(fired, x)


def adex(trace: Trace) -> None:
    """Adaptive exponential, 1/8 ms, in powers of two: ``z = (V - VT) / (DT ln 2)``."""
    h, point, fine, coarse, entries = 1 / 8, 10, 16, 7, 32
    z_of = 1 / (2.0 * math.log(2))
    z, y = trace.state("Z", 17, point, 0.0), trace.state("Y", 24, fine, 0.0)
    current = _kept(trace, "J", 23, fine)
    rest = trace.constant("ZL", (-70 + 50) * z_of, point)
    table = tuple(round(2 ** (k / entries + 14)) for k in range(entries + 1))
    power = interpolated(z.lowest(point), table, 14, 0, point - 5)
    places = (trace.number(14 - coarse) - z.floored(0)).clipped(0, 31)
    power = power.floored(15).shifted(places).rounded(14).times2(14 - coarse)
    power = select(trace.number(7) < z.floored(0), trace.number(32767, coarse), power)
    total = ((rest - z).rounded(coarse) + power + (current - y).rounded(coarse)).fitted(16)
    turn = trace.constant("a", h / 30 * 2 / 10, 20) * (z - rest).floored(7).fitted(16)
    turn -= trace.constant("1/tau", h / 30, 20) * y.floored(6).fitted(16)
    z = (z + (trace.constant("kappa", h * 10 / 200, 17) * total).rounded(point)).fitted(17)
    y += turn.rounded(fine)
    fired = z >= trace.constant("ZP", 10 * z_of, point)
    trace.write("Z", select(fired, trace.constant("ZR", -8 * z_of, point), z))
    trace.write("Y", select(fired, y + trace.constant("b", 0.5, fine), y).fitted(24))
    trace.spike(fired, z)


def _linear(x: float) -> float:
    return 1.0 if abs(x) < 1e-9 else x / (1 - math.exp(-x))


CONDUCTANCE = {"Na": 120.0, "K": 36.0, "L": 0.3}
DT_GATES = 1 / 64
GATES: dict[str, tuple[Curve, Curve, float]] = {
    "m": (lambda u: _linear((u + 40) / 10), lambda u: 4 * math.exp(-(u + 65) / 18), 1.0),
    "h": (
        lambda u: 0.07 * math.exp(-(u + 65) / 20),
        lambda u: 1 / (1 + math.exp(-(u + 35) / 10)),
        CONDUCTANCE["Na"] * DT_GATES / 2,
    ),
    "n": (
        lambda u: 0.1 * _linear((u + 55) / 10),
        lambda u: 0.125 * math.exp(-(u + 65) / 80),
        (CONDUCTANCE["K"] * DT_GATES) ** 0.25,
    ),
}
"""How fast gates open and shut, and the conductance that is folded into each."""


def _gate(trace: Trace, name: str, v: Value, size: int) -> tuple[Value, Value]:
    """Return a gate as it is and as it will be: a way towards where it rests, from two tables."""
    opens, shuts, factor = GATES[name]
    top = (1 << size) - 1

    def curve(function: Curve) -> Value:
        entries = (round(function(k - 128.0) * 2**size) for k in range(257))
        table = tuple(min(max(entry, 0), top) for entry in entries)
        return interpolated(v, table, size, -(1 << 15), 8)

    now = trace.state(name, size + 1, size, 0.0).within(0, top)
    speed = curve(lambda u: DT_GATES * (opens(u) + shuts(u)))
    way = curve(lambda u: factor * opens(u) / (opens(u) + shuts(u))) - now
    way = (speed * way.fitted(trace.operand_bits)).rounded(size)
    return now, (now + way).clipped(0, top)


def hodgkin_huxley(trace: Trace) -> None:
    """Hodgkin and Huxley's, Euler 1/64 ms, gates of one bit less than a factor, or 16."""
    size = min(trace.operand_bits - 1, 16)
    v, current = trace.state("V", 16, 8, 0.0), _kept(trace, "J", 16, 8)
    gates = {name: _gate(trace, name, v, size) for name in GATES}
    m, g, n = (now for now, _ in gates.values())

    def product(a: Value, b: Value) -> Value:
        return (a * b).rounded(size).clipped(0, (1 << size) - 1)

    def away(level: float) -> Value:
        return (v - trace.number(round(level * 256), 8)).rounded(7).fitted(16)

    sodium = (product(m, g) * away(50)).rounded(7).fitted(16)
    potassium = (product(n, n) * away(-77)).rounded(7).fitted(16)
    inner = (product(m, m) * sodium).times2(1) + product(n, n) * potassium
    leak = trace.number(round(CONDUCTANCE["L"] * DT_GATES * 2**20), 20) * away(-54.387)
    new = (v + current - inner.rounded(8) - leak.rounded(8)).fitted(16)
    trace.write("V", new)
    for name, (_, then) in gates.items():
        trace.write(name, then)
    trace.spike((v < trace.number(0)) & (new >= trace.number(0)), new)


def coba(trace: Trace) -> None:
    """Leaky integrate and fire with two conductances that decay, 1/2 ms."""
    point, h = 12, 0.5
    v, current = trace.state("V", 16, 8, 0.0), _kept(trace, "I", 16, 8)
    held, left, hold = _held(trace, 5)
    levels = {"EL": -60.0, "VT": -50.0, "VR": -60.0, "EA": 0.0, "EG": -80.0}
    rest, threshold, reset, excited, inhibited = (
        trace.constant(name, level, 8) for name, level in levels.items()
    )

    def conductance(name: str, width: int, tau: float) -> Value:
        top = (1 << width) - 1
        now = trace.state(name, width + 1, point, 0.0).within(0, top)
        arrived = _kept(trace, f"{name} in", 17, point).within(0, (1 << 16) - 1)
        total = (now + arrived).clipped(0, top)
        keep = trace.constant(f"{name} keeps", math.exp(-h / tau), 15)
        upper = total.floored(point - 8).fitted(trace.operand_bits)
        trace.write(name, (upper * keep + total.lowest(8) * keep).rounded(point).clipped(0, top))
        return total

    ampa = conductance("ga", 18, 5.0).rounded(9).clipped(0, 32767)
    gaba = conductance("gg", 20, 10.0).rounded(7).clipped(0, 32767)
    total = rest - v + (ampa * (excited - v).fitted(16)).rounded(8)
    total = total + (gaba * (inhibited - v).fitted(16)).rounded(8) + current
    rise = trace.constant("K", h / 20, 19) * total.rounded(6).fitted(16)
    risen = (v + rise.rounded(8)).fitted(16)
    v = select(held, reset, risen)
    fired = v >= threshold
    trace.write("V", select(fired, reset, v))
    trace.write("R", select(fired, hold, left).within(0, 31))
    trace.spike(fired, v)


COMPACT: dict[str, Callable[[Trace], Any]] = {
    "lif": lif,
    "izhikevich": izhikevich,
    "adex": adex,
    "coba": coba,
    "hodgkin_huxley": hodgkin_huxley,
}
"""By name."""


def compact(name: str, operand_bits: int) -> Program:
    """Return the program of one of them."""
    trace = Trace(1.0, operand_bits)
    COMPACT[name](trace)
    return trace.program()
