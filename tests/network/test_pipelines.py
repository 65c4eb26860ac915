"""Networks that are built for gates: programs of one pipeline, and a chip's pipelines imposed."""

from dataclasses import replace

import numpy as np
import pytest

from golden.builder import Network, load
from golden.builder.pipelines import WORST_ERROR
from golden.cells import LIF, AdEx, HodgkinHuxley, Izhikevich
from golden.cells.schedule import ECP5, UP5K
from golden.network.placement import Room, placed
from golden.network.placement.kinds import operations
from sim.battery.zoo import network as random_network


def two(**other) -> Network:
    """Return a network of two populations of one class; ``other`` are the second's parameters."""
    net = Network(dt="1/2 ms", seed=4)
    net.population(3, Izhikevich(), "a")
    net.population(2, Izhikevich(**{"a": 0.1, "d": 2, "c": -60, **other}), "b")
    return net


def programs(net: Network, **how):
    groups = net.build(**how).blueprint.groups
    return [group.program for group in groups if group.program]


def constants(program):
    return {c.name: (c.point, c.values.tolist()) for c in program.constants}


# By hand


def test_constants_of_one_pipeline_have_the_point_of_the_largest():
    """A is 0.02 x 1/2 ms and 0.1 x 1/2 ms: 0.01 with 16 - 1 bits of 0.05, which is below 2**-4."""
    first, second = programs(two(), fabric=UP5K)
    assert constants(first)["a"] == (19, round(0.01 * 2**19))
    assert constants(second)["a"] == (19, round(0.05 * 2**19))
    assert first.formats == second.formats
    assert operations(first) == operations(second)
    assert (first.operand_bits, second.operand_bits) == (16, 16)


def test_without_a_target_nothing_is_shared_and_nothing_changes():
    first, second = programs(two())
    assert constants(first)["a"] == (23, round(0.01 * 2**23))
    assert constants(second)["a"] == (21, round(0.05 * 2**21))
    assert constants(first) == constants(Izhikevich().program(0.5))


def test_the_report_says_who_shares_a_pipeline():
    assert str(two().build(fabric=ECP5)).splitlines()[-1] == "a + b: one pipeline"


def test_a_pipeline_is_not_shared_where_a_constant_would_be_lost():
    """16 bits for 0.05 leave 2**-21 for the half of a last place."""
    notes = str(two(a=1e-8).build(fabric=UP5K)).splitlines()
    assert notes[-1] == (
        "b: a pipeline of its own, cannot share that of a: a b must not round to 0: "
        "5e-10 is less than half of 5.96046e-08"
    )


def test_a_pipeline_is_not_shared_where_a_constant_would_be_far_off():
    net = two(a=0.000021)
    notes = str(net.build(fabric=UP5K)).splitlines()
    assert notes[-1] == (
        "b: a pipeline of its own, cannot share that of a: a b would be off by 2.18%"
    )
    for program in programs(net):
        assert max(c.error for c in program.constants) < WORST_ERROR


def test_what_is_built_for_gates_is_what_runs():
    net = two()
    usual = net.build().blueprint.sha256()
    built = net.build(fabric=UP5K).blueprint
    assert built.sha256() != usual
    net.run(steps=5, engine="golden")
    assert net.build().blueprint is built
    assert two().build().blueprint.sha256() == usual


def test_monitors_made_before_know_the_words_of_the_gates():
    """Gates of Hodgkin and Huxley's cell have as many bits as a factor."""
    net = Network(dt=1 / 32)
    gate = net.record(net.population(1, HodgkinHuxley(), "axon"), "m")
    usual = gate.scale.point
    net.build(fabric=UP5K)
    net.run(steps=2, engine="golden")
    assert (usual, gate.scale.point) == (17, 15)
    assert 0.04 < gate.values[0, 0] < 0.07


def test_engine_and_golden_agree_on_what_is_built_for_gates():
    found = []
    for engine in ("golden", "numba"):
        net = two()
        net.current(net.populations["a"], 12)
        net.current(net.populations["b"], 15)
        net.build(fabric=UP5K)
        net.run(steps=40, engine=engine)
        found.append((net.state.sha256(), net.state.spikes))
    assert found[0] == found[1]
    assert min(found[0][1]) > 0


def test_a_plan_for_gates_comes_back_from_its_file(tmp_path):
    plan = two().build(fabric=ECP5)
    plan.save(tmp_path / "net.npz")
    again = load(tmp_path / "net.npz").build()
    assert again.blueprint.sha256() == plan.blueprint.sha256()


def test_another_network_is_built_for_a_chip_that_there_is():
    chip = placed(two().build(fabric=ECP5).blueprint, grown=lambda n: 2 * n).chip
    net = Network(dt="1/2 ms")
    net.population(4, Izhikevich(a=np.linspace(0.03, 0.09, 4), d=5, c=-62), "c")
    with pytest.raises(ValueError, match="a must be one number for all neurons"):
        placed(net.build(chip=chip).blueprint, chip)
    net = Network(dt="1/2 ms")
    net.population(5, Izhikevich(a=0.03, d=5, c=-62), "c")
    plan = net.build(chip=chip)
    assert str(plan).splitlines()[-1] == "c: on a of the chip"
    assert placed(plan.blueprint, chip).chip is chip


def test_a_chip_with_room_takes_other_numbers_weights_and_currents():
    """Full factors: c up to +-2, so -112.5 to -12.5 mV; d with two bits more up to 50."""
    net = two()
    net.connect(net.populations["a"], net.populations["b"], weight=1)
    small = placed(net.build(fabric=ECP5, room=2).blueprint, room=Room(sums=4, levels=True)).chip
    other = Network(dt="1/2 ms")
    c = other.population(2, Izhikevich(a=0.04, b=-0.1, c=-20, d=40), "c")
    other.connect(c, c, weight=7)
    other.current(c, -3)
    placement = placed(other.build(chip=small).blueprint, replace(small, weight_bits=30))
    assert [tenant.kind for tenant in placement.placed] == [0]
    assert small.kinds[0].constants[-1] == "level at current"
    limits = small.kinds[0].program.formats
    assert limits["c"] == (16, -(1 << 17), (1 << 17) - 1)
    assert limits["d"] == (25, -(1 << 24), (1 << 24) - 1)


def test_a_network_is_built_anew_for_another_chip():
    """D is at most 25 of a hundred mV there: 2**23 at point 25; here half as much."""
    large, small = (placed(two(d=d).build(fabric=ECP5).blueprint).chip for d in (20, 2))
    net = Network(dt="1/2 ms")
    net.population(2, Izhikevich(d=5), "c")
    ranges = []
    for chip in (large, small):
        (program,) = programs(net, chip=chip)
        assert net.build(chip=chip) is net.build()
        ranges.append(program.formats["d"].high)
    assert ranges == [(1 << 23) - 1, (1 << 22) - 1]


# Refusals


def refused(cell, **current):
    chip = placed(two().build(fabric=ECP5).blueprint).chip
    net = Network(dt="1/2 ms")
    net.population(1, cell, "c")
    with pytest.raises(ValueError, match=r".") as refusal:
        net.build(chip=chip)
    return str(refusal.value)


def test_constants_that_do_not_fit_a_chip_are_refused_by_name():
    assert refused(Izhikevich(c=-20)) == (
        "c must fit the chip: on a c must be within -0.0625 to 0.0624847, not 0.850006"
    )
    assert refused(Izhikevich(a=1e-7)) == (
        "c must fit the chip: on a a b must not round to 0: 5e-09 is less than half of 5.96046e-08"
    )


def test_a_pipeline_of_another_step_is_refused_by_the_point_of_a_constant():
    assert refused(Izhikevich(substeps=2)) == (
        "c must fit the chip: on a peak must have its binary point at 16, not at 17"
    )


@pytest.mark.parametrize("cell", [AdEx(), LIF(), Izhikevich(overshoot=True)])
def test_cells_of_other_kinds_are_refused(cell):
    assert refused(cell) == "a chip must have a kind that does what c does, not only a"


def test_a_network_that_does_not_fit_a_chip_stays_as_it_was():
    chip = placed(two().build(fabric=ECP5).blueprint).chip
    net = Network(dt="1/2 ms")
    net.population(1, AdEx(), "c")
    usual = net.build().blueprint.sha256()
    with pytest.raises(ValueError, match="a chip must have a kind"):
        net.build(chip=chip)
    assert net.build().blueprint.sha256() == usual


def test_room_without_anything_to_build_for_is_refused():
    with pytest.raises(ValueError, match=r".") as refusal:
        two().build(room=2)
    assert str(refusal.value) == (
        "room must be for a fabric or a board that a network is built for"
    )


def test_a_network_that_has_run_stays_as_it_was_built():
    net = two()
    net.run(steps=1, engine="golden")
    with pytest.raises(
        ValueError, match="a network must be complete before it runs or is given a reward"
    ):
        net.build(fabric=UP5K)


# Equality


@pytest.mark.parametrize("seed", range(12))
def test_populations_of_one_pipeline_do_the_same_operations(seed):
    plan = random_network(seed, plastic=False).build(fabric=UP5K)
    chip = placed(plan.blueprint, fabric=UP5K).chip
    shared = [note.split(": ")[0].split(" + ") for note in plan.notes if "one pipeline" in note]
    by_name = {g.name: g.program for g in plan.blueprint.groups if g.program}
    for names in shared:
        kinds = {operations(by_name[name]) for name in names}
        assert len(kinds) == 1
    ours = sum(bool(kind.program.receptors) for kind in chip.kinds)
    assert ours == len(by_name) - sum(len(names) - 1 for names in shared)


def test_a_network_from_a_file_must_have_factors_that_the_target_has(tmp_path):
    two().build().save(tmp_path / "net.npz")
    net = load(tmp_path / "net.npz")
    assert net.build(fabric=ECP5).blueprint.sha256() == two().build().blueprint.sha256()
    with pytest.raises(ValueError, match=r".") as refusal:
        net.build(fabric=UP5K)
    assert str(refusal.value) == (
        "a network from a file must have factors of up to 16 bits for up5k, not 18: "
        "build it for up5k before it is saved"
    )
