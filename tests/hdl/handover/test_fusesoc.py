# amaranth: UnusedElaboratable=no
"""hdl.export --folder: FuseSoC runs the test bench, and gives the core to what depends on it.

All with the core's own ports, and with those of every wrapper.
"""

import os
import re
import shutil
import sys

import pytest

from golden.command.processes import finished
from hdl import export
from sim.targets.target import missing
from sim.targets.verilator import environment as verilator_environment

FUSESOC = (sys.executable, "-m", "fusesoc.main", "--monochrome", "--cores-root")
USER = """\
CAPI=2:
name: ::user:0
filesets:
  rtl:
    files: [user.v: {file_type: verilogSource}]
    depend: [goldspike]
targets:
  default:
    filesets: [rtl]
    toplevel: user
    flow: sim
    flow_options: {tool: icarus}
    parameters: [GOLDSPIKE_WEIGHTS]
parameters:
  GOLDSPIKE_WEIGHTS: {datatype: str, paramtype: vlogdefine, default: '"weights.mem"'}
"""
"""A design that has the core as a part."""
QUOTED = re.compile(r'"(weights\.mem)"')
INSTANCE = """\
module user;
  goldspike core ();
  initial #1 $display("first: %%h", core.%ssynapse.memory.words[0]);
endmodule
"""
pytestmark = pytest.mark.skipif(bool(missing("icarus")), reason=missing("icarus"))


@pytest.fixture(scope="module", params=["none", *export.WRAPPERS])
def handed(request, tmp_path_factory):
    out = tmp_path_factory.mktemp("made") / "handed"
    words = ["--preset", "tiny", "--images", "2", "--folder", str(out)]
    words += [] if request.param == "none" else ["--wrapper", request.param]
    assert export.main(words) == 0
    return out


@pytest.fixture
def fusesoc(tmp_path):
    """Return a call of ``fusesoc run`` in an empty folder, which knows the cores of a folder."""
    environment = os.environ | verilator_environment()
    environment |= {
        f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("CONFIG", "CACHE", "DATA")
    }

    def run(cores, *words):
        return finished([*FUSESOC, str(cores), "run", *words], cwd=tmp_path, env=environment)

    return run


def written(told):
    """Return how many words of the model the test bench writes."""
    return next(line for line in told.stdout.splitlines() if "words written in" in line).split()[0]


# By hand


def test_it_runs_the_test_bench(handed, fusesoc):
    ready, over_bus, whole = (
        fusesoc(handed, "--target", target, "goldspike", *words)
        for target, *words in (("sim",), ("sim_bus",), ("sim", "--WHOLE"))
    )
    for told in (ready, over_bus, whole):
        assert told.returncode == 0, told.stderr
        assert "\nPASS: " in told.stdout
    weights = [line for line in (handed / "weights.mem").read_text().splitlines() if line[0] != "/"]
    assert int(written(over_bus)) - int(written(ready)) >= len(weights)
    assert written(whole) == written(ready)


@pytest.mark.parametrize(("target", "name"), [("sim", "weights"), ("sim_bus", "bus_writes")])
def test_one_corrupted_weight_fails(target, name, handed, fusesoc, tmp_path):
    bad = shutil.copytree(handed, tmp_path / "bad")
    text = (bad / f"{name}.mem").read_text()
    # In the list: of a request for a weight of the first axon, whose region is 1.
    digit = (
        "(?<=^0000000)[0-9a-f](?=0000003$)" if name == "bus_writes" else "^[0-9a-f](?=[0-9a-f]$)"
    )
    digits = re.compile(digit, re.MULTILINE)
    spoilt, n = digits.subn(lambda found: f"{int(found[0], 16) ^ 4:x}", text, count=1)
    assert n == 1
    (bad / f"{name}.mem").write_text(spoilt)
    told = fusesoc(bad, "--target", target, "goldspike")
    assert told.returncode == 1
    assert "\nFAIL: 1 of " in told.stdout


def test_a_design_that_depends_on_it_gets_the_core_and_its_weights(handed, fusesoc, tmp_path):
    cores = tmp_path / "cores"
    shutil.copytree(handed, cores / "handed")
    (cores / "user.core").write_text(USER)
    is_bare = "--wrapper" not in (handed / "goldspike.v").read_text()
    (cores / "user.v").write_text(INSTANCE % ("" if is_bare else "core."))
    told = fusesoc(cores, "user")
    assert told.returncode == 0, told.stderr
    first = (handed / "weights.mem").read_text().splitlines()[1]
    assert f"\nfirst: {first}\n" in told.stdout
    kept = tmp_path / "build" / "user_0" / "default" / "src" / "goldspike_0"
    assert sorted(path.name for path in kept.iterdir()) == ["goldspike.v", "weights.mem"]


@pytest.mark.skipif(bool(missing("verilator")), reason=missing("verilator"))
def test_verilator_lints_the_core_and_refuses_a_broken_one(handed, fusesoc, tmp_path):
    told = fusesoc(handed, "--target", "lint", "goldspike")
    assert told.returncode == 0, told.stderr
    assert "%Warning" not in told.stderr
    bad = shutil.copytree(handed, tmp_path / "bad")
    text = (bad / "goldspike.v").read_text()
    (bad / "goldspike.v").write_text(text.replace("input rst;", "", 1))
    assert fusesoc(bad, "--target", "lint", "goldspike").returncode == 1


@pytest.mark.skipif(bool(missing("verilator")), reason=missing("verilator"))
def test_a_design_under_verilator_escapes_the_quotes(handed, fusesoc, tmp_path):
    cores = tmp_path / "cores"
    shutil.copytree(handed, cores / "handed")
    core = USER.replace("flow: sim", "flow: lint").replace("icarus", "verilator")
    (cores / "user.core").write_text(QUOTED.sub(r'\\"\1\\"', core))
    template = (handed / "goldspike_template.v").read_text()
    (cores / "user.v").write_text(f"module user;\n{template}endmodule\n")
    told = fusesoc(cores, "user")
    assert told.returncode == 0, told.stderr
