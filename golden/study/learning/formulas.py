"""Rules in float64, as their equations say: no trace is kept, only when everything happened.

Each function of `ACTS` takes a rule, an event ("pre", "post", "reward" or "epoch") and a synapse,
whose words it changes. Traces are sums over the ages of all events before this one.
"""

from collections.abc import Callable, Sequence
from math import exp
from typing import Any

from golden.network.rules import (
    MSE,
    MSTDP,
    MSTDPET,
    DerivativeSTDP,
    Hebbian,
    InhibitorySTDP,
    ModulatedSTDP,
    PairSTDP,
    Rule,
    SumOfProducts,
    Ternary,
    TripletSTDP,
)
from golden.network.rules.products import when

ORDER = ("reward", "pre", "epoch", "post")
"""Of what happens in one step."""


class FloatSynapse:
    """A synapse with a rule.

    Parameters
    ----------
    rule : Rule
    dt : float
        ms a step.
    weight : float
        At first.
    """

    def __init__(self, rule: Rule, dt: float, weight: float):
        self.rule, self.dt, self.w = rule, dt, weight
        self.other = 0.0
        """sd, e or tag."""
        self.step, self.seen = 0, 0
        self.past: dict[str, list[int]] = {event: [] for event in ORDER}
        self.rewards: list[float] = []
        self._act = next(act for kind, act in ACTS.items() if isinstance(rule, kind))

    def learn(self, pre: Sequence[int], post: Sequence[int], steps: int, rewards: Any = ()) -> None:
        """Let arrivals, posts and rewards, (step, amount), happen, and as many steps pass."""
        period = round(self.rule.every / self.dt)
        ends = range(period - 1, steps, period) if period else ()
        events = [(step, 0, amount) for step, amount in rewards]
        for number, at in enumerate((pre, ends, post), start=1):
            events += [(step, number, 0.0) for step in at]
        for step, number, amount in sorted(events):
            self.happen(ORDER[number], step, amount)

    def happen(self, event: str, step: int, amount: float = 0.0) -> None:
        """Do what the rule does at an event."""
        self.step = step
        tau = getattr(self.rule, "tau_e", 0) or getattr(self.rule, "tau_tag", 0)
        if tau:
            self.other *= exp(-(step - self.seen) * self.dt / tau)
            self.seen = step
        if event == "reward":
            self.rewards.append(amount)
        self._act(self.rule, event, self)
        self.w = min(max(self.w, self.rule.w_min), self.rule.w_max)
        self.past[event].append(step)

    def left(self, side: str, tau: float) -> list[float]:
        """Return what is left of each event of a side."""
        return [exp(-(self.step - step) * self.dt / tau) for step in self.past[side]]

    def all(self, side: str, tau: float) -> float:
        """Return what is left of all of them."""
        return sum(self.left(side, tau))

    def last(self, side: str, tau: float) -> float:
        """Return what is left of the last."""
        return self.left(side, tau)[-1] if self.past[side] else 0.0

    @property
    def reward(self) -> float:
        """The last one."""
        return self.rewards[-1] if self.rewards else 0.0

    def modulator(self, tau: float) -> float:
        """Return what is left of all rewards before."""
        return sum(map(float.__mul__, self.left("reward", tau), self.rewards))


def _pair(r: PairSTDP, event: str, s: FloatSynapse) -> None:
    trace = s.all if r.pairs == "all" else s.last
    room = {"additive": (1, 1), "proportional": (s.w, s.w)}
    down, up = room.get(r.dependence, (s.w - r.w_min, r.w_max - s.w))
    if event == "pre":
        s.w -= r.a_minus * down * trace("post", r.tau_minus)
    elif event == "post":
        s.w += r.a_plus * up * trace("pre", r.tau_plus)


def _triplet(r: TripletSTDP, event: str, s: FloatSynapse) -> None:
    trace = s.all if r.pairs == "all" else s.last
    if event == "pre":
        s.w -= trace("post", r.tau_minus) * (r.a2_minus + r.a3_minus * trace("pre", r.tau_x))
    elif event == "post":
        s.w += trace("pre", r.tau_plus) * (r.a2_plus + r.a3_plus * trace("post", r.tau_y))


def _inhibitory(r: InhibitorySTDP, event: str, s: FloatSynapse) -> None:
    if event == "pre":
        s.w += r.eta * (s.all("post", r.tau) - 2 * r.target / 1000 * r.tau)
    elif event == "post":
        s.w += r.eta * s.all("pre", r.tau)


def _hebbian(r: Hebbian, event: str, s: FloatSynapse) -> None:
    if event == "pre":
        s.w += r.nu_pre * s.last("post", r.tau)
    elif event == "post":
        s.w += r.nu_post * s.last("pre", r.tau)


def _derivative(r: DerivativeSTDP, event: str, s: FloatSynapse) -> None:
    if event == "pre":
        s.other -= r.a_minus * s.last("post", r.tau_minus)
    elif event == "post":
        s.other += r.a_plus * s.last("pre", r.tau_plus)
    elif event == "epoch":
        s.w += r.drift + s.other
        s.other *= r.keep


def _mstdp(r: MSTDP, event: str, s: FloatSynapse) -> None:
    if event == "pre":
        s.w -= s.reward * r.a_minus * s.all("post", r.tau_minus)
    elif event == "post":
        s.w += s.reward * r.a_plus * s.all("pre", r.tau_plus)


def _mstdpet(r: MSTDPET, event: str, s: FloatSynapse) -> None:
    if event == "pre":
        s.other -= r.a_minus * s.all("post", r.tau_minus)
    elif event == "post":
        s.other += r.a_plus * s.all("pre", r.tau_plus)
    elif event == "reward":
        s.w += s.reward * s.other


def _modulated(r: ModulatedSTDP, event: str, s: FloatSynapse) -> None:
    if event == "pre":
        s.w -= s.modulator(r.tau_m) * r.a_minus * s.all("post", r.tau_minus)
    elif event == "post":
        s.w += s.modulator(r.tau_m) * r.a_plus * s.all("pre", r.tau_plus)


def _mse(r: MSE, event: str, s: FloatSynapse) -> None:
    if event == "reward":
        s.w += r.rate * (s.reward - s.all("post", r.tau_post)) * s.all("pre", r.tau_pre)


def _ternary(r: Ternary, event: str, s: FloatSynapse) -> None:
    if event == "reward":
        s.w += r.rate * s.reward * s.last("pre", r.tau_pre) * s.last("post", r.tau_post)


def _products(r: SumOfProducts, event: str, s: FloatSynapse) -> None:
    """Add products of traces, of w and of the tag; of what happens now only the event itself."""
    now = {"pre": "x0", "post": "y0", "reward": "r0"}.get(event)
    taus = {code: getattr(r, f"tau_{code}") for code in ("x1", "x2", "y1", "y2", "y3")}
    values = {c: s.all("pre" if c[0] == "x" else "post", tau) for c, tau in taus.items()}
    values |= {now: 1.0, "r1": s.modulator(r.tau_r1), "w": s.w, "tag": s.other, "const": 1.0}
    found = []
    for products in (r.w_rule, r.tag_rule):
        change = 0.0
        for scale, factors in products:
            pairs = [(f, 0.0) if isinstance(f, str) else f for f in factors]
            if when(pairs) == now:
                for code, plus in pairs:
                    scale *= values[code] + plus
                change += scale
        found.append(change)
    s.w += found[0]
    s.other += found[1]


ACTS: dict[type[Rule], Callable[[Any, str, FloatSynapse], None]] = {
    PairSTDP: _pair,
    TripletSTDP: _triplet,
    InhibitorySTDP: _inhibitory,
    Hebbian: _hebbian,
    DerivativeSTDP: _derivative,
    MSTDP: _mstdp,
    MSTDPET: _mstdpet,
    ModulatedSTDP: _modulated,
    MSE: _mse,
    Ternary: _ternary,
    SumOfProducts: _products,
}
