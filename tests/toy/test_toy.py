# amaranth: UnusedElaboratable=no
"""The door for a second core: a toy goes through all that is shared, which knows no core."""

import ast
import random
import re
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest

from boards.host.info import DeviceError
from boards.host.simulated import SimPort, compiled
from boards.parts.board import board
from hdl.link.protocol import Op
from sim.device.line import escaped, request
from sim.jobs.job import Stalls, compared
from sim.records.comparison import Comparison
from sim.targets.library import QUICK, library
from sim.targets.serial import DRIVER, Serial
from sim.targets.target import open_target
from sim.traffic.dialogue import Dialogue, Disagreement
from sim.traffic.noise import DIVISOR
from tests.boards.bad_line import BadLine
from tests.toy.core import ToyCore
from tests.toy.host import ToyDriver, toy_device
from tests.toy.interface import RUN, Phase, ToyParams, ToyRegion
from tests.toy.job import ToyFigures, ToyJob
from tests.toy.model import ToyModel
from tests.toy.service import ToyTop

P = ToyParams()
TAPE = bytes((3, 141, 59, 26, 53, 58))
BOARD = board("icebreaker")


class Wrong(ToyCore):
    """Forgets the gain where the byte is odd."""

    def folded(self, turned, byte, gain):
        """Return the next sum."""
        return (turned ^ byte) + (gain & ~byte[0].replicate(16))


def folded(tape: bytes, gain: int) -> int:
    """Return the sum after one folding."""
    model = ToyModel(P)
    model.words = {ToyRegion.REGISTERS: [gain, 0], ToyRegion.TAPE: list(tape)}
    return model.fold(len(tape))[-1]


# By hand


def test_folding_by_hand():
    model = ToyModel(ToyParams(2))
    model.words = {ToyRegion.REGISTERS: [5, 0x8001], ToyRegion.TAPE: [0xF0, 1]}
    # 8001h turned is 3; 3 ^ F0h = F3h, and 5; twice that is 1F0h, ^ 1, and 5.
    assert model.fold(2) == [0xF8, 0x1F6]


# Lock-step


def lock_step(simulator: str, core=ToyCore, share: float = 0.3) -> Comparison[ToyFigures]:
    job = ToyJob(P, 1, core)
    return compared(job, Stalls(share, 2), simulator, partial(open_target, simulator))


@pytest.mark.parametrize("share", [0.0, 0.4])
@pytest.mark.parametrize("simulator", ["pysim", "cxxrtl", "icarus"])
def test_every_cycle_is_as_the_model_says(simulator, share):
    found = lock_step(simulator, share=share)
    assert found.mismatch is None
    assert found.cycles > 600
    assert found.figures.phases == set(Phase)
    assert len(set(found.figures.sums)) > 20


@pytest.mark.parametrize("simulator", ["pysim", "cxxrtl"])
def test_a_fault_is_noticed_and_told(simulator, tmp_path):
    found = lock_step(simulator, Wrong)
    assert found.mismatch
    assert found.mismatch.field == "sum"
    *_, before, _ = found.events_before()
    assert "FOLD, step" in before
    assert "folding byte=" in before
    found.write_waves(tmp_path / "waves.vcd")
    assert "expected" in (tmp_path / "waves.vcd").read_text()


# The link


@pytest.fixture(scope="module")
def line():
    made = Serial(library(ToyTop(P, "toy", DIVISOR), DRIVER), DIVISOR)
    yield made
    made.close()


def frames(source: random.Random) -> list[tuple[int, bytes]]:
    """Return requests of all kinds, good ones and bad ones, in random order."""
    gain, index, count = source.randbytes(2), source.randrange(P.length + 2), source.randrange(9)
    return source.sample(
        [
            (Op.WRITE, bytes((ToyRegion.REGISTERS, 0, 0, 0)) + gain),
            (Op.WRITE, bytes((ToyRegion.TAPE, index, 0, 0)) + source.randbytes(2)),
            (Op.READ, bytes((ToyRegion.TAPE, 0, 0, 0, index))),
            (Op.READ, bytes((ToyRegion.REGISTERS, 0, 0, 0, 2))),
            (Op.READ, bytes((2, 0, 0, 0, source.randrange(5)))),
            (Op.READ, bytes((source.randrange(3, 9), 0, 0, 0, 1))),
            (RUN, bytes((count,))),
            (RUN, bytes((count, count))),
            (RUN, bytes((P.length,))),
            (RUN + 1, b""),
            (Op.STATUS, source.randbytes(4)),
            (Op.HELLO, source.randbytes(4)),
            (Op.RESET, b"RESET"),
            (Op.RESET, b"reset"),
        ],
        k=14,
    )


def talk(line: Serial, seed: int) -> Dialogue:
    source, device = random.Random(seed), toy_device(P, "toy")
    dialogue = Dialogue(line, device, source)
    dialogue.exchange([b"\xc0", escaped(request(0, Op.HELLO, b"1234"))])
    dialogue.exchange([escaped(request(0, Op.RESET, b"RESET"))])
    dialogue.exchange([escaped(request(1, Op.WRITE, bytes((ToyRegion.TAPE, 0, 0, 0)) + TAPE))])
    for _ in range(12):
        for op, payload in frames(source):
            expected = device.requests.expected
            dialogue.exchange([escaped(request(expected, op, payload))])
    return dialogue


def test_the_device_on_the_line_is_the_one_in_python(line):
    dialogue = talk(line, 3)
    assert dialogue.replies.keys() == {0, 5, 6, 7, 8}
    assert dialogue.device.requests.counters["folded"] > 0


def test_a_fault_behind_the_line_is_noticed(monkeypatch):
    monkeypatch.setattr("tests.toy.service.ToyCore", Wrong)
    line = Serial(library(ToyTop(P, "toy", DIVISOR), DRIVER), DIVISOR)
    with pytest.raises(Disagreement, match="^answer in cycle "):
        talk(line, 3)
    line.close()


# The driver


def opened(kind: str):
    """Return a port: the simulated top level, or the device in Python at a bad line."""
    if kind == "python":
        return BadLine(toy_device(P, "toy"), 1, 0.002, 0.05)
    return SimPort(BOARD, compiled(ToyTop(P, "toy", BOARD.divisor), QUICK))


@pytest.mark.parametrize("kind", ["gates", "python"])
def test_the_driver_loads_runs_and_reads_back(kind):
    with ToyDriver(opened(kind), P, "toy") as device:
        device.reset()
        device.load(TAPE, 7)
        assert device.transfer([(0, ToyRegion.TAPE, i, 0) for i in range(6)]).tolist() == [*TAPE]
        assert device.transfer([(0, ToyRegion.REGISTERS, i, 0) for i in range(2)]).tolist() == [
            7,
            0,
        ]
        if kind == "gates":
            # On a bad line an answer may be lost.
            assert device.fold(6) == folded(TAPE, 7)
            assert device.counters() == {"folded": 6, "bad_frames": 0, "overflows": 0}
            with pytest.raises(
                DeviceError, match="^the device must accept 20h, not answer BAD_VALUE"
            ):
                device.fold(7)


def test_another_toy_is_refused():
    with pytest.raises(DeviceError, match="^the device must be build "):
        ToyDriver(opened("python"), ToyParams(5), "toy").__enter__()


# No edit in any shared room


SHARED = (
    "golden/cycles",
    "golden/numbers",
    "hdl/numbers",
    "hdl/parts",
    "hdl/link",
    "sim/targets",
    "sim/records",
)
ROOT = Path(__file__).parents[2]


def imported(path: Path) -> set[str]:
    """Return the modules that a file imports."""
    nodes = ast.walk(ast.parse(path.read_text()))
    return {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("room", SHARED)
def test_what_is_shared_knows_no_core(room):
    files = (ROOT / room).glob("*.py")
    found = [(path.name, name) for path in files for name in imported(path) if "dense" in name]
    assert found == []


# docs/second-core.md


def rows() -> list[list[str]]:
    """Return the rows of the page's table, each a list of cells."""
    page = (ROOT / "docs/second-core.md").read_text()
    table = [line for line in page.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0][:40])
def test_both_cores_bring_what_the_page_says(row):
    brings, names, _, *files = row
    for cell in files:
        path = cell.strip("`")
        module = import_module(path.removesuffix(".py").replace("/", "."))
        assert all(hasattr(module, name) for name in re.findall(r"`(\w+)`", names)), path
        for base in re.findall(r"`((?:hdl|sim|boards)[\w.]+\.[A-Z]\w+)`", brings):
            room, _, name = base.rpartition(".")
            kind = getattr(import_module(room), name)
            classes = [found for found in vars(module).values() if isinstance(found, type)]
            assert any(issubclass(found, kind) and found is not kind for found in classes), path
