"""Lists of parameters on the pages are those that follow from the declarations."""

import pytest

from golden.dense.declaration import ParameterKind, Unit, declarations
from golden.dense.params import Params
from tests.docs.page import ROOT

DECLARED = declarations(Params).items()
LISTS = {
    "shifts": (
        "docs/hardware.md",
        ("and every shift (`", "`)"),
        {n for n, each in DECLARED if each.unit is Unit.BITS and n.endswith("_shift")},
    ),
    "host": (
        "docs/hardware.md",
        ("All other parameters are registers, but `", "`"),
        {n for n, each in DECLARED if each.kind is ParameterKind.HOST},
    ),
    "off": ("docs/hardware.md", ("is left out: `", "`;"), {n for n, each in DECLARED if each.off}),
    "weight-steps": (
        "docs/training.md",
        ("the magnitude rounded down: `", "`,"),
        {n for n, each in DECLARED if each.unit is Unit.WEIGHT},
    ),
    "theta-steps": (
        "docs/training.md",
        ("in `theta`'s own unit, `", "`"),
        {"rise", *(n for n, each in DECLARED if each.unit is Unit.THETA)},
    ),
    "gains": (
        "docs/training.md",
        ("says `soft_bounds = false`, `", "`"),
        {n for n, each in DECLARED if each.unit is Unit.GAINS},
    ),
}


@pytest.mark.parametrize(("name", "marks", "expected"), LISTS.values(), ids=LISTS)
def test_list_of_a_page(name, marks, expected):
    before, after = marks
    listed = (ROOT / name).read_text().split(before)[1].split(after)[0].split()
    assert sorted(listed) == sorted(expected)
