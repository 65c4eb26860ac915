# amaranth: UnusedElaboratable=no
"""The whole core against the cycle model: random networks in every cycle; refusals."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from golden.cycles.stimulus import Stimulus
from golden.dense import program
from golden.dense.interface import STREAMS, BusRequest, Phase, Region, Start
from golden.dense.params import Params
from golden.dense.registers import envelope, register_map, values
from golden.dense.timing import Session, eager, items
from hdl.dense.core import Core
from sim.battery.networks import TINY
from sim.records.compare import compare
from sim.targets.pysim import Pysim
from tests.shared.cases import Case, cases

IMAGE = 1500
"""Cycles enough for most images of the cases."""


def stimulus(p: Params, case: Case, stalls: float, seed: int) -> Stimulus:
    """Load a network, then present its images, learning from some, with stalls on every stream."""
    rng = np.random.default_rng(seed)
    votes = rng.integers(0, p.vote.max + 1, (p.vote_spikes, p.n_neurons, p.n_classes))
    requests = [
        *program.parameters(p, p),
        *program.state(p, p, case.state),
        *program.labels(p, case.classes, votes),
    ]
    starts = [Start(bool(rng.integers(3)), label) for label in case.labels.tolist()]
    loading = len(requests) * (11 if stalls else 5)
    n_cycles = loading + len(starts) * IMAGE
    go = {stream: rng.random(n_cycles) >= stalls for stream in STREAMS}
    go["start"][:loading] = False
    return Stimulus(items(case.images.ravel().astype(np.int64), starts, requests), go)


seen: set[str] = set()


@pytest.mark.parametrize("single_port", [False, True], ids=["two-ports", "one-port"])
@pytest.mark.parametrize("stalls", [0.0, 0.5], ids=["fluent", "stalled"])
@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(case=cases(), n_lanes=st.integers(1, 8), seed=st.integers(0, 999))
def test_every_field_of_every_cycle_is_predicted(case, n_lanes, single_port, stalls, seed):
    p = replace(case.p, n_lanes=min(n_lanes, case.p.n_neurons), single_port=single_port)
    assume(p.offset.width <= 32)
    given_in = stimulus(p, case, stalls, seed)
    expected = Session(p, program.register_types(p)).run(given_in)
    with Pysim(Core(p)) as target:
        got = target.run(given_in)
    assert compare(expected, got.view(expected.dtype)) is None
    assert expected["result_valid"].any()
    seen.update(name for name in ("take", "elected", "w_en", "last_en", "f_en") if got[name].any())
    nobody = (got["phase"] == Phase.VERDICT) & (got["elected"] == 0)
    seen.update(("nobody",) if nobody.any() else ())


def test_both_outcomes_were_seen():
    assert seen == {"take", "elected", "w_en", "last_en", "f_en", "nobody"}


# Refusals


def test_offset_must_fit_a_register():
    with pytest.raises(
        ValueError, match=r"^theta_width \+ offset_shift must be at most 32, not 40$"
    ):
        register_map(Params(theta_width=24, offset_shift=16, offset_plus=1))


def test_fixed_parameters_must_be_those_of_all_phases():
    p = Params()
    with pytest.raises(ValueError, match=r"^dw_shift is fixed in hardware: it must be 10, not 9$"):
        envelope([p, replace(p, dw_shift=9)])


def test_a_core_runs_only_what_it_was_made_for():
    p = Params()
    with pytest.raises(ValueError, match=r"^bar_losers must be off in this core, not True$"):
        values(replace(p, bar_losers=True), p)


def test_a_core_for_several_phases_has_what_any_of_them_needs():
    p = Params(a_plus=(1, 2))
    built = envelope([p, replace(p, reward="error", refrac=3), replace(p, a_plus=(4, 5, 6))])
    assert (built.reward, built.refrac, built.a_plus) == ("error", 3, (4, 5, 6))
    assert values(p, built)["ltp_window"] == 2


def test_presentation_without_steps_ends_after_one():
    n_steps = BusRequest(1, Region.REGISTERS.value, list(register_map(TINY)).index("n_steps"), 0)
    pixels = np.full(TINY.height * TINY.width, 9)
    with Pysim(Core(TINY)) as target:
        rows = target.run(eager(400, pixels, [Start(False, 0)], [n_steps]))
    assert rows["result_valid"].any()
    assert rows["phase"][-1] == Phase.IDLE.value
