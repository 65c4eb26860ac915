"""Sums of products: every code by hand in both engines, and who is refused."""

import re
from typing import Any

import numpy as np
import pytest

from golden.network.rules import PairSTDP, SumOfProducts
from golden.network.rules.products import CODES
from tests.rules.test_pair import FOREVER, pair, weights

both = pytest.mark.parametrize("engine", ["golden", "numba"])
LASTING: dict[str, Any] = {
    "w_max": 64,
    "bits": 18,
    "tag_max": 4,
    **{f"tau_{name}": FOREVER for name in ("x1", "x2", "y1", "y2", "y3", "r1")},
}
GAINED = {
    "x0": 0.5, "x1": 0.25, "x2": 0.25, "y0": 0, "y1": 0.5, "y2": 0.5, "y3": 0.5, "r0": 0,
    "r1": 0.25, "w": 18, "d": 1.5, "tag": 0.25, "sgn(w)": 0.5, "sgn(d)": 0.5, "sgn(tag)": 0.25,
    "const": 0.5,
}  # fmt: skip


NO_EVENT = (
    "a product must have x0, y0 or r0 as a factor, not only x1 x0: what changes in every step "
    "cannot be put off"
)


def gained(engine: str, *products: tuple, **given: Any) -> float:
    """Return what a weight of 32 gains.

    Its arrivals are in steps 4 and 12, after a delay of 3, posts in 6 and 8, rewards of 2 and -1
    in 5 and 10 if a product has one; an arrival adds 1 to the tag.
    """
    rule = SumOfProducts(w_rule=products, tag_rule=((1, ("x0",)),), **(LASTING | given))
    net, synapse = pair([1, 9], [6, 8], rule, 32, delay=3)
    if {"r0", "r1"} & {code for _, factors in products for code in factors}:
        net.reward([2, -1], at=[5, 10])
    return round(weights(net, synapse, engine, 16)[-1] - 32, 2)


@both
@pytest.mark.parametrize("code", CODES)
def test_every_code_is_what_its_name_says_at_an_arrival(engine, code):
    assert gained(engine, (0.25, ("x0", code) if code != "x0" else ("x0",))) == GAINED[code]


@both
def test_a_factor_may_have_something_added_and_products_add_up(engine):
    # y1 is 0 and 2: -3 and -1 quarters. Two posts at x1 = 1, two rewards at y1 = 0 and 2.
    assert gained(engine, (0.25, ("x0", ("y1", -3)))) == -1
    assert gained(engine, (0.25, ("x0", ("y1", -3))), (2, ("y0", "x1"))) == 3
    assert gained(engine, (0.25, ("r0", "y1"))) == 0.5
    assert gained(engine, (0.25, ("r0", "r1"))) == 0.5


@both
def test_an_arrival_and_a_post_of_one_step_are_a_product_of_both(engine):
    net, synapse = pair([1, 4], [2, 9], SumOfProducts(w_rule=((3, ("x0", "y0")),), **LASTING), 32)
    assert np.round(weights(net, synapse, engine, 12)).tolist() == [32, 32, *[35] * 10]


@both
def test_a_reward_and_an_arrival_of_one_step_are_a_product_of_both(engine):
    net, synapse = pair([1, 4], [20], SumOfProducts(w_rule=((3, ("x0", "r0")),), **LASTING), 32)
    net.reward([1, 1], at=[3, 5])
    assert np.round(weights(net, synapse, engine, 8)).tolist() == [*[32] * 5, 35, 35, 35]


@both
def test_stdp_by_pairs_is_two_products_bit_for_bit(engine):
    pre, post = [0, 1, 5, 20, 33], [4, 5, 22, 31]
    products = ((-2, ("x0", "y1")), (3, ("y0", "x1")))
    rules = (
        SumOfProducts(w_max=64, w_rule=products),
        PairSTDP(w_max=64, a_plus=3, a_minus=2),
    )
    found = [weights(*pair(pre, post, rule, 32), engine, 40) for rule in rules]
    assert found[0] == found[1]
    assert len(set(found[0])) > 6


@pytest.mark.parametrize(
    ("product", "said"),
    [
        ((1, ("x1", ("x0", 1))), NO_EVENT),
        ((1, ("x0", "u0")), f"a factor must be one of {', '.join(CODES)}, not u0"),
        (
            (1e-7, ("x0", "y1")),
            "scale 0 of w must be at least 0.000488 for the bits of w, not 1e-07: it is lost",
        ),
    ],
)
def test_a_product_that_cannot_be_is_refused(product, said):
    said = f"told to cell by SumOfProducts: {said}"
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        gained("golden", product)
