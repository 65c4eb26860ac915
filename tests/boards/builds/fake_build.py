"""boards.build with tools that only say what real ones have said."""

import json
from dataclasses import replace

from boards import build
from boards.parts.board import BOARDS
from boards.tools import speed
from golden.command.console import OUT
from tests.boards.builds.fake_tools import environment

WORDS = ("hx8k", "--preset", "tiny", "--rule", "stdp", "--seeds", "3")


def put(monkeypatch):
    """Put fake tools in place."""
    for name, value in environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("GOLDSPIKE_DATA", raising=False)
    monkeypatch.setattr(speed, "LEARNED", 20)
    monkeypatch.setattr(speed, "ASKED", 10)
    monkeypatch.setattr(OUT, "_width", 120)
    fixed = {"clock_hz": 81_000_000, "route": "", "seeds": 3}
    monkeypatch.setitem(BOARDS, "hx8k", replace(BOARDS["hx8k"], **fixed))


def built(folder, *words):
    """Build into a folder; return the exit status and the report."""
    status = build.main([*WORDS, "--out", str(folder), *words])
    return status, json.loads((folder / "report.json").read_text())


def failures(capsys):
    return capsys.readouterr().err.splitlines()
