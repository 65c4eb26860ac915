"""hdl.export --wrapper: ports, addresses, and what other tools say of it."""

import os
import re
import shutil

import pytest

from golden.command.processes import finished
from golden.dense.interface import Region
from golden.training.recipe import recipe
from hdl import export
from hdl.wrappers.addresses import OWN, WordAddresses
from sim.targets.target import missing
from tests.hdl.test_export import SHEET_PORT, STYLE, ports
from tests.shared.commands import contents, refused

AT = WordAddresses(recipe("tiny", "stdp").params)


@pytest.fixture(scope="module", params=list(export.WRAPPERS))
def exported(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("exported") / f"{request.param}.v"
    assert export.main(["--preset", "tiny", "--wrapper", request.param, "--out", str(path)]) == 0
    return path


# By hand


def test_ports_of_the_sheet_are_those_of_the_module(exported):
    text = exported.read_text()
    sheet = {port: (way, int(bits)) for way, port, bits in SHEET_PORT.findall(text)}
    assert sheet == ports(text)
    address = sheet["s_axil_awaddr" if exported.stem == "axi" else "wb_adr"][1]
    assert address == AT.bits + 2 * (exported.stem == "axi")
    assert f"--wrapper {exported.stem}\n" in text
    assert "probe" not in text


def test_addresses_of_the_sheet_are_those_that_are_served(exported):
    found = re.findall(r"^//   (0x[0-9a-f]{8})  (\w+) +(\d+)$", exported.read_text(), re.MULTILINE)
    said = {name: (int(first, 16), int(n)) for first, name, n in found}
    shift = 2 * (exported.stem == "axi")
    for region in Region:
        assert said.pop(region.name.lower()) == (AT.place(region, 0) << shift, AT.sizes[region])
    own = {"pixels": 0, "start": 1, "result": 2, "status": 3} if exported.stem != "axi" else {}
    assert said == {name: (AT.place(OWN, index), 1) for name, index in own.items()}


# Other tools


@pytest.mark.skipif(bool(missing("verilator")), reason=missing("verilator"))
def test_verilator_has_nothing_to_warn_of(exported):
    from sim.targets.verilator import environment as verilator_environment

    environment = os.environ | verilator_environment()
    verilator = shutil.which("verilator", path=environment["PATH"])
    words = [str(verilator), "--lint-only", "-Wall", *STYLE, "--top-module", "goldspike"]
    told = finished([*words, str(exported)], env=environment)
    assert (told.returncode, told.stderr) == (0, "")


# Refusals


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("--wrapper axi --probe", "--wrapper must be without --probe"),
        ("--wrapper axi --folder {}/x --probe", "--wrapper must be without --probe"),
        (
            "--wrapper axi --network cuba",
            "--wrapper must be of the dense core, not with --network",
        ),
        (
            "--wrapper wishbone --set height=300 --set width=300",
            "an image must have at most 65535 pixels here, not 90000",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(words, text, tmp_path, capsys):
    given = words.replace("{}", str(tmp_path)).split()
    assert refused(capsys, export.main(given)) == f"error: {text}"
    assert contents(tmp_path) == {}
