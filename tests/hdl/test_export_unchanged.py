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
    ("icebreaker", "stdp"): "7178e16b0aed6778",
    ("icebreaker", "rstdp"): "ca6b7a8eba2a2616",
    ("hx8k", "rstdp"): "9afeaacb488c7261",
    ("mnist100", "stdp"): "5d643821382ccc94",
    ("tiny", "stdp"): "88efdcb945e343b4",
}


@pytest.mark.parametrize(("preset", "rule"), RECORDED, ids=map("-".join, RECORDED))
def test_verilog_is_the_same_to_the_byte(preset, rule):
    built = envelope(p for _, p in recipe(preset, rule).schedule(60_000))
    text = emit(Core(built), "goldspike")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == RECORDED[preset, rule]


def test_verilog_of_the_line_is_the_same_to_the_byte():
    built = envelope(p for _, p in recipe("tiny", "rstdp").schedule(60_000))
    text = emit(DenseTop(built, "tiny", 8), "top")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "801e356c83d68717"
