# amaranth: UnusedElaboratable=no
"""hdl.export --folder: its test bench passes under Icarus, and fails for one wrong weight."""

import re

import numpy as np
import pytest

from golden import train
from golden.command.processes import finished
from golden.datasets import load_dataset
from golden.dense import program
from golden.dense.engine import Learner
from golden.dense.interface import MemoryMap
from golden.training import model_file
from hdl import export
from hdl.handover.package import loadable
from sim.targets.target import missing
from tests.shared.commands import contents, refused

LOADED = '-DGOLDSPIKE_WEIGHTS="weights.mem"'
CASES = {
    "stdp": ("--preset", "tiny"),
    "rstdp-odd-lanes": ("--preset", "tiny", "--rule", "rstdp", "--neurons", "10"),
}
icarus = pytest.mark.skipif(bool(missing("icarus")), reason=missing("icarus"))


@pytest.fixture(scope="module", params=CASES)
def made(request, tmp_path_factory):
    """Return a model that has learned, and the folder made of it."""
    folder = tmp_path_factory.mktemp("made")
    model, words = folder / "run" / "model.npz", CASES[request.param]
    assert train.main([*words, "--epochs", "1", "--out", str(model.parent)]) == 0
    out = folder / "handed"
    assert export.main(["--model", str(model), "--images", "4", "--folder", str(out)]) == 0
    return model_file.load(model), out


def run(folder, *options, changed=None):
    """Run the test bench, with a file changed; return its exit status and last line."""
    names = ("goldspike.v", "goldspike_tb.v")
    told = finished(["iverilog", "-g2012", *options, "-o", "tb", *names], cwd=folder)
    assert told.returncode == 0, told.stderr
    kept = {name: (folder / name).read_text() for name in changed or {}}
    try:
        for name, text in (changed or {}).items():
            (folder / name).write_text(text)
        told = finished(["vvp", "-n", "tb"], cwd=folder)
    finally:
        for name, text in kept.items():
            (folder / name).write_text(text)
    verdicts = [line for line in told.stdout.splitlines() if line.startswith(("PASS", "FAIL"))]
    return told.returncode, verdicts


def numbers(folder, name):
    """Return the words of a file for $readmemh."""
    lines = (folder / f"{name}.mem").read_text().splitlines()
    return [int(word, 16) for line in lines if not line.startswith("//") for word in line.split()]


# By hand


@icarus
@pytest.mark.parametrize("options", [(), (LOADED,), ("-DWHOLE",)], ids=["bus", "file", "whole"])
def test_bench_passes(made, options):
    model, folder = made
    status, (verdict,) = run(folder, *options)
    assert (status, verdict[:5]) == (0, "PASS:")
    n_weights = model.state.w.size
    assert n_weights < len(numbers(folder, "bus_reads"))
    assert verdict.endswith(
        f"8 images and {len(numbers(folder, 'bus_reads'))} words read are golden's"
    )


@icarus
def test_bench_fails_for_one_corrupted_weight_of_the_list(made):
    _, folder = made
    lines = (folder / "bus_writes.mem").read_text().splitlines()
    # A weight of the first axon: the request's region is 1, and it is none of the votes behind.
    at = next(i for i, line in enumerate(lines) if re.fullmatch(r"0000000[0-9a-f]0000003", line))
    lines[at] = f"{int(lines[at], 16) ^ 4 << 28:015x}"
    status, (verdict,) = run(folder, changed={"bus_writes.mem": "\n".join(lines)})
    assert (status, verdict[:5]) == (1, "FAIL:")


@icarus
def test_bench_fails_for_one_corrupted_weight_of_the_memory(made):
    _, folder = made
    lines = (folder / "weights.mem").read_text().splitlines()
    lines[1] = f"{int(lines[1], 16) ^ 4:0{len(lines[1])}x}"
    status, (verdict,) = run(folder, LOADED, changed={"weights.mem": "\n".join(lines)})
    assert (status, verdict[:5]) == (1, "FAIL:")


@icarus
@pytest.mark.parametrize("place", [0, 24], ids=["spikes-or-label", "cycles"])
def test_bench_fails_for_another_result(made, place):
    _, folder = made
    lines = (folder / "presentations.mem").read_text().splitlines()
    lines[1] = f"{int(lines[1], 16) ^ 1 << max(place, 12):0{len(lines[1])}x}"
    status, (verdict,) = run(folder, changed={"presentations.mem": "\n".join(lines)})
    assert (status, verdict[:7]) == (1, "FAIL: 1")


@icarus
@pytest.mark.parametrize("name", ["bus_writes", "images", "presentations", "bus_reads"])
def test_bench_fails_without_its_files(made, name):
    _, folder = made
    status, (verdict,) = run(folder, changed={f"{name}.mem": ""})
    assert status == 1
    assert verdict == "FAIL: the files *.mem must be whole, and in the folder in which this runs"


@icarus
def test_bench_fails_if_nothing_moves(made):
    _, folder = made
    text = (folder / "goldspike.v").read_text()
    stuck = text.replace("always @(posedge clk)", "always @(negedge rst)")
    assert stuck != text
    (folder / "goldspike.v").write_text(stuck)
    try:
        status, (verdict,) = run(folder)
    finally:
        (folder / "goldspike.v").write_text(text)
    assert status == 1
    assert re.fullmatch(r"FAIL: for \d+ cycles nothing has moved", verdict)


# Equality


def test_memories_hold_the_model(made):
    model, folder = made
    p, at = model.params, MemoryMap(model.params)
    mask = (1 << p.weight_bits) - 1

    def lanes(name, width):
        words = numbers(folder, name)
        split = [
            [word >> i * width & ((1 << width) - 1) for i in range(p.n_lanes)] for word in words
        ]
        return np.array(split).reshape(-1, at.n_padded)[:, : p.n_neurons]

    rows = lanes("weights", p.weight_bits)
    assert np.array_equal(rows[: p.n_axons], model.state.w & mask)
    votes = at.join(rows[at.vote_row :].reshape(-1, at.vote_parts, p.n_neurons).swapaxes(0, 1), 16)
    assert np.array_equal(votes, np.moveaxis(model.votes, 1, 2).reshape(-1, p.n_neurons))
    assert np.array_equal(lanes("theta", p.theta.width)[0], model.state.theta)
    assert numbers(folder, "last") == model.state.last.tolist()
    assert numbers(folder, "table") == [*p.a_plus, *p.a_late]
    held = dict(zip(program.register_map(p), numbers(folder, "registers"), strict=True))
    assert held["lfsr"] == model.state.lfsr
    assert "presented" not in held
    assert held["v_th"] == p.v_th


def test_what_is_read_back_is_the_state_of_the_engine(made):
    model, folder = made
    p, words = model.params, numbers(folder, "bus_reads")
    found = {(word >> 1 & 7, word >> 4 & 0xFFFFFF): word >> 28 for word in words}
    answers = [found[read.region, read.index] for read in program.readback(p)]
    state = program.read(p, np.array(answers), model.state.presented + 4)
    images = np.array(numbers(folder, "images"), dtype=np.uint8).reshape(8, -1)
    given = [word >> 4 & 0xF for word in numbers(folder, "presentations")]
    learner = Learner(p, model.state, model.classes)
    learner.learn(images[4:], np.array(given[4:]))
    assert state.sha256() == learner.state.sha256()


def test_a_core_for_a_whole_recipe_takes_the_model(made, tmp_path):
    model, folder = made
    path, rule = folder.parent / "run" / "model.npz", model.about["rule"]
    words = ["--preset", "tiny", "--neurons", str(model.params.n_neurons), "--rule", rule]
    out = tmp_path / "handed"
    status = export.main([*words, "--model", str(path), "--images", "1", "--folder", str(out)])
    assert status == 0
    made_by = f"--model model.npz --preset tiny --rule {rule} --neurons {model.params.n_neurons}"
    assert f"// Made by: python -m hdl.export {made_by}\n" in (out / "goldspike.v").read_text()


def test_a_network_that_is_drawn_needs_no_model(tmp_path):
    out = tmp_path / "handed"
    assert export.main(["--preset", "tiny", "--images", "2", "--folder", str(out)]) == 0
    assert len({word & 0xFFF for word in numbers(out, "presentations")}) > 1


# Refusals


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("--images 0 --folder {}/x", "--images must be 1 to "),
        ("--images 5", "--images must be with --folder"),
        ("--dataset digits", "--dataset must be with --folder"),
        ("--folder {}/x --out {}/y", "--folder must be alone, not with --out or --probe"),
        ("--folder {}/x --probe", "--folder must be alone, not with --out or --probe"),
        ("--folder {}", "{} must be new or an empty folder, not one with files"),
        ("--folder {}/kept", "{}/kept must be new or an empty folder, not one with files"),
        ("--folder {}/no/x", "{}/no/x must be writable, not: No such file or directory"),
        ("--folder {}/x --dataset no", "dataset must be a folder or one of"),
        ("--folder {}/x --model {}/kept", "{}/kept must be an intact Goldspike model file"),
        ("--neurons 0", "n_neurons must be 1 to 65536, not 0"),
        ("--weight-bits 17", "weight_bits must be 1 to 16, not 17"),
        ("--network cuba --folder {}/x", "--folder must be of the dense core, not with --network"),
        ("--network cuba --neurons 3", "--neurons must be of the dense core, not with --network"),
    ],
)
def test_refusal_leaves_nothing_behind(words, text, tmp_path, capsys):
    (tmp_path / "kept").write_text("mine")
    before = contents(tmp_path)
    given = words.replace("{}", str(tmp_path)).split()
    if "--network" not in given:
        given += ["--preset", "tiny"]
    line = refused(capsys, export.main(given))
    assert line.startswith(f"error: {text.replace('{}', str(tmp_path))}")
    assert contents(tmp_path) == before


def test_more_images_than_there_are_is_refused(tmp_path, capsys):
    images = load_dataset("digits", None, (4, 4), None)
    most = min(len(images.test_images), len(images.train_images))
    words = ["--preset", "tiny", "--images", str(most + 1), "--folder", str(tmp_path / "x")]
    line = refused(capsys, export.main(words))
    assert line == f"error: --images must be 1 to {most}, not {most + 1}"
    assert contents(tmp_path) == {}


def test_link_to_an_empty_folder_stays(tmp_path):
    (tmp_path / "made").mkdir()
    (tmp_path / "x").symlink_to("made")
    words = ["--preset", "tiny", "--images", "1", "--folder", str(tmp_path / "x")]
    assert export.main(words) == 0
    assert (tmp_path / "x").is_symlink()
    assert (tmp_path / "made" / "goldspike.v").exists()


def test_model_of_another_core_is_refused(made, tmp_path, capsys):
    _, folder = made
    path = folder.parent / "run" / "model.npz"
    words = ["--preset", "tiny", "--neurons", "7", "--model", str(path)]
    line = refused(capsys, export.main([*words, "--folder", str(tmp_path / "x")]))
    assert line.startswith("error: n_neurons is fixed in hardware: it must be 7, not ")
    assert contents(tmp_path) == {}


def test_a_core_without_a_weight_memory_is_no_core_to_be_loaded():
    with pytest.raises(ValueError, match="^the core must have 1 weight memory, not 0$"):
        loadable("module goldspike(clk);\nendmodule\n")
