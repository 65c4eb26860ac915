"""`python -m sim.epoch`: the hardware learns from a data set, block after block."""

import csv

import pytest

from golden.dense import program
from sim import epoch

SMALL = ("--preset", "tiny", "--dataset", "digits", "--block", "4")


def rows(folder):
    with (folder / "epoch.csv").open() as file:
        return list(csv.DictReader(file))


def test_first_images_on_the_icebreaker_core(tmp_path, capsys):
    arguments = ["--preset", "icebreaker", "--dataset", "digits", "--images", "30"]
    assert epoch.main([*arguments, "--block", "15", "--out", str(tmp_path / "a")]) == 0
    assert [row["images"] for row in rows(tmp_path / "a")] == ["15", "30"]
    assert rows(tmp_path / "a")[-1]["state_sha256"] in capsys.readouterr().out


def test_an_interrupted_run_goes_on_to_the_same_end(tmp_path):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert epoch.main([*SMALL, "--images", "12", "--out", str(whole)]) == 0
    assert epoch.main([*SMALL, "--images", "8", "--out", str(parts)]) == 0
    assert epoch.main([*SMALL, "--images", "12", "--out", str(parts), "--resume"]) == 0
    hashes = [[row["state_sha256"] for row in rows(folder)] for folder in (whole, parts)]
    assert hashes[0] == hashes[1]
    assert len(set(hashes[0])) == 3


@pytest.mark.parametrize("wrong", ["network", "cycles"])
def test_a_difference_ends_the_run(tmp_path, monkeypatch, capsys, wrong):
    learn = epoch.Learner.learn

    def changed(self, images, labels):
        record = learn(self, images, labels)
        if wrong == "cycles":
            record.counts[0, -1] += 1
        return record

    monkeypatch.setattr(epoch.Learner, "learn", changed)
    if wrong == "network":
        monkeypatch.setattr(program, "read", lambda *asked: _spoiled(READ(*asked)))
    assert epoch.main([*SMALL, "--images", "4", "--out", str(tmp_path / "a")]) == 1
    assert not (tmp_path / "a/epoch.npz").exists()
    said = {"network": "the network", "cycles": "did not end in cycle"}
    assert said[wrong] in capsys.readouterr().out


READ = program.read


def _spoiled(state):
    w = state.w.copy()
    w[0, 0] ^= 1
    return state._replace(w=w)


def test_resume_refuses_another_run_and_damage(tmp_path, capsys):
    folder = tmp_path / "a"
    assert epoch.main([*SMALL, "--images", "4", "--out", str(folder)]) == 0
    again = [*SMALL, "--images", "8", "--out", str(folder), "--resume"]
    assert epoch.main([*again, "--seed", "2"]) == 2
    path = folder / "epoch.npz"
    assert f"error: seed must be 1 as in {path}, not 2\n" in capsys.readouterr().err
    path.write_bytes(path.read_bytes()[:-100])
    assert epoch.main(again) == 2
    assert f"{path} must be an intact Goldspike model file" in capsys.readouterr().err


def test_resume_refuses_a_core_of_other_cycles(tmp_path, capsys):
    run = [*SMALL, "--images", "4", "--out", str(tmp_path)]
    assert epoch.main(run) == 0
    assert epoch.main([*run, "--resume", "--set", "step_bits=9"]) == 2
    assert "error: core must be '" in capsys.readouterr().err


def test_images_must_be_there(capsys):
    assert epoch.main([*SMALL, "--images", "100000"]) == 2
    assert "--images must be 1 to" in capsys.readouterr().err
