"""The whole core, a few neurons: cycles that a person has counted on the page."""

from dataclasses import replace

import numpy as np
import pytest

from golden.network.chip import Chip
from golden.network.interface import Phase
from hdl.network.core import NetworkCore
from tests.hdl.bench import run
from tests.hdl.network.small import (
    CELLS,
    CHIP,
    Session,
    adder,
    changed,
    cycles,
    marked,
    phases,
)

V, IN = CELLS, CELLS + 1
"""Regions of the adder's words."""
BIAS_OF = (0, 100)
"""Constants of a group of adders: bias, threshold."""
SCHEDULE = CHIP.kinds[0].schedule(CHIP.fabric)
LATENCY = SCHEDULE.latency
FIRED = SCHEDULE.writes["spike"]
LOAD = 5 + 2 + 1


def session(neurons: int = 2, chip: Chip = CHIP, **head: int) -> Session:
    """Return a chip with one group of adders."""
    made = Session(chip)
    made.group(neurons, BIAS_OF, **head)
    return made


# By hand


def test_a_step_of_two_neurons_without_synapses():
    rows = session().rows(80)
    running = 1 + 1 + LATENCY + 1
    assert phases(rows)[:5] == [
        ("IDLE", 1),
        ("WALK", 1),
        ("LOAD", LOAD),
        ("RUN", running),
        ("ENDSTEP", 1),
    ]
    assert phases(rows)[5][0] == "DONE"
    (end,) = cycles(rows, "phase", Phase.ENDSTEP)
    assert (rows["step"][end], rows["step"][end + 1]) == (0, 1)


def test_no_steps_are_done_at_once():
    assert phases(session().rows(20, steps=0))[:3] == [("IDLE", 1), ("DONE", 1), ("IDLE", 18)]


def test_states_are_written_at_their_times():
    made = session(3, slot=2)
    for slot in range(5):
        made.write(V, slot, 10 * slot)
        made.write(IN, slot, slot)
    rows = made.rows(80)
    r = cycles(rows, "phase", Phase.RUN)[0]
    at = r + 1 + SCHEDULE.writes["next_v"]
    assert marked(rows, "adder_v_write", "adder_v_slot", "adder_v_data") == [
        (at, 2, 22), (at + 1, 3, 33), (at + 2, 4, 44)
    ]  # fmt: skip


def test_a_spike_of_delay_3_arrives_three_steps_later_in_its_cycle():
    made = session(2, axon=4, number=7)
    made.write(V, 1, 100)
    made.row(axon=5, run=9, synapse=20, delay=3)
    made.run(9, count=1)
    made.synapse(20, slot=0, weight=-5)
    rows = made.rows(200, steps=4)
    emit = cycles(rows, "phase", Phase.EMIT)[0]
    # Entry 0 is visible at e + 1, taken, and pushed at e + 3.
    assert marked(rows, "spikes_valid", "neuron", "step") == [(emit + 1, 8, 0)]
    pushed = marked(rows, "push", "push_place", "push_run", "push_synapse", "push_due")
    assert pushed[0] == (emit + 3, 0, 9, 20, 3)
    # Two steps put it back at w + 2.
    walks = [c for c in cycles(rows, "phase", Phase.WALK) if rows["phase"][c - 1] != Phase.WALK]
    assert pushed[1:] == [(walks[1] + 2, 1, 9, 20, 3), (walks[2] + 2, 2, 9, 20, 3)]
    # Fetched at w + 2, offered at w + 3, taken at w + 4, issued at w + 5, there at w + 9.
    assert marked(rows, "arrive", "slot", "sum", "step") == [(walks[3] + 9, 0, 0xFFFB, 3)]
    assert rows["phase"][walks[3] + 10] == Phase.LOAD
    assert [int(rows["length"][w]) for w in walks] == [0, 1, 1, 1]
    assert (rows["length"][walks[3] + 4], rows["length"][walks[3] + 5]) == (1, 0)
    assert int(rows["head"][walks[3] + 5]) == 3


def test_arrivals_at_one_slot_in_a_row_are_all_added():
    made = session()
    made.entry(0, run=3, synapse=10, due=0)
    made.register("length", 1)
    made.run(3, count=7)
    slots = (1, 1, 1, 0, 1, 0, 1)
    for i, slot in enumerate(slots):
        made.synapse(10 + i, slot, 1 << i)
    rows = made.rows(80)
    found = marked(rows, "arrive", "slot", "sum")
    assert [f[1:] for f in found] == [(1, 1), (1, 3), (1, 7), (0, 8), (1, 23), (0, 40), (1, 87)]
    assert [f[0] - found[0][0] for f in found] == list(range(7))


def test_a_chain_of_runs_of_gap_0_is_offered_every_other_cycle():
    made = session()
    made.entry(0, run=3, synapse=10, due=0)
    made.register("length", 1)
    for i in range(4):
        made.run(3 + i, count=1, more=i < 3)
        made.synapse(10 + i, slot=i, weight=i + 1)
    rows = made.rows(80)
    w = cycles(rows, "phase", Phase.WALK)[0]
    # Offered at w + 3, 5, 7, 9; the last one lets the entry go.
    wanted = [(w + 9 + 2 * i, i, i + 1) for i in range(4)]
    assert marked(rows, "arrive", "slot", "sum") == wanted
    assert (rows["length"][w + 10], rows["length"][w + 11]) == (1, 0)
    assert cycles(rows, "push") == []


def test_a_run_waits_while_another_is_walked():
    made = session()
    made.register("length", 2)
    made.entry(0, run=0, synapse=10, due=0)
    made.entry(1, run=1, synapse=20, due=0)
    made.run(0, count=5, gap=4, more=1)
    made.run(1, count=2)
    for i in range(7):
        made.synapse(10 + i if i < 5 else 15 + i, slot=i % 3, weight=1)
    rows = made.rows(80)
    w = cycles(rows, "phase", Phase.WALK)[0]
    # The first is issued from w + 5 to w + 9; at w + 9 the second is taken.
    assert cycles(rows, "arrive") == list(range(w + 9, w + 16))
    assert marked(rows, "push", "push_place", "push_run", "push_synapse", "push_due") == [
        (w + 4, 2, 1, 15, 4)
    ]
    # It goes to the waiting place at w + 6, and its entry is dropped at w + 7.
    assert [int(n) for n in rows["length"][w + 6 : w + 9]] == [2, 2, 1]


def test_a_queue_wraps_at_a_size_that_is_no_power_of_two():
    made = session(chip=changed(queue=5))
    made.register("head", 3)
    made.register("length", 4)
    for place in (3, 4, 0, 1):
        made.entry(place, run=place, synapse=10 + place, due=9)
    rows = made.rows(80)
    found = marked(rows, "push", "push_place", "push_run", "push_synapse", "push_due")
    assert [f[1:] for f in found] == [(2, 3, 13, 9), (3, 4, 14, 9), (4, 0, 10, 9), (0, 1, 11, 9)]
    (end,) = cycles(rows, "phase", Phase.ENDSTEP)
    assert (rows["head"][end], rows["length"][end]) == (2, 4)


def test_what_a_full_queue_cannot_take_is_counted():
    made = session(4, chip=changed(queue=2))
    for slot in range(4):
        made.write(V, slot, 100)
        if slot != 1:
            made.row(slot, run=slot, synapse=slot, delay=200)
    rows = made.rows(80)
    e = cycles(rows, "phase", Phase.EMIT)[0]
    assert marked(rows, "spikes_valid", "neuron") == [(e + 1 + i, i) for i in range(4)]
    assert marked(rows, "push", "push_place", "push_run") == [(e + 3, 0, 0), (e + 5, 1, 2)]
    assert (rows["lost"][e + 6], rows["lost"][e + 7]) == (0, 1)


def test_spikes_wait_until_they_are_taken_and_silent_ones_do_not():
    made = session(3)
    for slot in range(3):
        made.write(V, slot, 100)
    pattern = np.zeros(80, np.bool_)
    pattern[::5] = True
    rows = made.rows(80, spikes_go=pattern)
    e = cycles(rows, "phase", Phase.EMIT)[0]
    assert len(cycles(rows, "spikes_valid")) > 8
    assert set(np.flatnonzero(pattern)) >= {c - 1 for c in cycles(rows, "neuron", 1)[:1]}
    made = session(3, silent=1)
    for slot in range(3):
        made.write(V, slot, 100)
        made.row(slot, run=slot, synapse=0, delay=1)
    rows = made.rows(80)
    e = cycles(rows, "phase", Phase.EMIT)[0]
    assert cycles(rows, "spikes_valid") == []
    assert cycles(rows, "push") == [e + 3, e + 4, e + 5]
    assert cycles(rows, "phase", Phase.EMIT) == list(range(e, e + 5))


def test_spikes_show_the_low_half_of_the_step():
    made = session(1, number=9)
    made.write(V, 0, 100)
    made.register("step", 70_000)
    core, told = NetworkCore(CHIP), []

    async def bench(ctx):
        ctx.set(core.response.ready, 1)
        ctx.set(core.bus.valid, 1)
        for write, region, index, value in made.bus:
            fields = {"write": write, "region": region, "index": index, "data": value}
            ctx.set(core.bus.payload, fields)
            while not ctx.get(core.bus.ready):
                await ctx.tick()
            await ctx.tick()
        ctx.set(core.bus.valid, 0)
        ctx.set(core.start.payload.steps, 1)
        ctx.set(core.start.valid, 1)
        while not ctx.get(core.done.valid):
            if ctx.get(core.spikes.valid):
                told.append((
                    ctx.get(core.spikes.payload.step),
                    ctx.get(core.spikes.payload.neuron),
                ))
                ctx.set(core.spikes.ready, 1)
            await ctx.tick()

    run(core, bench)
    assert told == [(70_000 - 65_536, 9)]


def test_external_spikes_are_pushed_and_quiet_steps_take_none():
    made = session()
    made.register("listen", 1)
    made.row(6, run=4, synapse=8, delay=2)
    made.row(7, run=5, synapse=9, delay=1)
    items = [(0, 6), (0, 7), (1, 1), (0, 6), (1, 0)]
    rows = made.rows(200, steps=3, external=items)
    x = cycles(rows, "phase", Phase.EXTERNAL)
    # Three items, a quiet step, two items.
    assert [int(rows["step"][c]) for c in x] == [0, 0, 0, 1, 2, 2]
    assert [int(rows["external_ready"][c]) for c in x] == [1, 1, 1, 0, 1, 1]
    pushed = marked(rows, "push", "push_run", "push_due")
    assert {(x[0] + 2, 4, 2), (x[1] + 2, 5, 1), (x[4] + 2, 4, 4)} <= set(pushed)


def test_saturation_is_flagged_and_counted():
    made = session(2)
    made.register("adder_in", 65_534)
    made.write(V, 0, -2000)
    made.write(IN, 0, -3000)
    made.write(V, 1, 2047)
    made.write(IN, 1, 30_000)
    rows = made.rows(80)
    assert CHIP.kinds[0].counted == ("in", "v")
    r = cycles(rows, "phase", Phase.RUN)[0]
    of_in, of_v = (r + 1 + SCHEDULE.writes[f"saturated_{name}"] for name in ("in", "v"))
    wanted = {of_in: 1, of_in + 1: 1} | {of_v: 2}
    found = np.flatnonzero(rows["adder_saturated"]).tolist()
    assert {c: int(rows["adder_saturated"][c]) for c in found} == wanted


@pytest.mark.parametrize("winners", [1, 2, 3])
def test_winners_are_those_with_the_largest_margins(winners):
    chip = replace(CHIP, elects=True, kinds=(replace(adder(), slots=16),))
    made = session(6, chip=chip, winners=winners, number=50)
    levels = (120, 300, 99, 300, 250, 101)
    for slot, level in enumerate(levels):
        made.write(V, slot, level)
    rows = made.rows(140)
    wanted = {1: [51], 2: [51, 53], 3: [51, 53, 54]}[winners]
    assert [n for _, n in marked(rows, "spikes_valid", "neuron")] == wanted
    assert len(cycles(rows, "phase", Phase.ELECT)) == winners * (5 + 2)
    assert [n for _, n in marked(rows, "fire", "fired")] == [0, 1, 3, 4, 5]
