"""Sums of products, as Loihi and spikelearn write rules (M. Davies et al., IEEE Micro 38, 2018).

::

    z <- z + sum over products of  scale * product over its factors of (V + C),    z = w or tag

A product is ``(scale, (factor, factor, ...))``, a factor the name of a V, or ``(V, C)``::

    x0  an arrival now      y0  a post now          r0  a reward now     w, sgn(w)
    x1  arrivals, fast      y1  posts, fast         r1  rewards          d, sgn(d)    delay in steps
    x2  arrivals, slow      y2, y3  posts, slower                        tag, sgn(tag)
                                                                         const        1

Traces are as they were before the event itself, numbers w and tag in the unit of the weight. In a
step rewards come first, then arrivals, then posts; so a product with y0 is added at a post, one
with x0 and no y0 at an arrival, where y0 is 0, and one with r0 alone at a reward.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from golden.cells.value import Value, select
from golden.network.rules.checks import finite
from golden.network.rules.rule import Rule
from golden.network.rules.synapse import Synapse
from golden.network.rules.words import Variable

NOW = {"y0": "post", "x0": "pre", "r0": "reward"}
"""What says that an event happens, the latest in a step first, and its side."""
CODES = (
    *("x0", "x1", "x2", "y0", "y1", "y2", "y3", "r0", "r1"),
    *("w", "d", "tag", "sgn(w)", "sgn(d)", "sgn(tag)", "const"),
)
Product = tuple[float, tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class SumOfProducts(Rule):
    """A rule as two lists of products.

    Parameters
    ----------
    w_rule, tag_rule : tuple of products
        What is added to the weight, and to the tag; see above.
    tau_x1, tau_x2, tau_y1, tau_y2, tau_y3, tau_r1 : float
        ms, of traces, which add up.
    tag_max, tau_tag : float
        Largest magnitude of the tag, and ms in which it decays; 0: it does not.
    """

    w_rule: tuple[Product, ...] = ()
    tag_rule: tuple[Product, ...] = ()
    tau_x1: float = 20.0
    tau_x2: float = 100.0
    tau_y1: float = 20.0
    tau_y2: float = 100.0
    tau_y3: float = 200.0
    tau_r1: float = 200.0
    tag_max: float = 1.0
    tau_tag: float = 0.0

    def kept(self) -> tuple[Variable, ...]:
        """Return the tag, if there is one."""
        tag = Variable("tag", -self.tag_max, self.tag_max, bits=18, tau=self.tau_tag)
        return (tag,) if self.tag_rule else ()

    @property
    def acts_at_rewards(self) -> bool:
        """Whether a product is added at a reward."""
        products = (*self.w_rule, *self.tag_rule)
        return any(when(_pairs(product)) == "r0" for product in products)

    def on_pre(self, s: Synapse) -> None:
        """Add the products with x0."""
        self._add(s, "x0")

    def on_post(self, s: Synapse) -> None:
        """Add the products with y0."""
        self._add(s, "y0")

    def on_reward(self, s: Synapse) -> None:
        """Add the products with r0."""
        self._add(s, "r0")

    def _add(self, s: Synapse, event: str) -> None:
        """Add to both words what is due at an event; all factors are as they were before it."""
        sums = {}
        for word, products in (("w", self.w_rule), ("tag", self.tag_rule)):
            for number, product in enumerate(products):
                pairs = _pairs(product)
                if when(pairs) == event:
                    gain = s.amount(f"scale {number} of {word}", product[0], word)
                    each = [self._factor(s, event, *pair) for pair in pairs if pair != (event, 0)]
                    change = reduce(lambda a, b: a.factor() * b.factor(), each, gain)
                    sums[word] = sums[word] + change if word in sums else change
        for word, change in sums.items():
            s[word] += change

    def _factor(self, s: Synapse, event: str, code: str, plus: float) -> Value:
        """Return V + C."""
        value = self._value(s, event, code)
        if not plus:
            return value
        return value + s.trace.constant(f"{code} + {plus:g}", plus)

    def _value(self, s: Synapse, event: str, code: str) -> Value:
        one, zero = s.trace.number(1), s.trace.number(0)
        given: dict[str, Callable[[], Value]] = {
            "x1": lambda: s.pre(self.tau_x1),
            "x2": lambda: s.pre(self.tau_x2),
            "y1": lambda: s.post(self.tau_y1),
            "y2": lambda: s.post(self.tau_y2),
            "y3": lambda: s.post(self.tau_y3),
            "r1": lambda: s.modulator(self.tau_r1),
            "w": lambda: s.w,
            "tag": lambda: s["tag"],
            "d": lambda: s.delay,
            "const": lambda: one,
            "sgn(d)": lambda: one,
        }
        if code in given:
            return given[code]()
        if code in NOW:
            later = list(NOW).index(code) < list(NOW).index(event)
            return one if code == event else zero if later else s.happens(NOW[code])
        value = given[code[4:-1]]()
        return select(value < zero, s.trace.number(-1), select(zero < value, one, zero))


def when(pairs: list[tuple[str, float]]) -> str:
    """Return which of `NOW` says when a product is added.

    Raises
    ------
    ValueError
        If none does.
    """
    for event in NOW:
        if (event, 0) in pairs:
            return event
    said = " ".join(code for code, _ in pairs) or "nothing"
    raise ValueError(
        f"a product must have x0, y0 or r0 as a factor, not only {said}: what changes in every "
        "step cannot be put off"
    )


def _pairs(product: Product) -> list[tuple[str, float]]:
    """Return the factors of a product as (code, what is added).

    Raises
    ------
    ValueError
        If it is no product.
    """
    listed = isinstance(product, tuple | list) and len(product) == 2
    factors = product[1] if listed and isinstance(product[1], tuple | list) else ()
    pairs = [(factor, 0.0) if isinstance(factor, str) else factor for factor in factors]
    if not pairs or not all(isinstance(pair, tuple | list) and len(pair) == 2 for pair in pairs):
        raise ValueError(f"a product must be (scale, (factor, factor ...)), not {product!r}")
    finite("scale of a product", product[0])
    for code, _ in pairs:
        if code not in CODES:
            raise ValueError(f"a factor must be one of {', '.join(CODES)}, not {code}")
    return [(code, finite(f"what is added to {code}", plus)) for code, plus in pairs]
