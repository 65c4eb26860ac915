"""Rules that cannot be: one line each, of a library's rule, of one's own, and by command."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from golden import simulate
from golden.network.rules import MSTDPET, DerivativeSTDP, PairSTDP, Rule, SumOfProducts, Variable
from tests.rules.test_pair import pair

NAMED = (
    "a variable must have a name of its own, a word other than w, sent, reward, delay, rule, "
    "synapse, not "
)
HAS = "on_pre must be written with what a synapse has, and is not: 'Synapse' object has no "
TEXT: Any = "8"
PRODUCT = "a product must be (scale, (factor, factor ...)), not "


@dataclass(frozen=True, kw_only=True)
class Own(Rule):
    """A rule whose variables and text are told."""

    own: tuple[Variable, ...] = ()
    text: Any = field(default=lambda s: None)

    def kept(self):
        """Return what is told."""
        return self.own

    def on_pre(self, s):
        """Do what is told."""
        self.text(s)


def products(*w_rule: Any) -> SumOfProducts:
    """Return a rule of products."""
    return SumOfProducts(w_rule=w_rule)


def number(s):
    """Assign what is no value."""
    s.w = 3


def elsewhere(s):
    """Assign what a synapse does not have."""
    s.weight = s.w


def unknown(s):
    """Read what a synapse does not have."""
    s.w += s.calcium


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (PairSTDP(norm=TEXT, every=5), "norm must be a number, not '8'"),
        (PairSTDP(a_plus=True), "a_plus must be a number, not True"),
        (DerivativeSTDP(fading=TEXT), "fading must be True or False, not '8'"),
        (DerivativeSTDP(every=1e300), "every must be at most 4.29497e+09 ms, not 1e+300 ms"),
        (MSTDPET(e_max=0), "high of e must be above its low, 0, not 0"),
        (Own(own=(Variable("w", 0, 1),)), f"{NAMED}'w'"),
        (Own(own=(Variable("rule", 0, 1),)), f"{NAMED}'rule'"),
        (Own(own=(Variable("synapse", 0, 1),)), f"{NAMED}'synapse'"),
        (Own(own=(Variable("a", 0, 1), Variable("a", 0, 2))), f"{NAMED}'a'"),
        (Own(own=(Variable("pre age", 0, 1),)), f"{NAMED}'pre age'"),
        (Own(own=(Variable("a", 0, 1, bits=30),)), "bits of a must be 2 to 18, not 30"),
        (Own(own=(Variable("a", 0, float("inf")),)), "high of a must be a number, not inf"),
        (Own(own=(Variable("a", 0, 1, start=5),)), "a must start at 0 to 1, not 5"),
        (
            Own(text=number),
            "w must be assigned what is made of values of the synapse, not 3",
        ),
        (Own(text=elsewhere), f"{HAS}attribute 'weight'"),
        (Own(text=unknown), f"{HAS}attribute 'calcium'"),
        (products(1), f"{PRODUCT}1"),
        (products((1,)), f"{PRODUCT}(1,)"),
        (products((1, ("x0", 3))), f"{PRODUCT}(1, ('x0', 3))"),
        (products((1, ())), f"{PRODUCT}(1, ())"),
        (products(("a", ("x0",))), "scale of a product must be a number, not 'a'"),
        (products((1, ("x0", ("y1", "k")))), "what is added to y1 must be a number, not 'k'"),
        (products((1, ("x0", "tag"))), "a variable of a rule must be w, not tag"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_a_line(rule, said):
    net, _ = pair([3], [5], rule, 1)
    said = f"told to cell by {type(rule).__name__}: {said}"
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        net.build()


SCRIPT = '''"""A network with a rule of one's own."""

from dataclasses import dataclass

from golden.builder import Network, Poisson
from golden.cells import LIF
from golden.network.rules import {names}

DURATION = 20


@dataclass(frozen=True, kw_only=True)
class Mine(Rule):
    def {event}(self, s):
        {text}


def network(seed=1):
    net = Network(dt=1, seed=seed)
    rain, cell = net.input(2, Poisson(20), "rain"), net.population(1, LIF(), "cell")
    net.connect(rain, cell, weight={weight}, rule={rule})
    {more}
    return net
'''
LAZY = (
    "rain to cell by Mine: a rule must act at spikes, not in every step, as on_step would: what "
    "changes without an event cannot be put off until somebody looks"
)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": "s.w += s['calcium']"}, "rain to cell by Mine: a variable of a rule must be w, "),
        ({"event": "on_step"}, LAZY),
        (
            {"rule": "PairSTDP(a_plus=1e-9)"},
            "rain to cell by PairSTDP: a_plus must be at least 3.05e-05 for the bits of w, not 1e",
        ),
        ({"weight": "3"}, "rain to cell by Mine: weight must be 0 to 1, as its rule keeps it, not"),
        ({"more": "net.reward(1, at=3)"}, "a reward must have a connection with a rule that uses "),
    ],
)
def test_a_command_refuses_it_in_a_line_and_writes_nothing(tmp_path, capsys, given, said):
    told = {"names": "PairSTDP, Rule", "event": "on_pre", "text": "s.w += s.w", "weight": "0.5"}
    path = tmp_path / "mine.py"
    path.write_text(SCRIPT.format(**told | {"rule": "Mine()", "more": ""} | given))
    assert simulate.main([str(path), "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert said in " ".join(error.split())
    assert "Traceback" not in error
    assert not (tmp_path / "out").exists()
