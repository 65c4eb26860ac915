# amaranth: UnusedElaboratable=no
"""While rooms are moved: the exported Verilog is the same to the byte.

A change that means to change gates, or their hierarchy, records new hashes.
"""

import hashlib

import pytest

from golden.dense.registers import envelope
from golden.training.recipe import recipe
from hdl.dense.core import Core
from hdl.link.dense.top import DenseTop
from hdl.verilog import emit

RECORDED = {
    ("icebreaker", "stdp"): "f08c99b43a6695a4",
    ("icebreaker", "rstdp"): "1ff0bcd938b8f97e",
    ("hx8k", "rstdp"): "1e6594fab2f4c1bc",
    ("mnist100", "stdp"): "a58dbb8f4f7f7394",
    ("tiny", "stdp"): "be1b9bba89266f03",
}


@pytest.mark.parametrize(("preset", "rule"), RECORDED, ids="-".join)
def test_verilog_is_the_same_to_the_byte(preset, rule):
    built = envelope(p for _, p in recipe(preset, rule).schedule(60_000))
    text = emit(Core(built), "goldspike")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == RECORDED[preset, rule]


def test_verilog_of_the_line_is_the_same_to_the_byte():
    built = envelope(p for _, p in recipe("tiny", "rstdp").schedule(60_000))
    text = emit(DenseTop(built, "tiny", 8), "top")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "9093f82bfd6e02c8"
