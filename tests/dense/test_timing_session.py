"""Cycles of whole runs: streams, requests of the host, images loaded while others are presented."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golden.cycles.stimulus import Stimulus
from golden.dense import core
from golden.dense.interface import OUTPUTS, STREAMS, BusRequest, Phase, Region, Start, record
from golden.dense.params import Params
from golden.dense.reward import in_turns
from golden.dense.timing import Machine, Session, eager, items, present
from golden.numbers.fields import dtype
from golden.numbers.lfsr import seeded
from sim.battery.networks import TINY
from tests.dense.records import cores, phases, runs
from tests.dense.test_timing import IMAGE, LEARNING, STATE, VOTES
from tests.shared.by_hand import ints

REGISTERS = (
    ("n_steps", 10, False), ("period_num", 21, False), ("period_offset", 13, False),
    ("encoder_lfsr", 32, False), ("v_reset", 24, True), ("leak_sub", 23, False),
    ("v_th", 24, True), ("activity_gain", 16, False), ("refrac", 10, False),
    ("v_inhibit", 24, False), ("bar_losers", 1, False), ("force_spike", 1, False),
    ("stop_after", 17, False), ("theta_plus", 24, False), ("offset_plus", 40, False),
    ("theta_decay_period", 32, False), ("w_min", 16, True), ("w_max", 16, True),
    ("ltp_window", 10, False), ("a_minus", 16, False), ("ltd_window", 10, False),
    ("soft_bounds", 1, False), ("reward", 2, False), ("reward_margin", 24, False),
    ("drop_chance", 8, False), ("vote_spikes", 7, False), ("ballot", 1, False),
    ("offset", 40, False), ("lfsr", 32, False), ("presented", 32, False),
    ("decay_count", 32, False),
)  # fmt: skip
INDEX = {name: index for index, (name, _, _) in enumerate(REGISTERS)}
ALONE = ("pixels_ready", "result_valid", "label", "n_spikes", "start_ready")
"""Fields that depend on what happens around a presentation."""


def loading(machine: Machine) -> list[BusRequest]:
    """Return the requests that make a core after reset equal to a machine."""
    built, bits = machine.map.p, machine.map.lane_bits

    def words(region: Region, memory: np.ndarray) -> list[BusRequest]:
        return [
            BusRequest(True, region, word << bits | lane, int(value) & 0xFFFFFFFF)
            for word, values in enumerate(memory.reshape(-1, built.n_lanes))
            for lane, value in enumerate(values)
        ]

    def plain(region: Region, memory: Sequence[int]) -> list[BusRequest]:
        return [BusRequest(True, region, i, int(value)) for i, value in enumerate(memory)]

    values = [machine.registers[name] & 0xFFFFFFFF for name in INDEX]
    return [
        *plain(Region.REGISTERS, values), *words(Region.WEIGHTS, machine.w),
        *words(Region.THETA, machine.theta), *plain(Region.LAST, machine.last.tolist()),
        *plain(Region.TABLE, machine.table.tolist()),
    ]  # fmt: skip


def transfers(valid: np.ndarray, ready: np.ndarray, n_items: int, offer: np.ndarray) -> list[int]:
    """Play one stream cycle by cycle, as told in golden/cycles/stimulus.py."""
    held, times = False, []
    for c in range(len(ready)):
        held = held or bool(offer[c] and len(times) < n_items)
        valid[c] = held
        if held and ready[c]:
            times.append(c)
            held = False
    return times


# By hand


def test_count_of_presentations_that_wraps_lets_nothing_decay():
    # Only the bus can write a count beyond the period; then none is due until the count is it.
    p = replace(LEARNING, theta_decay_period=9)
    machine = Machine.loaded(p, p, STATE)
    machine.registers["decay_count"] = (1 << 32) - 1
    go = {str(name): np.ones(120, dtype=np.bool_) for name in STREAMS}
    session = Session(p, REGISTERS, machine)
    rows = session.run(Stimulus(items(IMAGE, [Start(True, 1)], []), go))
    assert "RESULT" in dict(phases(rows))
    assert "DECAY" not in dict(phases(rows))
    assert session.machine.registers["decay_count"] == 0


def test_run_cycle_by_cycle():
    requests = [
        BusRequest(False, Region.WEIGHTS, 4 << 1, 0),
        BusRequest(True, Region.THETA, 1, 0x109),
        BusRequest(True, Region.REGISTERS, INDEX["lfsr"], 5),
        BusRequest(False, Region.SPIKES, 0),
    ]
    calm = np.ones(115, dtype=np.bool_)
    slow_pixels, slow_requests, slow_result = calm.copy(), calm.copy(), calm.copy()
    slow_pixels[[1, 2]] = False
    slow_requests[13:109] = False
    slow_result[:91] = False
    stimulus = Stimulus(
        items(ints(*IMAGE, *IMAGE), [Start(True, 1)], requests),
        {
            "pixels": slow_pixels, "start": calm, "bus": slow_requests, "result": slow_result,
            "response": np.arange(115) != 5,
        },
    )  # fmt: skip
    machine = Machine.loaded(LEARNING, LEARNING, STATE)
    rows = Session(LEARNING, REGISTERS, machine).run(stimulus)
    # Pixels: 0, 3, 4; the field is full in 5. Requests: 0, 7, 13; the start waits for them: 19.
    assert phases(rows)[:8] == [
        ("IDLE", 1), ("HOST", 4), ("RESPOND", 2), ("IDLE", 1), ("HOST", 4), ("RESPOND", 1),
        ("IDLE", 1), ("HOST", 4),
    ]  # fmt: skip
    assert phases(rows)[8:11] == [("RESPOND", 1), ("IDLE", 1), ("CLEAR", 3)]
    assert phases(rows)[-5:] == [
        ("DECAY", 3), ("RESULT", 6), ("IDLE", 18), ("HOST", 4), ("RESPOND", 1)
    ]  # fmt: skip
    assert runs(rows["pixels_ready"]) == [(1, 5), (0, 18), (1, 3), (0, 89)]
    assert rows["response"][[5, 6, 12, 18, 114]].tolist() == [7, 7, 0, 0, 0]
    assert np.flatnonzero(rows["response_valid"]).tolist() == [5, 6, 12, 18, 114]
    assert rows[1][["w_read", "w_word"]].tolist() == (1, 4)
    assert rows[10][["n_row", "n_data"]].tolist()[0] == 1
    assert rows["n_data"][10].tolist() == [0, 9]
    assert np.flatnonzero(rows["w_en"]).tolist() == [53]
    assert runs(rows["lfsr"])[:2] == [(1, 15), (5, 37)]
    assert np.flatnonzero(rows["start_ready"]).tolist() == [19, *range(92, 109)]
    assert np.flatnonzero(rows["result_valid"]).tolist() == list(range(86, 92))


def test_margin_of_a_filter_waits_for_no_pixels():
    p = replace(TINY, receptive_field="surround", rf_shift=3, height=2, width=1)
    rows = Session(p, REGISTERS).run(eager(80, ints(9, 8, 7)))
    # 6 rows of 5 positions; pixels at 12 and 17; positions end at 29, then 6 cycles.
    assert np.flatnonzero(rows["pixels_ready"]).tolist() == [12, 17]
    assert np.flatnonzero(rows["start_ready"]).tolist() == list(range(36, 80))


def test_nothing_is_ever_ready_but_what_waits():
    nothing = np.zeros(9, dtype=np.bool_)
    always = Stimulus(items(IMAGE, [Start(False, 0)]), dict.fromkeys(STREAMS, nothing))
    rows = Session(LEARNING, REGISTERS).run(always)
    assert rows[["phase", "lfsr", "pixels_ready", "bus_ready"]].tolist() == [(0, 1, 1, 0)] * 9


# Refusals


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (BusRequest(False, 0, 31), "index in registers must be 0 to 30, not 31"),
        (BusRequest(True, 2, 4), "index in theta must be 0 to 3, not 4"),
        (BusRequest(True, 6, 0), "6 is not a valid Region"),
    ],
    ids=["register", "theta", "region"],
)
def test_refuses_requests_for_what_is_not_there(request_, text):
    with pytest.raises(ValueError, match=f"^{text}$"):
        Session(LEARNING, REGISTERS).run(eager(9, IMAGE, [], [request_]))


def test_refuses_to_present_with_registers_that_nobody_loaded():
    with pytest.raises(
        ValueError, match=r"^encoder_lfsr must stand for some encoder_seed, not be 0$"
    ):
        Session(LEARNING, REGISTERS).run(eager(9, IMAGE, [Start(False, 0)]))


# Properties


def test_loading_over_the_bus_makes_the_same_core():
    built = replace(LEARNING, reward="class", a_late=(4,), ballot=True)
    loaded = Machine.loaded(built, built, STATE, in_turns(built), VOTES)
    asked = loading(loaded)
    n_cycles = 6 * len(asked)
    session = Session(built, REGISTERS)
    rows = session.run(eager(n_cycles, ints(), [], asked))
    machine = session.machine
    assert phases(rows) == [("IDLE", 1), ("HOST", 4), ("RESPOND", 1)] * len(asked)
    assert machine.params() == replace(built, w_init_low=-16, w_init_high=-15)
    assert machine.registers == loaded.registers
    assert (machine.w.tolist(), machine.state.sha256()) == (loaded.w.tolist(), STATE.sha256())
    assert (machine.votes.tolist(), machine.classes.tolist()) == (VOTES.tolist(), [0, 1, 0])
    back = [request._replace(write=False, data=0) for request in asked]
    rows = session.run(eager(n_cycles, ints(), [], back))
    bits = {Region.WEIGHTS: lambda _: 5, Region.REGISTERS: lambda index: REGISTERS[index][1]}
    wanted = [
        request.data % (1 << bits.get(Region(request.region), lambda _: 32)(request.index))
        for request in asked
    ]
    assert rows["response"][rows["response_valid"] > 0].tolist() == wanted


@pytest.mark.parametrize("seed", [0, 1, 7, 2**32 - 1])
def test_start_of_the_encoder_register_stands_for_its_seed(seed):
    p = replace(LEARNING, encoder_seed=seed)
    machine = Machine.loaded(p, p, STATE)
    assert seeded(machine.params().encoder_seed) == seeded(seed)


@st.composite
def stimuli(draw) -> tuple[Params, Machine, Stimulus, Any]:
    """Draw a core, a few images and stalls of all streams."""
    (p, state, classes, images, labels), built = draw(cores())
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    starts = [Start(bool(rng.integers(2)), int(label)) for label in labels]
    requests = [
        BusRequest(False, Region.THETA, 0),
        BusRequest(False, Region.REGISTERS, INDEX["lfsr"]),
    ]
    n_cycles = draw(st.integers(1, 6000))
    chance = {stream: 1.0 if rng.integers(2) else rng.random() for stream in STREAMS}
    go = {stream: rng.random(n_cycles) < share for stream, share in chance.items()}
    go["bus"] &= rng.random(n_cycles) < 10 / n_cycles
    pixels = images.astype(np.int64).ravel()
    stimulus = Stimulus(items(pixels, starts, requests * 5), go)
    return built, Machine.loaded(built, p, state, classes), stimulus, (p, state, classes)


def check_streams(built: Params, rows: Any, stimulus: Stimulus) -> dict[str, list[int]]:
    """Play all streams against the record; return the cycles of transfers."""
    s, n = stimulus, len(rows)
    valid = np.zeros((3, n), dtype=np.bool_)
    times = {
        name: transfers(held, rows[f"{name}_ready"], len(s.items[name]), s.go[name])
        for held, name in zip(valid, s.items, strict=True)
    }
    times |= {name: np.flatnonzero(s.taken(rows, name)).tolist() for name in OUTPUTS}
    assert not (rows["start_ready"] & valid[2]).any()
    after = {
        "start": {Phase.DRY, Phase.CLEAR}, "bus": {Phase.RESPOND},
        "result": {Phase.IDLE}, "response": {Phase.IDLE},
    }  # fmt: skip
    for stream, allowed in after.items():
        assert {int(rows["phase"][c + 1]) for c in times[stream] if c + 1 < n} <= allowed
    size = built.height * built.width
    for i, c in enumerate(times["start"]):
        assert times["pixels"][size * (i + 1) - 1] < c
    return times


def test_runs_are_presentations_between_stalls():
    seen: Counter[str] = Counter()

    @settings(max_examples=80, derandomize=True, deadline=None)
    @given(stimuli())
    def compare(drawn):
        built, machine, stimulus, (p, state, classes) = drawn
        session = Session(built, REGISTERS, machine)
        rows = session.run(stimulus)
        assert rows.dtype == dtype(record(built))
        times = check_streams(built, rows, stimulus)
        assert [start for start, _ in session.starts] == times["start"]
        starts = stimulus.items["start"]
        images = np.reshape(stimulus.items["pixels"], (3, -1))
        for (start, _), image, (learn, label) in zip(session.starts, images, starts):  # noqa: B905
            shown = present(p, built, state, image, learn=learn, label=label, classes=classes)
            found = rows[start + 1 : start + shown.cycles]
            for name in set(rows.dtype.names or ()) - {*ALONE}:
                assert found[name].tolist() == shown.rows[name][: len(found)].tolist(), name
            result = rows[start + shown.cycles : start + shown.cycles + 1]
            for name in ("label", "n_spikes", "phase"):
                assert all(result[name] == shown.rows[name][-2])
            state = shown.state
        seen.update({name: len(cycles) for name, cycles in times.items()})
        seen["rows"] += len(rows)

    compare()
    assert all(seen[name] > 20 for name in STREAMS)


def test_learning_with_a_host_equals_the_step_model():
    p = replace(LEARNING, n_lanes=1, encoder="rate", n_steps=9, force_spike=True, stop_after=2)
    images = np.random.default_rng(4).integers(0, 256, (12, 3))
    expected = STATE
    for image in images:
        _, expected = core.present(p, expected, image, learn=True)
    session = Session(p, REGISTERS, Machine.loaded(p, p, STATE))
    session.run(eager(4000, images.ravel(), [Start(True, 0)] * 12))
    assert len(session.starts) == 12
    assert session.machine.state.sha256() == expected.sha256() != STATE.sha256()
