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
    ("icebreaker", "stdp"): "508b09a0dc31c983",
    ("icebreaker", "rstdp"): "36ac28709f1d09dc",
    ("hx8k", "rstdp"): "76744a8fa03b182c",
    ("mnist100", "stdp"): "59a1e41f5729aaf8",
    ("tiny", "stdp"): "3ebab17637c33e68",
}


@pytest.mark.parametrize(("preset", "rule"), RECORDED, ids=map("-".join, RECORDED))
def test_verilog_is_the_same_to_the_byte(preset, rule):
    built = envelope(p for _, p in recipe(preset, rule).schedule(60_000))
    text = emit(Core(built), "goldspike")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == RECORDED[preset, rule]


def test_verilog_of_the_line_is_the_same_to_the_byte():
    built = envelope(p for _, p in recipe("tiny", "rstdp").schedule(60_000))
    text = emit(DenseTop(built, "tiny", 8), "top")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "e08fb0a97b7f3d6d"
