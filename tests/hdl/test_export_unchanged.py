# amaranth: UnusedElaboratable=no
"""While rooms are moved: the exported Verilog is the same to the byte.

A change that means to change gates, or their hierarchy, records new hashes.
"""

import hashlib

import pytest

from golden.training.recipe import recipe
from hdl.dense.core import Core
from hdl.dense.registers import envelope
from hdl.link.top import Top
from hdl.verilog import emit

RECORDED = {
    ("icebreaker", "stdp"): "0d2d97b90769084d",
    ("icebreaker", "rstdp"): "54a65ac56d655afe",
    ("hx8k", "rstdp"): "e27511f61eb64e83",
    ("mnist100", "stdp"): "b4d5683db51cd710",
    ("tiny", "stdp"): "ca81cd9a907f6458",
}


@pytest.mark.parametrize(("preset", "rule"), RECORDED, ids="-".join)
def test_verilog_is_the_same_to_the_byte(preset, rule):
    built = envelope(p for _, p in recipe(preset, rule).schedule(60_000))
    text = emit(Core(built), "goldspike")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == RECORDED[preset, rule]


def test_verilog_of_the_line_is_the_same_to_the_byte():
    built = envelope(p for _, p in recipe("tiny", "rstdp").schedule(60_000))
    text = emit(Top(built, "tiny", 8), "top")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "7970ac2200c75d36"
