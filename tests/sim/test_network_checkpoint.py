"""The file of a lock-step: efficacies of spikes on their way come back with it."""

import numpy as np

from golden.network.core import step
from golden.network.placement import placed
from golden.network.placement.chronicle import Chronicle
from golden.network.placement.contents import contents
from golden.network.placement.loading import state_words
from golden.network.state import NetworkState
from golden.network.timing.memories import Memories
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
