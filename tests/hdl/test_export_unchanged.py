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
    ("icebreaker", "stdp"): "1ab607ee94a86be8",
    ("icebreaker", "rstdp"): "3436c8984a7d25f7",
    ("hx8k", "rstdp"): "53aaf506a2923744",
    ("mnist100", "stdp"): "1c54ddff203f1f0a",
    ("tiny", "stdp"): "ce1982bcc338b6ce",
}


@pytest.mark.parametrize(("preset", "rule"), RECORDED, ids=map("-".join, RECORDED))
def test_verilog_is_the_same_to_the_byte(preset, rule):
    built = envelope(p for _, p in recipe(preset, rule).schedule(60_000))
    text = emit(Core(built), "goldspike")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == RECORDED[preset, rule]


def test_verilog_of_the_line_is_the_same_to_the_byte():
    built = envelope(p for _, p in recipe("tiny", "rstdp").schedule(60_000))
    text = emit(DenseTop(built, "tiny", 8), "top")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "7532d1fe11c28dd0"
