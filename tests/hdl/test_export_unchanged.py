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
    ("icebreaker", "stdp"): "8019c6c04c958d0e",
    ("icebreaker", "rstdp"): "e4d7a4a27fb17c7c",
    ("hx8k", "rstdp"): "a5019a2236e51b9a",
    ("mnist100", "stdp"): "4e3e96ab188c56a6",
    ("tiny", "stdp"): "df4a8bfc09980ea1",
}


@pytest.mark.parametrize(("preset", "rule"), RECORDED, ids=map("-".join, RECORDED))
def test_verilog_is_the_same_to_the_byte(preset, rule):
    built = envelope(p for _, p in recipe(preset, rule).schedule(60_000))
    text = emit(Core(built), "goldspike")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == RECORDED[preset, rule]


def test_verilog_of_the_line_is_the_same_to_the_byte():
    built = envelope(p for _, p in recipe("tiny", "rstdp").schedule(60_000))
    text = emit(DenseTop(built, "tiny", 8), "top")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "27fc18b880bf3cc8"
