"""The README's network runs, and prints what the README says."""

import re
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def test_the_network_prints_what_the_page_says(tmp_path, monkeypatch, capsys):
    blocks = re.findall(r"^```(python|text)\n(.*?)^```$", README.read_text(), re.M | re.S)
    (code,) = (text for kind, text in blocks if kind == "python")
    (said,) = (text for kind, text in blocks if kind == "text")
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out == said
    assert (tmp_path / "network.png").stat().st_size > 10_000
