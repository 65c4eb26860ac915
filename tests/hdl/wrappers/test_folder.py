# amaranth: UnusedElaboratable=no
"""hdl.export --folder --wrapper: the test bench goes through the wrapper's ports."""

import re
import shutil

import pytest

from golden.command.processes import finished
from hdl import export
from sim.targets.target import missing
from tests.hdl.test_export import ports

FILES = ("goldspike.v", "goldspike_tb.v")
MARKS = {"axi": "s_axil_awaddr", "wishbone": "wb_adr", "wishbone-pipelined": "wb_stall"}
"""A port that no other core has."""
WRONG = {
    "axi": ("s_axil_bresp === 2'b00", "s_axil_bresp === 2'b10"),
    "wishbone": ("{good & fine, told", "{~good, told"),
    "wishbone-pipelined": ("{good & fine, told", "{~good, told"),
}
"""What an answer of the wrapper must be, and another."""
pytestmark = pytest.mark.skipif(bool(missing("icarus")), reason=missing("icarus"))


@pytest.fixture(scope="module", params=MARKS)
def handed(request, tmp_path_factory):
    """Return a wrapper's name and its folder; three pixels are left over after words of four."""
    out = tmp_path_factory.mktemp(request.param) / "handed"
    size = ("--set", "height=3", "--set", "width=5")
    words = ["--preset", "tiny", "--rule", "rstdp", *size, "--images", "2"]
    assert export.main([*words, "--wrapper", request.param, "--folder", str(out)]) == 0
    return request.param, out


def run(folder, *options):
    """Run the test bench; return its exit status and last line."""
    told = finished(["iverilog", "-g2012", *options, "-o", "tb", *FILES], cwd=folder)
    assert told.returncode == 0, told.stderr
    told = finished(["vvp", "-n", "tb"], cwd=folder)
    (verdict,) = (line for line in told.stdout.splitlines() if line.startswith(("PASS", "FAIL")))
    return told.returncode, verdict


def spoiled(folder, copy, name, old, new):
    """Return a copy of a folder with the first of a text in a file changed."""
    shutil.copytree(folder, copy)
    text, n = re.subn(old, new, (copy / name).read_text(), count=1)
    assert n == 1
    (copy / name).write_text(text)
    return copy


def test_the_wrapper_is_what_is_handed_over(handed):
    name, folder = handed
    core = (folder / "goldspike.core").read_text()
    assert "    filesets: [core]\n    toplevel: goldspike\n" in core
    assert MARKS[name] in ports((folder / "goldspike.v").read_text())
    assert f".{MARKS[name]}({MARKS[name]})" in (folder / "goldspike_template.v").read_text()


@pytest.mark.parametrize("options", [("-DWHOLE",), ('-DGOLDSPIKE_WEIGHTS="weights.mem"',)])
def test_bench_passes(handed, options):
    status, verdict = run(handed[1], *options)
    assert (status, verdict[:5]) == (0, "PASS:"), verdict
    assert "4 images" in verdict


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("images.mem", r"(// image 3\n)[0-9a-f ]+\n", r"\g<1>" + "ff " * 15),
        ("presentations.mem", r"(\n[0-9a-f]*)(?!7)[0-9a-f]\n", r"\g<1>7\n"),
        ("bus_reads.mem", r"\n[0-9a-f]", "\n8"),
        ("goldspike_tb.v", "PLACE_BITS = ", "PLACE_BITS = 1 + "),
    ],
    ids=["image", "presentation", "read", "address"],
)
def test_bench_fails_for_another(handed, tmp_path, name, old, new):
    status, verdict = run(spoiled(handed[1], tmp_path / "copy", name, old, new))
    assert (status, verdict[:5]) == (1, "FAIL:")


def test_bench_fails_if_an_answer_is_another(handed, tmp_path):
    old, new = WRONG[handed[0]]
    status, verdict = run(
        spoiled(handed[1], tmp_path / "copy", "goldspike_tb.v", re.escape(old), new)
    )
    assert (status, verdict[:5]) == (1, "FAIL:")
