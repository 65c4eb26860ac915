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
    ("icebreaker", "stdp"): "79982250cfd6375a",
    ("icebreaker", "rstdp"): "edeeaacec10d37ca",
    ("hx8k", "rstdp"): "a8d96c788818e358",
    ("mnist100", "stdp"): "c3eab6a9fff6b3ba",
    ("tiny", "stdp"): "4765a54544a36924",
}


@pytest.mark.parametrize(("preset", "rule"), RECORDED, ids=map("-".join, RECORDED))
def test_verilog_is_the_same_to_the_byte(preset, rule):
    built = envelope(p for _, p in recipe(preset, rule).schedule(60_000))
    text = emit(Core(built), "goldspike")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == RECORDED[preset, rule]


def test_verilog_of_the_line_is_the_same_to_the_byte():
    built = envelope(p for _, p in recipe("tiny", "rstdp").schedule(60_000))
    text = emit(DenseTop(built, "tiny", 8), "top")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "fef91633deb57ec8"
