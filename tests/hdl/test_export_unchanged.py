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
    ("icebreaker", "stdp"): "9777a88374e985ef",
    ("icebreaker", "rstdp"): "c2bb26f7f3434a8a",
    ("hx8k", "rstdp"): "e2b1bf897edfeb2c",
    ("mnist100", "stdp"): "7e184f32abd140a8",
    ("tiny", "stdp"): "b60191dd6e577270",
}


@pytest.mark.parametrize(("preset", "rule"), RECORDED, ids="-".join)
def test_verilog_is_the_same_to_the_byte(preset, rule):
    built = envelope(p for _, p in recipe(preset, rule).schedule(60_000))
    text = emit(Core(built), "goldspike")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == RECORDED[preset, rule]


def test_verilog_of_the_line_is_the_same_to_the_byte():
    built = envelope(p for _, p in recipe("tiny", "rstdp").schedule(60_000))
    text = emit(DenseTop(built, "tiny", 8), "top")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "e064fee02a374561"
