"""golden.classify: label, spikes and votes of image files, and every refusal."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from golden import classify, report, train
from golden.dense import core
from golden.training.model_file import load, save
from tests.shared.commands import idx_folder, picture


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """Return a model that knows bright left (0) from bright right (1)."""
    folder = tmp_path_factory.mktemp("model")
    words = ["--dataset", str(idx_folder(folder / "halves")), "--preset", "tiny"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "write_report", lambda *_: None)
        assert train.main([*words, "--epochs", "20", "--out", str(folder)]) == 0
    return folder / "model.npz"


def answers(capsys, *words):
    """Classify with --json; return the objects."""
    assert classify.main([*map(str, words), "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def refused(capsys, *words):
    """Return the one line of an error, which is all that was written."""
    try:
        status = classify.main([*map(str, words)])
    except SystemExit as end:
        status = end.code
    assert status == 2
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    return line


def changed(model, path, **changes):
    """Write a model file that differs, with a right checksum."""
    save(path, load(model)._replace(**changes))
    return path


# By hand


@pytest.mark.parametrize("size", [(8, 8), (4, 4), (64, 64), (30, 500), (1, 1), (2, 1)])
def test_image_of_any_size_is_answered(model, tmp_path, capsys, size):
    (found,) = answers(capsys, model, picture(tmp_path / "a.png", size))
    assert found["label"] == (None if size == (1, 1) else "0")


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1"])
def test_colour_becomes_grey(model, tmp_path, capsys, mode):
    (found,) = answers(capsys, model, picture(tmp_path / "a.png", mode=mode))
    assert found["label"] == "0"


def test_invert_turns_ink_round(model, tmp_path, capsys):
    picture(tmp_path / "a.png")
    left, right = (
        answers(capsys, model, tmp_path / "a.png", *words)[0] for words in ((), ("--invert",))
    )
    assert (left["label"], right["label"]) == ("0", "1")


def test_answer_is_that_of_the_step_model(model, tmp_path, capsys):
    picture(tmp_path / "a.png", (4, 4))
    (found,) = answers(capsys, model, tmp_path / "a.png")
    network = load(model)
    pixels = np.asarray(Image.open(tmp_path / "a.png")).astype(np.int64).ravel()
    presentation, _ = core.present(network.params, network.state, pixels)
    assert [spike["neuron"] for spike in found["spikes"]] == list(presentation.spikes)
    assert (found["events"], found["steps"]) == (presentation.n_events, len(presentation.steps))
    assert found["votes"][found["label"]] == max(found["votes"].values())


def test_lines_for_people_name_label_and_spikes(model, tmp_path, capsys):
    images = [picture(tmp_path / name) for name in ("a.png", "[b].png")]
    assert classify.main([str(model), *map(str, images)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{images[0]}: 0  spikes: ")
    assert "(0) in step" in first
    assert second.startswith(f"{images[1]}: 0  spikes: ")


def test_nobody_spiking_is_no_label(model, tmp_path, capsys):
    p = load(model).params
    silent = replace(p, force_spike=False, v_th=p.v.max)
    path = changed(model, tmp_path / "silent.npz", params=silent)
    (found,) = answers(capsys, path, picture(tmp_path / "a.png"))
    assert (found["label"], found["spikes"]) == (None, [])
    assert classify.main([str(path), str(tmp_path / "a.png")]) == 0
    assert capsys.readouterr().out == f"{tmp_path}/a.png: no label, nobody spiked\n"


def test_an_image_without_an_event_is_nothing_seen(model, tmp_path, capsys):
    (found,) = answers(capsys, model, picture(tmp_path / "a.png", (1, 1)))
    assert found == {
        "image": f"{tmp_path}/a.png",
        "label": None,
        "spikes": [],
        "votes": {"0": 0, "1": 0},
        "events": 0,
        "steps": load(model).params.n_steps,
    }
    assert classify.main([str(model), str(tmp_path / "a.png")]) == 0
    assert capsys.readouterr().out == f"{tmp_path}/a.png: nothing seen\n"


def test_a_neuron_that_never_won_has_no_class_and_no_vote(model, tmp_path, capsys):
    network = load(model)
    (found,) = answers(capsys, model, picture(tmp_path / "a.png"))
    votes = network.votes.copy()
    votes[:, [spike["neuron"] for spike in found["spikes"]]] = network.params.vote.max
    path = changed(model, tmp_path / "m.npz", votes=votes)
    (found,) = answers(capsys, path, tmp_path / "a.png")
    assert (found["label"], found["votes"]) == (None, {"0": 0, "1": 0})
    assert {spike["class"] for spike in found["spikes"]} == {None}
    assert classify.main([str(path), str(tmp_path / "a.png")]) == 0
    line = capsys.readouterr().out
    assert line.startswith(f"{tmp_path}/a.png: no label, only neurons that never won  spikes: ")
    assert "(never won) in step" in line


def bar(path, at):
    """Write dark ink on white paper: a bar 2 wide and 6 high, at a place from the left."""
    image = Image.new("L", (16, 16), 255)
    image.paste(0, (at, 5, at + 2, 11))
    image.save(path)
    return path


def test_images_come_to_the_network_in_the_form_that_the_model_says(model, tmp_path, capsys):
    about = load(model).about
    assert about["form"] == "as-is"
    path = changed(model, tmp_path / "m.npz", about=about | {"form": "fill"})
    left, right = (bar(tmp_path / f"{at}.png", at) for at in (1, 13))
    centred = [answers(capsys, path, image)[0] for image in (left, right)]
    assert centred[0]["events"]
    assert {**centred[0], "image": ""} == {**centred[1], "image": ""}
    asis = [
        answers(capsys, path, image, "--form", "as-is", "--invert")[0] for image in (left, right)
    ]
    assert [found["label"] for found in asis] == ["0", "1"]


def test_a_model_that_says_no_form_is_of_images_as_they_were(model, tmp_path, capsys):
    about = {name: value for name, value in load(model).about.items() if name != "form"}
    path = changed(model, tmp_path / "m.npz", about=about)
    left = bar(tmp_path / "a.png", 1)
    old, new = (answers(capsys, path, left, *words) for words in ((), ("--form", "as-is")))
    assert old == new


def test_pixels_of_0_to_1_are_stretched_and_it_is_said(model, tmp_path, capsys):
    image = np.zeros((8, 8), np.uint8)
    image[:, :4] = 1
    Image.fromarray(image).save(tmp_path / "a.png")
    assert classify.main([str(model), str(tmp_path / "a.png")]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"{tmp_path}/a.png: 0  spikes: ")
    assert err == f"note: {tmp_path}/a.png: pixels span 0 to 1, and are taken as 0 to 255\n"


# Refusals


@pytest.mark.parametrize("form", ["round", None, ["mnist"]], ids=["unknown", "null", "list"])
def test_a_model_of_an_unknown_form_is_refused(model, tmp_path, capsys, form):
    path = changed(model, tmp_path / "m.npz", about=load(model).about | {"form": form})
    line = refused(capsys, path, picture(tmp_path / "a.png"))
    assert line == (
        f"error: form in {path} must be one of mnist, emnist, fill, as-is, not {form!r}"
    )


def test_wrong_image_prints_nothing_even_after_good_ones(model, tmp_path, capsys):
    (tmp_path / "text.png").write_text("not an image")
    line = refused(capsys, model, picture(tmp_path / "a.png"), tmp_path / "text.png")
    assert line.startswith(f"error: {tmp_path}/text.png must be an image")


@pytest.mark.parametrize("name", ["missing.png", "."], ids=["missing", "folder"])
def test_image_that_cannot_be_read_is_refused(model, tmp_path, capsys, name):
    assert "must be a readable image" in refused(capsys, model, tmp_path / name)


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"class_names": None},
        {"class_names": ["0"]},
        {"class_names": ["0", "1", "2"]},
        {"class_names": [0, 1]},
    ],
    ids=["none", "null", "few", "many", "numbers"],
)
def test_model_without_the_names_of_its_classes_is_refused(model, tmp_path, capsys, about):
    path = changed(model, tmp_path / "m.npz", about=about)
    line = refused(capsys, path, picture(tmp_path / "a.png"))
    assert line == f"error: {path} must be a trained model with 2 named classes"


def test_neuron_of_a_class_without_a_name_is_refused(model, tmp_path, capsys):
    network = load(model)
    p = replace(network.params, n_classes=3)
    votes = np.zeros((p.vote_spikes, p.n_neurons, 3), dtype=np.int64)
    changes = {"params": p, "votes": votes, "about": {"class_names": ["a", "b", "c"]}}
    path = changed(model, tmp_path / "m.npz", **changes)
    assert classify.main([str(path), str(picture(tmp_path / "a.png"))]) == 0
    capsys.readouterr()
    changed(path, path, classes=np.full_like(network.classes, 3))
    line = refused(capsys, path, tmp_path / "a.png")
    damage = "every class must be 0 to 2, not 3"
    assert line == f"error: {path} must be an intact Goldspike model file: {damage}"


@pytest.mark.parametrize(
    "damage",
    [lambda data: b"", lambda data: data[:-100], lambda data: b"PK\3\4" + bytes(99), bytes.upper],
    ids=["empty", "truncated", "garbage", "altered"],
)
def test_damaged_model_is_refused(model, tmp_path, capsys, damage):
    path = tmp_path / "m.npz"
    path.write_bytes(damage(model.read_bytes()))
    assert f"{path} must be a" in refused(capsys, path, picture(tmp_path / "a.png"))


def test_missing_model_is_refused(tmp_path, capsys):
    assert "no.npz" in refused(capsys, tmp_path / "no.npz", picture(tmp_path / "a.png"))


def test_a_folder_as_the_model_is_refused(tmp_path, capsys):
    line = refused(capsys, tmp_path, picture(tmp_path / "a.png"))
    assert (
        line == f"error: {tmp_path} must be a model file, as {tmp_path / 'model.npz'}, not a folder"
    )


def test_image_must_be_given(model, capsys):
    line = refused(capsys, model)
    assert line == (
        "error: the following arguments are required: IMAGE (see python -m golden.classify --help)"
    )
