"""The file of a lock-step: it knows efficacies of spikes on their way, and rewards so far."""

import numpy as np
import pytest

from golden.builder import Network, Periodic
from golden.network.core import step
from golden.network.placement import placed
from golden.network.placement.chronicle import Chronicle
from golden.network.placement.contents import contents
from golden.network.placement.loading import state_words
from golden.network.rules import MSTDPET
from golden.network.state import NetworkState
from golden.network.timing.memories import Memories
from sim.battery.tiny import Adder
from sim.jobs.network import NetworkFigures, NetworkJob, Standing
from sim.jobs.network_checkpoint import NetworkCheckpoint
from tests.network.placement.test_releases import tired

STEPS = 7


def test_a_job_goes_on_from_a_file_in_golden_s_state(tmp_path):
    placement = placed(tired().build().blueprint)
    blueprint, state = placement.blueprint, NetworkState.start(placement.blueprint)
    chronicle = Chronicle.of(blueprint, state)
    for now in range(STEPS):
        spikes = step(blueprint, state)
        chronicle.hear(now, now + 1, np.full(len(spikes), now), spikes)
    memories = Memories(placement.chip)
    memories.load(contents(placement) | state_words(placement, state))
    checkpoint = NetworkCheckpoint(tmp_path / "checkpoint.npz", placement)
    checkpoint.save(Standing(STEPS, memories, chronicle, NetworkFigures()))
    job = NetworkJob(placement, STEPS + 10, 10)
    job.go_on(checkpoint.load())
    assert job._state.sha256() == state.sha256()
    assert job._now.chronicle.spikes == state.spikes
    sent = [r and [part.tolist() for part in r.sent] for r in job._now.chronicle.releases]
    assert sent == [r and [part.tolist() for part in r.sent] for r in state.releases]
    assert sum(len(part) for r in state.releases if r for part in r.sent) > 0


def rewarded(checkpoint_of, *amounts: float) -> NetworkCheckpoint:
    """Return the file of a network that is rewarded before steps 3, 5 and 7."""
    net = Network(dt=1)
    clock = net.input(2, Periodic([3, 7]), "clock")
    cell = net.population(1, Adder(threshold=20), "cell")
    net.connect(clock, cell, weight=9, rule=MSTDPET(w_max=20, a_plus=1, a_minus=0.5))
    net.reward(amounts, at=[3, 5, 7][: len(amounts)])
    return NetworkCheckpoint(checkpoint_of / "checkpoint.npz", placed(net.build().blueprint))


def test_rewards_before_a_checkpoint_must_be_the_same_and_later_ones_may_be_others(tmp_path):
    checkpoint = rewarded(tmp_path, 1, 2, 3)
    placement = checkpoint._placement
    memories = Memories(placement.chip)
    state = NetworkState.start(placement.blueprint)
    state.step = STEPS
    memories.load(contents(placement) | state_words(placement, state))
    chronicle = Chronicle.of(placement.blueprint, state)
    checkpoint.save(Standing(STEPS, memories, chronicle, NetworkFigures()))
    for later in ((1, 2, 3), (1, 2, 4), (1, 2)):
        assert rewarded(tmp_path, *later).load().step == STEPS
    for others in ((1, 3, 3), (1,)):
        with pytest.raises(ValueError, match=r".") as refusal:
            rewarded(tmp_path, *others).load()
        assert str(refusal.value) == (
            f"{tmp_path}/checkpoint.npz must be a checkpoint of this run: rewards before step 7 "
            "must be those of the checkpoint"
        )
