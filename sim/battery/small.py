"""What the small network cores of the battery are made for."""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np

from golden.cells.schedule import ECP5, GENERIC, UP5K, Fabric
from golden.network.chip import Chip, Kind
from golden.network.rules import (
    MSTDPET,
    DerivativeSTDP,
    ModulatedSTDP,
    PairSTDP,
    Rule,
    SumOfProducts,
)
from golden.network.rules.learner import LearningUnit
from golden.network.rules.learning import learning
from golden.network.rules.several import as_one
from sim.battery.tiny import Adder, Dice, Seeping


def tiny_chip(kinds: tuple[Kind, ...], fabric: Fabric = GENERIC, **changes: Any) -> Chip:
    made = Chip(
        kinds,
        fabric,
        script_words=60,
        axons=8,
        runs=12,
        synapses=24,
        queue=8,
        count_bits=3,
        gap_bits=8,
        family_bits=2,
        weight_bits=6,
        family_weight_bits=0,
    )
    return replace(made, **changes)


def tiny_kind(cell: Any, name: str, **changes: Any) -> Kind:
    program = cell.program(1.0)
    given = {"slots": 6, "inlet_bits": (12,) * len(program.receptors)} | changes
    return Kind(name, program, **given)


def plain() -> Chip:
    return tiny_chip((tiny_kind(Adder(40, bits=8), "adder"),), queue=5)


def mixed() -> Chip:
    kinds = (
        tiny_kind(
            Seeping(noise=4, bits=9), "leaky", varying=("rate",), interval=2, inlet_bits=(10, 13)
        ),
        tiny_kind(Adder(40, bits=8), "adder", varying=("threshold",), slots=7),
        tiny_kind(Dice(), "dice", interval=7, serial=True),
    )
    return tiny_chip(
        kinds,
        replace(GENERIC, word_cycles=1),
        weight_bits=0,
        family_weight_bits=7,
        elects=True,
        single_port=True,
    )


def joined() -> Chip:
    kinds = (
        tiny_kind(Seeping(bits=9), "leaky", inlet_bits=(10, 13)),
        tiny_kind(Adder(40, bits=8), "adder", slots=7),
    )
    return tiny_chip(kinds, junctions=6, junction_factor_bits=20, junction_offset_bits=34)


def plastic() -> Chip:
    kinds = (tiny_kind(Adder(-20, bits=8), "adder"),)
    return tiny_chip(kinds, plastic_axons=5, branches=2, releases=3, decays=300)


def electing() -> Chip:
    return tiny_chip(
        (tiny_kind(Adder(-20, bits=8), "adder", slots=8),), elects=True, gap_bits=2, queue=4
    )


def of_library(name: str, fabric: Fabric, interval: int, **cell: Any) -> Callable[[], Chip]:
    """Return what makes a chip of one kind of ``golden.cells``, multipliers shared if they can be.

    The cell is imported when the chip is made, as it may have a fault then.
    """

    def made() -> Chip:
        module, _, kind = name.rpartition(".")
        text = getattr(import_module(f"golden.cells.{module}"), kind)(**cell)
        program = text.program(1.0 if cell else 0.125, fabric.operand_bits)
        products = program.cost().get("multiply", 0)
        multipliers = -(-products // interval) if interval > 1 else None
        inlets = (20,) * len(program.receptors)
        return tiny_chip((Kind("cell", program, 4, (), inlets, interval, multipliers),), fabric)

    return made


def _learner(rule: Rule, kind: Kind, posts: int, span_bits: int) -> LearningUnit:
    """Return a learner of the weights of a kind's first receptor."""
    program = kind.program
    receptor, start = program.receptors[0], np.array([rule.w_min])
    integers = learning(rule, 1.0, receptor, start, 0, program.operand_bits)
    return LearningUnit.of(integers, runs=9, synapses=18, posts=posts, span_bits=span_bits)


def nearest() -> Chip:
    """Return one kind, and a rule that looks at nearest spikes; few posts can wait."""
    kind = tiny_kind(Adder(5, bits=8), "adder", slots=8)
    rule = PairSTDP(
        pairs="nearest", w_min=-4, w_max=30, a_plus=6, a_minus=5, tau_plus=6, tau_minus=5
    )
    return tiny_chip((kind,), axons=12, runs=16, synapses=40, learner=_learner(rule, kind, 2, 3))


def narrow() -> Chip:
    """Return one kind, and a rule with an added trace of each side, of factors of 16 bits."""
    kind = Kind("adder", Adder(5, bits=8).program(1.0, UP5K.operand_bits), 8, (), (12,))
    rule = PairSTDP(w_min=-4, w_max=30, a_plus=3, a_minus=2, tau_plus=9, tau_minus=6, bits=18)
    learner = _learner(rule, kind, 4, 4)
    return tiny_chip((kind,), UP5K, axons=12, runs=16, synapses=40, learner=learner)


def adding() -> Chip:
    """Return two kinds, random words, branches, and a rule with two added traces of each side."""
    kinds = (
        tiny_kind(Dice(90), "dice"),
        tiny_kind(Seeping(threshold=-1, noise=4, bits=9), "leaky", inlet_bits=(12, 13)),
        tiny_kind(Adder(5, bits=8), "adder", slots=7),
    )
    # At a post the weight grows whenever the last arrival was: so a post must not come twice.
    rule = SumOfProducts(
        w_min=-6,
        w_max=25,
        w_rule=((0.5, ("y0",)), (2, ("y0", "x1", "y2")), (-3, ("x0", "y1")), (-1, ("x0", "tag"))),
        tag_rule=((1, ("y0", "x2")),),
        tau_x1=9,
        tau_x2=4,
        tau_y1=7,
        tau_y2=12,
        tag_max=4,
        tau_tag=8,
    )
    return tiny_chip(
        kinds,
        ECP5,
        axons=24,
        runs=22,
        synapses=45,
        weight_bits=0,
        family_weight_bits=7,
        elects=True,
        branches=1,
        learner=_learner(rule, kinds[1], 4, 2),
    )


def drawing() -> Chip:
    """Return two kinds, and a rule that draws random words at every event, of two words each."""
    kinds = (
        tiny_kind(Seeping(threshold=-1, bits=9), "leaky"),
        tiny_kind(Adder(5, bits=8), "adder", slots=7),
    )
    rule = DerivativeSTDP(
        w_max=25, bits=6, a_plus=3, a_minus=2, drift=0.5, keep=0.8, tau_plus=4, rounding="random"
    )
    learner = _learner(rule, kinds[1], 4, 4)
    return tiny_chip(kinds, ECP5, axons=14, runs=16, synapses=40, learner=learner)


def distant() -> Chip:
    """Return one kind, and a rule that looks at delays at both events."""
    kind = tiny_kind(Adder(5, bits=8), "adder", slots=8)
    products = ((0.05, ("y0", "d")), (-0.03, ("x0", "d")), (1, ("x0", "y1")))
    learner = _learner(SumOfProducts(w_max=30, w_rule=products, tau_y1=6), kind, 4, 4)
    return tiny_chip((kind,), axons=12, runs=16, synapses=40, learner=learner)


def rewarded() -> Chip:
    """Return one kind, and a rule with a tag and a trace of rewards, at which it learns."""
    kind = tiny_kind(Adder(5, bits=8), "adder", slots=8)
    rule = SumOfProducts(
        w_min=-6,
        w_max=25,
        w_rule=((0.5, ("r0", "tag")), (1, ("y0", "x1", "r1")), (-1, ("x0", "y1", "r1"))),
        tag_rule=((1, ("y0", "x1")),),
        tau_x1=9,
        tau_y1=7,
        tau_r1=6,
        tag_max=4,
    )
    return tiny_chip((kind,), axons=12, runs=16, synapses=40, learner=_learner(rule, kind, 4, 4))


def praised() -> Chip:
    """Return one kind, and a rule whose synapses learn at rewards as much as they are."""
    kind = tiny_kind(Adder(5, bits=8), "adder", slots=8)
    rule = MSTDPET(w_min=-20, w_max=25, a_plus=0.5, a_minus=0.25, tau_e=20)
    return tiny_chip((kind,), axons=12, runs=16, synapses=40, learner=_learner(rule, kind, 4, 4))


def normed() -> Chip:
    """Return two kinds, and a rule that looks at rewards and has a norm."""
    kinds = (
        tiny_kind(Seeping(threshold=-1, bits=9), "leaky", inlet_bits=(10, 13)),
        tiny_kind(Adder(5, bits=8), "adder", slots=7),
    )
    rule = ModulatedSTDP(w_min=-20, w_max=25, a_plus=2, a_minus=1, norm=60, every=5)
    learner = _learner(rule, kinds[1], 2, 6)
    return tiny_chip(kinds, axons=14, runs=16, synapses=40, learner=learner)


def divided() -> Chip:
    """Return one kind, and two rules: of pairs, and with a variable, epochs and random words."""
    kind = tiny_kind(Adder(5, bits=8), "adder", slots=8)
    pairs = PairSTDP(pairs="nearest", w_max=30, a_plus=6, a_minus=5, tau_plus=6)
    late = DerivativeSTDP(w_max=7, bits=9, a_plus=2, a_minus=1, tau_plus=5, rounding="random")
    learner = as_one([_learner(pairs, kind, 4, 4), _learner(late, kind, 4, 4)])
    return tiny_chip((kind,), axons=12, runs=16, synapses=40, learner=learner)


def slow() -> Chip:
    """Return two kinds with gap junctions, and a rule with a variable and epochs.

    Its memories are cut into columns, as its blocks are small.
    """
    kinds = (
        tiny_kind(Seeping(threshold=-1, bits=9), "leaky", inlet_bits=(10, 13)),
        tiny_kind(Adder(5, bits=8), "adder", slots=7),
    )
    rule = DerivativeSTDP(w_max=25, a_plus=3, a_minus=2, drift=0.5)
    learner = _learner(rule, kinds[1], 8, 6)
    return tiny_chip(
        kinds,
        replace(GENERIC, modes=((16, 7), (32, 1))),
        axons=14,
        runs=16,
        synapses=40,
        junctions=3,
        junction_factor_bits=20,
        junction_offset_bits=34,
        learner=learner,
    )
