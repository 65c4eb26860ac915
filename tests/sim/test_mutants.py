# pyright: reportAttributeAccessIssue=false
"""Random faults: drawn alike whenever, woken one by one, judged by a solver, and told."""

import csv

import pytest
from amaranth.hdl import Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from sim import mutants
from sim.battery.networks import NETWORKS
from sim.mutation import campaign
from sim.mutation.beds import CORE, CoreBed
from sim.mutation.equivalence import equivalent
from sim.mutation.flat import Place
from sim.mutation.netlist import SELECTOR, Mutant, drawn


class Sum(wiring.Component):
    """Adds the low four bits of its input to a register of four."""

    def __init__(self):
        super().__init__({"i": In(8), "o": Out(4)})

    def elaborate(self, platform):
        m = Module()
        m.d.sync += self.o.eq(self.o + (self.i & 0x0F))
        return m


@pytest.fixture(scope="module")
def sums():
    return drawn(Sum(), 40, 1)


@pytest.fixture(scope="module")
def bed():
    return CoreBed.made("ties", 12, 1, n_lives=1)


# By hand


def test_mutant_tells_what_it_is():
    mutant = Mutant(3, Place("dense/wta", 7), "$flatten\\core.\\wta.$5", "A", 2, "cnot1", 4)
    assert mutant.text == "cnot1 by bit 4 at A[2] of core.wta.$5"
    assert mutant.command() == (
        "mutate -mode cnot1 -module core -cell $flatten\\core.\\wta.$5 -port A "
        f"-portbit 2 -ctrlbit 4 -ctrl {SELECTOR} 16 3\n"
    )


def test_mutants_of_bits_that_nobody_reads_are_equivalent_and_no_others(sums):
    # The register has four bits, and the sum that it takes them from has more.
    same = equivalent(sums, [mutant.number for mutant in sums.mutants])
    assert same == {mutant.number for mutant in sums.mutants if mutant.bit > 3}
    assert 0 < len(same) < len(sums.mutants)


# Refusals


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (("--size", "0"), "--size must be 1 to 65535, not 0"),
        (("--seed", "-1"), "--seed must be 0 to"),
        (("--lives", "-1"), "--lives must be at least 0, not -1"),
        (("--jobs", "0"), "--jobs must be at least 1, not 0"),
        (("--goal", "101"), "--goal must be 0 to 100, not 101"),
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
    assert len(bed.netlist.mutants) == 12
    assert all(mutant.place.module.count("/") for mutant in bed.netlist.mutants)


def test_command_tells_and_writes_the_score(bed, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(campaign, "made", lambda part, name, *order: bed)
    monkeypatch.setitem(campaign.BEDS, CORE, ("ties",))
    path = tmp_path / "mutants.csv"
    options = ["--part", "core", "--size", "12", "--goal", "0", "--jobs", "1", "--csv", str(path)]
    assert mutants.main(options) == 0
    rows = list(csv.DictReader(path.read_text().splitlines()))
    n_equivalent = sum(row["outcome"] == "equivalent" for row in rows)
    n_caught = sum(row["outcome"] == "caught" for row in rows)
    assert len(rows) == 12
    told = f"core: score {n_caught}/{12 - n_equivalent} = "
    assert told in capsys.readouterr().out


def test_beds_are_the_whole_battery():
    assert campaign.BEDS[CORE] == tuple(NETWORKS)
