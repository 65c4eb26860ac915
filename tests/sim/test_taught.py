"""What teachers say is told in advance: the engine alone then does the same."""

from golden.builder import Network, Periodic
from golden.network.engine.engine import Engine
from golden.network.placement import placed
from golden.network.rules import MSTDPET
from golden.network.state import NetworkState
from sim.battery.tiny import Adder
from sim.jobs.taught import told_in_advance

STEPS = 60


def taught() -> Network:
    """Return a cell that is praised whenever it spiked an odd number of times, and blamed else."""
    net = Network(dt=1)
    clock = net.input(2, Periodic([3, 7]), "clock")
    cell = net.population(1, Adder(threshold=20), "cell")
    net.connect(clock, cell, weight=9, rule=MSTDPET(w_max=20, a_plus=1, a_minus=0.5))
    spikes = net.record(cell)
    net.reward(lambda _: 1 if len(spikes.t) % 2 else -0.5, every=10, to=cell)
    net.reward(0.25, at=20)
    return net


def test_a_teacher_is_asked_once_and_comes_before_what_was_told():
    net = taught()
    placement = told_in_advance(net, placed(net.build().blueprint), STEPS)
    *said, last = placement.blueprint.rewards
    assert [(r.group, r.steps.tolist()) for r in said] == [(1, [10 * k]) for k in range(1, 7)]
    assert {int(r.amounts[0, 0]) for r in said} == {4096, -2048}
    assert last.steps.tolist() == [20]
    engine = Engine(placement.blueprint, NetworkState.start(placement.blueprint))
    engine.spikes(STEPS)
    engine.give(said[-1].group, said[-1].amounts[0])
    assert engine.state().sha256() == net.state.sha256()


def test_without_a_teacher_nothing_is_run():
    net = Network(dt=1)
    net.population(1, Adder(), "cell")
    placement = placed(net.build().blueprint)
    assert told_in_advance(net, placement, STEPS) is placement
