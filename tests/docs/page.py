"""docs/changing-the-rule.md as data: its patches, its commands, copies of the sources."""

import re
import shutil
import sys
from pathlib import Path

from golden.command.processes import finished

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/changing-the-rule.md").read_text()
PATCH = re.compile(r"<!-- patch: (\w+) -->\n```diff\n(.*?)```", re.DOTALL)
STAGE = re.compile(
    r"<!-- stage: ([\w ]+) -->\n```\n\$ (.*?) \| grep -E '(.*?)'\n(.*?)```", re.DOTALL
)
PATCHES = dict(PATCH.findall(TEXT))
STAGES = {stage: rest for stage, *rest in STAGE.findall(TEXT)}


def copy(folder: Path) -> Path:
    """Copy the sources into a folder."""
    for package in ("golden", "hdl", "sim"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    return folder


def apply(folder, diff):
    """Apply a unified diff as `patch -p1` does, and no less strictly than at its line numbers."""
    header, *hunks = re.split(r"^@@ -(\d+).*\n", diff, flags=re.MULTILINE)
    named = re.fullmatch(r"--- a/(.*)\n\+\+\+ b/\1\n", header)
    assert named, header
    path = folder / named[1]
    old = path.read_text().splitlines(keepends=True)
    new, at = [], 0
    for number, hunk in zip(hunks[::2], hunks[1::2], strict=True):
        begin = int(number) - 1
        before = [line[1:] for line in hunk.splitlines(keepends=True) if line[0] in " -"]
        after = [line[1:] for line in hunk.splitlines(keepends=True) if line[0] in " +"]
        assert old[begin : begin + len(before)] == before, f"{path.name}: {number}"
        new += old[at:begin] + after
        at = begin + len(before)
    path.write_text("".join(new + old[at:]))


def judged(folder, command, wanted):
    """Run a command of the page in a copy of the sources; return the lines that grep would."""
    words = command.split()
    assert words[0] == "python"
    done = finished([sys.executable, *words[1:]], cwd=folder)
    assert done.stderr == ""
    lines = [line for line in done.stdout.splitlines() if re.search(wanted, line)]
    return done.returncode, "\n".join(lines) + "\n"
