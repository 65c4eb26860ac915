"""A chip that learns on the grid: by hand, cycle by cycle, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from golden.cells.schedule import GENERIC
from golden.network.chip import Chip
from golden.network.interface import NOTED, SILENT, BusRequest, Phase, Region
from golden.network.rules import DerivativeSTDP, PairSTDP, Rule
from golden.network.rules.learner import LearningUnit
from golden.network.rules.learning import learning
from golden.network.timing.memories import Memories
from sim.battery.tiny import Dice
from tests.network.timing.test_timeline import AT, CHIP, KIND, loaded, phases, run

RULE = PairSTDP(
    pairs="nearest", a_plus=8, a_minus=4, tau_plus=20, tau_minus=20, w_min=0, w_max=60, bits=10
)
EVER = 1 << 26


def unit(rule: Rule = RULE, posts: int = 2, span_bits: int = 4) -> LearningUnit:
    """Return a learner of three runs and four synapses."""
    receptor = KIND.program.receptors[0]
    return LearningUnit.of(learning(rule, 1.0, receptor, np.zeros(4), 0), 3, 4, posts, span_bits)


def core(what: int = NOTED, learner: LearningUnit | None = None) -> Memories:
    """Return the core of `loaded` whose synapses all learn; weights are 10, 20, 30 and 40."""
    chip: Chip = replace(CHIP, learner=learner or unit())
    made = loaded(what, chip)
    made.registers.update(learn=1, learned=3)
    made.fill(made.added["learned_w"], np.array([80, 160, 240, 320]))
    return made


def at(rows, strobe: str) -> list[int]:
    """Return the cycles in which a strobe is set."""
    return np.flatnonzero(rows[strobe]).tolist()


UNIT = unit()
LATENCY = UNIT.latency(GENERIC)
TURN = UNIT.turn(GENERIC)
RUNNING = 2 + 2 + AT.latency


def shown(rows, strobe: str, *names: str) -> list[tuple[int, ...]]:
    """Return some fields about a strobe, in the order of cycles."""
    return [tuple(int(row[name]) for name in names) for row in rows[rows[strobe] == 1]]


# By hand


def test_posts_are_noted_and_emit_waits_for_the_last():
    rows, _ = run(core(), 60, start=[1])
    # Neurons 0 and 2 are taken at d = e + 1 and e + 2; a note is written 6 + LAT cycles later.
    e = 1 + 1 + 7 + RUNNING
    assert phases(rows)[4] == ("EMIT", 2 + 6 + LATENCY + 1)
    assert at(rows, "note") == [e + 1 + 6 + LATENCY, e + 2 + 6 + LATENCY]
    assert shown(rows, "note", "note_place", "note_count") == [(0, 1), (2, 1)]


def test_posts_of_a_silent_group_are_noted_and_of_others_only_if_it_is_asked():
    assert at(run(core(NOTED | SILENT), 60, start=[1])[0], "note")
    assert not at(run(core(0), 60, start=[1])[0], "note")
    made = core()
    made.registers["learn"] = 0
    rows, _ = run(made, 60, start=[1])
    assert not at(rows, "note")
    assert Phase.REPLAY not in rows["phase"]


def test_an_arrival_replays_the_posts_that_wait_and_then_depresses():
    made = core()
    rows, _ = run(made, 200, start=[2])
    w = 1 + 1 + 7 + RUNNING + (2 + 6 + LATENCY + 1) + 1
    # The run is visible at w + 2, offered at w + 3, waiting at w + 4 and taken there; synapses are
    # issued at w + 5 and w + 6. Neuron 0 spiked, so synapse 0 takes two turns, synapse 1 takes one.
    assert at(rows, "learned")[:2] == [w + 6 + 4 + TURN, w + 5 + 4 + 2 * TURN]
    assert shown(rows, "learned", "learned_synapse")[:2] == [(1,), (0,)]
    # Its run had not arrived: the post does nothing. It was 1 step ago: 4 exp(-1 / 20) = 3.805, of
    # eighths of a place 30, so 80 - 30 = 50 is left; the other one stays at 160.
    assert shown(rows, "learned", "learned_w")[:2] == [(160,), (50,)]
    # What is transmitted is 160 / 8 and 50 / 8, to nearest; and it arrives in that order.
    assert at(rows, "arrive") == [w + 12 + TURN, w + 11 + 2 * TURN]
    assert shown(rows, "arrive", "slot", "sum") == [(1, 20), (0, 6)]
    assert at(rows, "mark") == [w + 4 + 3 + LATENCY]
    assert shown(rows, "mark", "mark_run") == [(0,)]
    assert phases(rows)[6] == ("WALK", 11 + 2 * TURN + 1)
    assert made.words(made.added["run_lasts"]).tolist() == [EVER | 1, 0, 0]


def test_behind_the_last_step_all_that_waits_is_replayed_and_settled():
    made = core()
    rows, _ = run(made, 100, start=[1])
    last = 1 + 1 + 7 + RUNNING + (2 + 6 + LATENCY + 1) + 1
    # Run 0 is offered at f + 1, waits at f + 2 and is taken there: its synapses are issued at f + 3
    # and f + 4. Run 1 waits from f + 3 on and is taken at f + 4, run 2, which waits from f + 5 on,
    # there: they issue at f + 5 and at f + 6. All go round once, whether a post waits or not.
    assert at(rows, "learned") == [last + k + 4 + TURN for k in (3, 4, 5, 6)]
    assert phases(rows)[6:9] == [
        ("REPLAY", 6 + 4 + TURN + 1),
        ("SETTLE", 3 + 4),
        ("DONE", 1),
    ]
    assert rows["step"][last:].tolist() == [1] * (100 - last)
    assert made.words(made.added["post_lasts"]).tolist() == [EVER, 0, EVER]
    assert made.words(made.added["learned_w"]).tolist() == [80, 160, 240, 320]


def test_a_post_behind_an_arrival_potentiates_when_it_is_replayed():
    made = core()
    run(made, 300, start=[2])
    # In the second step neurons 0 and 1 spiked, whose synapses 0 and 1 had an arrival in that step:
    # 8 more. Synapse 3, which ends at neuron 1, too, had none.
    assert made.words(made.added["learned_w"]).tolist() == [50 + 64, 160 + 64, 240, 320]
    assert made.words(made.added["post_lasts"]).tolist() == [EVER | 1, EVER | 1, EVER]


def test_what_fills_a_place_is_replayed_before_the_next_walk():
    made = core()
    made.registers["groups"] = 1
    made.packed[Region.SCRIPT][5] = 0
    # A threshold of 0 lets all spike in every step, so that two posts of each wait after two.
    rows, _ = run(made, 900, start=[5])
    found = [name for name, _ in phases(rows)]
    replays = [k for k, name in enumerate(found) if name == "REPLAY"]
    assert [found[k + 1 : k + 3] for k in replays] == [["SETTLE", "WALK"]] * 2 + [
        ["SETTLE", "DONE"]
    ]
    steps = [count for _, count in shown(rows, "note", "note_place", "note_count")]
    assert steps == [1, 1, 1, 2, 2, 2] * 2 + [1, 1, 1]


def test_what_is_older_than_the_span_is_replayed_before_the_next_walk():
    made = core(learner=unit(posts=8, span_bits=1))
    rows, _ = run(made, 900, start=[4])
    found = [name for name, _ in phases(rows) if name in ("WALK", "REPLAY")]
    assert found == ["WALK", "WALK", "REPLAY", "WALK", "WALK", "REPLAY"]


def test_a_synapse_waits_while_the_ring_is_taken():
    # Synapse 0 has two passes: its slot of the ring is taken TURN cycles after it was issued, and
    # with 12 synapses behind it the walker comes to that.
    wide = replace(CHIP, synapses=16, count_bits=4, learner=replace(unit(), synapses=16, runs=3))
    made = Memories(wide)
    made.fill(Region.RUNS, np.array([TURN + 2]))
    made.registers.update(learn=1, learned=1)
    made.fill(Region.QUEUE_RUNS, np.array([0]))
    made.registers.update(length=1)
    made.fill(Region.SYNAPSES, np.array([0, *[1] * 15]))
    # So that a post waits at slot 0, a group of one has spiked.
    made.fill(Region.SCRIPT, np.array([NOTED | SILENT, 0, 1, 0, 2, 0]))
    made.packed[Region.QUEUE_RUNS][0] = 1 << 2
    made.registers["groups"] = 1
    made.word(0)[:] = 9
    rows, _ = run(made, 300, start=[2])
    _, w = at({"walks": np.diff(np.int64(rows["phase"] == Phase.WALK)) == 1}, "walks")
    w += 1
    left = [c for c in at(rows, "learned") if c < w + 100][: TURN + 2]
    issue = w + 5
    straight = [issue + k + 4 + TURN for k in range(1, TURN)]
    assert left == [*straight, issue + 2 * TURN + 4, *[issue + TURN + k + 4 + TURN for k in (1, 2)]]


def test_without_learning_a_weight_is_transmitted_and_nothing_else_happens():
    made = core()
    made.registers["learn"] = 0
    made.fill(made.added["learned_w"], np.array([83, 164, 240, 320]))
    rows, _ = run(made, 200, start=[2])
    assert not [name for name in ("learned", "mark", "note") if at(rows, name)]
    # 83 / 8 is 10, and 164 / 8 a half above 20.
    assert shown(rows, "arrive", "slot", "sum") == [(0, 10), (1, 21)]
    assert made.words(made.added["learned_w"]).tolist() == [83, 164, 240, 320]


def test_runs_from_learned_on_are_still():
    made = core()
    made.registers["learned"] = 0
    rows, _ = run(made, 200, start=[2])
    w = 1 + 1 + 7 + RUNNING + (2 + 6 + LATENCY + 1) + 1
    # Their own weights, 3 and 4, arrive one turn of the ring later all the same.
    assert at(rows, "arrive") == [w + 11 + TURN, w + 12 + TURN]
    assert shown(rows, "arrive", "slot", "sum") == [(0, 3), (1, 4)]
    assert not at(rows, "learned") + at(rows, "mark")
    # Posts are noted, and REPLAY lasts a cycle.
    assert dict(phases(rows)[-5:])["REPLAY"] == 1


def test_an_epoch_comes_after_walk_and_counts_steps():
    rule = DerivativeSTDP(every=2, w_max=60, drift=1.0, bits=10)
    made = core(0, learner=unit(rule))
    made.registers.update(period=2, until=2, groups=0)
    rows, _ = run(made, 300, start=[4])
    found = [name for name, _ in phases(rows)][1:-2]
    assert found == ["WALK", "ENDSTEP", "WALK", "EPOCH", "ENDSTEP"] * 2
    # Nobody spiked, so nothing is settled; a drift of 1 is 8 places.
    assert made.words(made.added["learned_w"]).tolist() == [96, 176, 256, 336]
    assert made.registers["until"] == 2


def test_an_epoch_settles_what_waits():
    rule = DerivativeSTDP(every=2, w_max=60, drift=1.0, bits=10)
    made = core(learner=unit(rule))
    made.registers.update(period=2, until=2)
    rows, _ = run(made, 600, start=[2])
    found = [name for name, _ in phases(rows)]
    assert found[6:9] == ["WALK", "EPOCH", "SETTLE"]


def test_epochs_count_steps_while_nothing_learns():
    made = core(learner=unit(DerivativeSTDP(every=2, w_max=60, drift=1.0, bits=10)))
    made.registers.update(period=5, until=2, learn=0)
    rows, _ = run(made, 300, start=[3])
    assert Phase.EPOCH not in rows["phase"]
    assert made.registers["until"] == 4


def test_a_host_reads_and_writes_what_is_learned():
    made = core()
    region = made.added["learned_w"]
    asked = [
        BusRequest(0, region, 1),
        BusRequest(1, region, 1, 0xFFFF_FFFF),
        BusRequest(1, made.added["run_lasts"], 2, 0xFFFF_FFFF),
    ]
    rows, _ = run(made, 60, bus=asked)
    # A weight that cannot be negative has 9 bits; a step 26, and whether there was one.
    answers = [0xA0, (1 << 9) - 1, (1 << 27) - 1]
    assert rows["response"][rows["response_valid"] == 1].tolist() == answers
    assert made.copy().words(region).tolist() == [80, 511, 240, 320]


# Refusals


def refused(made: Memories, message: str) -> None:
    """Check that a step of a core is refused."""
    with pytest.raises(ValueError, match=message):
        run(made, 200, start=[2])


def test_runs_and_synapses_that_cannot_learn_are_refused():
    made = core(learner=replace(unit(), runs=2))
    refused(made, r"^learned must be 0 to 2, not 3$")
    made = core()
    made.packed[Region.RUNS][2] = 2
    refused(made, r"^runs that learn must have at most 4 synapses, not 5$")


def test_where_synapses_that_learn_cannot_end_is_refused():
    made = core()
    made.packed[Region.SYNAPSES][3] = 3
    refused(made, r"^slot of synapse 3 must be below 3, not 3$")
    made = core()
    made.packed[Region.FAMILIES][0] = 1 << CHIP.family_weight_bits
    refused(made, r"^inlet must be below 1, not 1$")


def test_what_cannot_have_been_learned_is_refused():
    made = core()
    made.fill(made.added["learned_w"], np.array([80, 481]))
    refused(made, r"^learned_w must be 0 to 480, not 481$")
    made = core(learner=unit(replace(RULE, pairs="all")))
    for side in ("run", "post"):
        made.learned[:] = 0
        made.fill(made.added[f"{side}_trace_0"], np.array([0, 1 << 17]))
        refused(made, rf"^{side}_trace_0 must be 0 to \d+, not 131072$")


def test_a_run_that_comes_wrongly_is_refused():
    message = r"^run 0, which learns, must come with its own first synapse, and once in a step$"
    made = core()
    made.packed[Region.ROW_SYNAPSES][0] = 1
    refused(made, message)
    made = core()
    made.packed[Region.ROW_RUNS][2] = made.packed[Region.ROW_RUNS][0]
    refused(made, message)


def test_who_cannot_be_noted_is_refused():
    made = core(learner=unit())
    record = made.packed[Region.SCRIPT].copy()
    wide = Memories(replace(made.chip, script_words=12))
    wide.fill(Region.SCRIPT, np.tile(record, 2))
    wide.registers.update(groups=2)
    refused(
        wide, r"^groups whose posts are noted must have slots of their own, not both 0 of adder$"
    )
    still = replace(KIND, name="clock", program=Dice().program(1.0), inlet_bits=())
    made = Memories(replace(made.chip, kinds=(still, KIND)))
    made.fill(Region.SCRIPT, np.array([NOTED, 0, 1, 0, 0, 0]))
    made.registers.update(groups=1)
    refused(made, r"^a group whose posts are noted must be cells, not clock$")
