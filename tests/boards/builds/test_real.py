"""A bitstream by the real tools: a small core on the iCEBreaker, from the preset to the bytes."""

import json

from boards import build
from boards.tools import speed


def test_small_core_becomes_a_bitstream_that_meets_its_clock(tmp_path, monkeypatch):
    monkeypatch.delenv("GOLDSPIKE_DATA", raising=False)
    monkeypatch.setattr(speed, "LEARNED", 20)
    monkeypatch.setattr(speed, "ASKED", 10)
    words = ["icebreaker", "--preset", "tiny", "--rule", "stdp", "--seeds", "1"]
    assert build.main([*words, "--out", str(tmp_path)]) == 0
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["fmax_mhz"] >= report["clock_mhz"] == 32.25
    assert (report["memories"], report["dsps"]) == (8, 2)
    assert report["bitstream"]["bytes"] == (tmp_path / "icebreaker.bin").stat().st_size
