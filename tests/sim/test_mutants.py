# pyright: reportAttributeAccessIssue=false
"""Random faults: drawn alike whenever, woken one by one, kept as they are judged, and told."""

import csv
import fcntl
import os
import time

import pytest
from amaranth.hdl import Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from sim import mutants
from sim.battery.networks import NETWORKS
from sim.mutation import campaign
from sim.mutation.beds import CORE, CoreBed
from sim.mutation.flat import Place
from sim.mutation.netlist import SELECTOR, Mutant, drawn
from tests.command.test_processes import MARK, wait_until_gone
from tests.shared.commands import ROOT, python


class Sum(wiring.Component):
    """Adds the low four bits of its input to a register of four."""

    def __init__(self):
        super().__init__({"i": In(8), "o": Out(4)})

    def elaborate(self, platform):
        m = Module()
        m.d.sync += self.o.eq(self.o + (self.i & 0x0F))
        return m


N = 12
OPTIONS = ["--part", "core", "--bed", "ties", "--size", str(N), "--lives", "1", "--jobs", "1"]
OPTIONS += ["--goal", "0"]


def n_known(journal):
    """Return how many answers there are in a journal."""
    return max(0, journal.read_bytes().count(b"\n") - 1) if journal.exists() else 0


@pytest.fixture(scope="module")
def sums():
    return drawn(Sum(), 40, 1)


@pytest.fixture(scope="module")
def bed():
    return CoreBed.made(CORE, "ties", N, 1, n_lives=1)


# By hand


def test_mutant_tells_what_it_is():
    mutant = Mutant(3, Place("dense/wta", 7), "$flatten\\core.\\wta.$5", "A", 2, "cnot1", 4)
    assert mutant.text == "cnot1 by bit 4 at A[2] of core.wta.$5"
    assert mutant.command() == (
        "mutate -mode cnot1 -module core -cell $flatten\\core.\\wta.$5 -port A "
        f"-portbit 2 -ctrlbit 4 -ctrl {SELECTOR} 16 3\n"
    )


# Refusals


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (("--size", "0"), "--size must be 1 to 65535, not 0"),
        (("--seed", "-1"), "--seed must be 0 to"),
        (("--lives", "-1"), "--lives must be at least 0, not -1"),
        (("--jobs", "0"), "--jobs must be at least 1, not 0"),
        (("--goal", "101"), "--goal must be 0 to 100, not 101"),
        (("--bed", "ties"), "--bed must be one of --part's, not 'ties' of None"),
        (("--part", "link", "--bed", "ties"), "--bed must be one of --part's, not 'ties' of link"),
    ],
)
def test_impossible_options_are_refused(options, text, capsys):
    assert mutants.main(list(options)) == 2
    assert text in capsys.readouterr().err


# Equality


def test_same_seed_draws_the_same_and_another_does_not(sums):
    assert drawn(Sum(), 40, 1) == sums
    assert drawn(Sum(), 40, 2).mutants != sums.mutants


def test_true_core_lives_as_predicted(bed):
    assert bed.difference(0) is None


def test_most_mutants_are_caught_where_the_record_differs(bed):
    found = {m: bed.difference(m.number) for m in bed.netlist.mutants}
    caught = [told for told in found.values() if told]
    assert len(caught) >= len(found) / 2
    assert all(play in bed.plays and text for play, _, text in caught)


def test_every_mutant_has_a_place(bed):
    assert len(bed.netlist.mutants) == N
    assert all(mutant.place.module.count("/") for mutant in bed.netlist.mutants)


def test_what_a_killed_run_knew_is_not_done_again(bed, monkeypatch, tmp_path):
    journal, whole, resumed = (tmp_path / name for name in ("journal", "whole.csv", "resumed.csv"))
    own = os.environ | {MARK: str(tmp_path), "PYTHONPATH": str(ROOT)}
    with python("-m", "sim.mutants", *OPTIONS, "--resume", str(journal), env=own) as process:
        while n_known(journal) < 4:
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
        process.wait()
        wait_until_gone(str(tmp_path))
    with journal.open("rb") as held:
        # A process that ends lets go of its files after it is to be seen no more.
        fcntl.flock(held, fcntl.LOCK_EX)
    known = journal.read_bytes()
    known = known[: known.rindex(b"\n") + 1]
    n_answers = known.count(b"\n") - 1
    journal.write_bytes(known + b'[["core", "fo')  # as if cut in the middle of a line
    monkeypatch.setattr(campaign, "made", lambda part, name, *order: bed)
    monkeypatch.setattr(campaign, "equivalent", lambda netlist, numbers, runs: set())
    assert mutants.main([*OPTIONS, "--resume", str(journal), "--csv", str(resumed)]) == 0
    assert journal.read_bytes().startswith(known)
    assert n_answers < n_known(journal) == 1 + N + 1  # the true design's, and what is equivalent
    assert mutants.main([*OPTIONS, "--csv", str(whole)]) == 0
    assert resumed.read_text() == whole.read_text()


def test_command_tells_and_writes_the_score(bed, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(campaign, "made", lambda part, name, *order: bed)
    monkeypatch.setattr(campaign, "equivalent", lambda netlist, numbers, runs: set(numbers[:1]))
    path = tmp_path / "mutants.csv"
    assert mutants.main([*OPTIONS, "--csv", str(path)]) == 0
    rows = list(csv.DictReader(path.read_text().splitlines()))
    n_equivalent = sum(row["outcome"] == "equivalent" for row in rows)
    n_caught = sum(row["outcome"] == "caught" for row in rows)
    assert len(rows) == N
    told = f"core: score {n_caught}/{N - n_equivalent} = "
    assert told in capsys.readouterr().out


def test_beds_are_the_whole_battery():
    assert campaign.BEDS[CORE] == tuple(NETWORKS)
