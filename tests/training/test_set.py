"""--set: every parameter by its name, in all phases, and the commands that have it."""

import argparse
import re
from dataclasses import replace

import pytest

from golden.command.entry import commands
from golden.command.frame import Parser
from golden.training.options import KINDS, Choice, add_set_option, chosen_recipe
from sim import lockstep
from tests.house.sources import ROOT
from tests.shared.commands import refused

PLAIN = Choice("mnist", None, None, "mnist400", "stdp", None, None, None, ())
OTHERS = {
    "encoder": "latency",
    "receptive_field": "surround",
    "a_plus": "flat(3,4)",
    "a_late": "flat(3,4)",
    "reward": "class",
}
"""Values of what is no number that may be one more or less."""


UPWARDS = {"w_max": -1, "step_bits": -1}
"""Numbers that one more is not allowed of."""


def changed(name, text):
    """Return the recipe with one change."""
    return chosen_recipe(replace(PLAIN, changes=(f"{name}={text}",)))


@pytest.mark.parametrize("name", sorted(set(KINDS) - {"n_classes"}))
def test_parameter_is_changed_in_all_phases(name):
    plain = chosen_recipe(PLAIN)
    if name in ("epochs", "shift"):
        assert getattr(changed(name, "7"), name) == 7 != getattr(plain, name)
        return
    before = getattr(plain.params, name)
    if name in OTHERS:
        made = changed(name, OTHERS[name])
    elif KINDS[name] is bool:
        made = changed(name, str(not before).lower())
    else:
        made = changed(name, str(before + UPWARDS.get(name, 1)))
    values = [getattr(p, name) for p in (made.params, *(p for _, p in made.schedule(60000)))]
    assert set(values) == {values[0]} != {before}


def test_classes_are_the_data_sets():
    with pytest.raises(ValueError, match=r"^n_classes must be what the data set has, not set$"):
        changed("n_classes", "3")


def helps(parser):
    """Yield the help of every --set of a parser and its subcommands."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for part in action.choices.values():
                yield from helps(part)
        elif "--set" in action.option_strings:
            yield action.help


def test_page_names_the_commands_that_change_any_parameter():
    ours = Parser("x", None)
    add_set_option(ours)
    [whole] = helps(ours)
    having = set()
    for each in commands().values():
        parser = Parser("x", None)
        each.load().add_options(parser)
        if whole in helps(parser):
            having.add(each.module)
    part = (ROOT / "README.md").read_text().split("<!-- set -->")[1]
    told = re.findall(r"`((?:golden|sim|boards|hdl)\.\w+)", part.partition("`boards.build`")[0])
    assert sorted(told) == sorted(having)


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("--set leak_shift=4", "--set"),
        ("--preset tiny", "--preset"),
        ("--weight-bits 3", "--weight-bits"),
    ],
)
def test_option_of_a_recipe_beside_a_model_is_refused_and_not_passed_over(capsys, words, option):
    line = refused(capsys, lockstep.main(["--model", "model.npz", *words.split()]))
    assert line == f"error: {option} must be of a core to begin with, not with --model"
