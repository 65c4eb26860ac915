"""Timetables of small programs, worked out by hand; what none may ever break."""

from dataclasses import replace

import pytest

from golden.cells import AdEx, HodgkinHuxley, Izhikevich
from golden.cells.schedule import ECP5, GENERIC, UP5K, Schedule, scheduled
from golden.cells.schedule.dataflow import WIRES
from golden.cells.schedule.delays import delay
from golden.cells.trace import Trace
from golden.cells.value import select

ALONE = replace(GENERIC, budget=0)
"""One operation a cycle."""


def sum_of_product(trace: Trace) -> None:
    """Let a be ``a * k + b``, rounded; b stays."""
    a, b = trace.state("a", 8, 4, 0.0), trace.state("b", 8, 4, 0.0)
    factor = trace.constant("k", 0.75, 4)
    trace.write("a", (b + (a * factor).rounded(4)).fitted(8))
    trace.write("b", b)
    trace.spike(b < trace.number(3), a)


def program_of(text, operand_bits: int = 18):
    """Return the program of a step."""
    trace = Trace(1.0, operand_bits)
    text(trace)
    return trace.program()


# By hand


def test_one_operation_a_cycle():
    schedule = scheduled(program_of(sum_of_product), ALONE)
    # a * k is asked for in 1 and there in 2, when b is added; the sum is clipped in 3. Nobody
    # waits for b, which is read when it is used; b < 3 is as late as that.
    assert schedule.reads == {"state_a": (1,), "state_b": (2,)}
    assert schedule.writes == {"next_a": 4, "next_b": 2, "spike": 3, "margin": 1}
    assert (schedule.latency, schedule.settling, schedule.multipliers) == (4, 0, 1)


def test_operations_share_a_cycle_within_the_budget():
    schedule = scheduled(program_of(sum_of_product), GENERIC)
    # Sum of 9 bits and clip: 190 + 170 of 450.
    assert schedule.writes["next_a"] == 3


def test_registers_of_a_multiplier_and_of_a_table_count():
    program = program_of(sum_of_product)
    schedule = scheduled(program, replace(ALONE, product_cycles=3))
    assert schedule.writes["next_a"] == 6
    shared = scheduled(program, replace(ALONE, product_cycles=3), 4)
    assert (shared.writes["next_a"], shared.interval) == (6, 4)


def two_random_words(trace: Trace) -> None:
    """Spike if one of two random words is small, by a lot; the other one is kept."""
    first, second = trace.random(32), trace.random(4)
    trace.state("a", 8, 0, 0.0)
    trace.write("a", second)
    trace.spike(first < trace.number(1 << 30), trace.number(0))


def test_rounds_one_behind_the_other_take_a_cycle_each():
    schedule = scheduled(program_of(two_random_words), ALONE, 7, serial=True)
    # The number is taken in 1, rounds are done in 2 to 7, and in 8 both words are there.
    assert (schedule.reads["index"], schedule.rounds) == ((1,), (2, 3, 4, 5, 6, 7))
    assert (schedule.writes["next_a"], schedule.writes["spike"]) == (8, 9)
    at_once = scheduled(program_of(two_random_words), ALONE)
    assert (at_once.rounds, at_once.writes["next_a"]) == ((), 7)


def test_a_constant_of_each_neuron_is_a_word():
    program = program_of(sum_of_product)
    assert list(scheduled(program, GENERIC).constants) == ["constant_k"]
    each = scheduled(program, GENERIC, varying=["k"])
    assert (list(each.constants), each.reads["constant_k"]) == ([], (1,))


def test_a_state_is_not_written_before_it_is_read():
    def late(trace: Trace) -> None:
        a, b = trace.state("a", 8, 0, 0.0), trace.state("b", 8, 0, 0.0)
        square = b * b
        trace.write("a", select(b < trace.number(3), trace.number(1), trace.number(2)))
        trace.write("b", (a * (square * b).fitted(8)).fitted(8))
        trace.spike(b < trace.number(3), b)

    schedule = scheduled(program_of(late), ALONE)
    assert schedule.writes["next_a"] >= max(schedule.reads["state_a"]) == 4


def test_two_products_share_a_multiplier_in_two_phases():
    def twice(trace: Trace) -> None:
        a = trace.state("a", 8, 0, 0.0)
        trace.write("a", (a * a + a * trace.constant("k", 3, 0)).fitted(8))
        trace.spike(a < trace.number(0), a)

    schedule = scheduled(program_of(twice), GENERIC, 2, 1)
    starts = [schedule.starts[place] for place in schedule.units]
    assert sorted(start % 2 for start in starts) == [0, 1]
    assert set(schedule.units.values()) == {0}


# Refusals


def test_impossible_timetables_are_refused():
    program = program_of(sum_of_product)
    with pytest.raises(ValueError, match="^interval must be at least 1, not 0$"):
        scheduled(program, GENERIC, 0)
    with pytest.raises(ValueError, match="^interval must be at least 7 for serial, not 6$"):
        scheduled(program_of(two_random_words), GENERIC, 6, serial=True)
    with pytest.raises(ValueError, match="^multipliers must be at least 1, not 0$"):
        scheduled(program, GENERIC, 2, 0)
    said = "^factors of a program for up5k must have at most 16 bits, not 18$"
    with pytest.raises(ValueError, match=said):
        scheduled(program, UP5K)
    with pytest.raises(ValueError, match="^varying constants must be of k, not q, z$"):
        scheduled(program, GENERIC, varying=["q", "k", "z"])
    said = "^19 products in 3 cycles must have at least 7 multipliers, not 6$"
    with pytest.raises(ValueError, match=said):
        scheduled(HodgkinHuxley().program(1 / 64), GENERIC, 3, 6)


# What holds for all


def depth(schedule: Schedule, place: int) -> int:
    """Return what has gone of a cycle when an operation in it is done."""
    flow, start = schedule.dataflow, schedule.starts[place]
    before = 0
    for bits in flow.reads(place):
        source = flow.operations[bits.source]
        if source.kind != "word" and schedule.times[bits.source] > start:
            before = max(before, depth(schedule, bits.source))
    return before + delay(flow, place, schedule.fabric)


@pytest.mark.parametrize("cell", [Izhikevich(), AdEx(), HodgkinHuxley()])
@pytest.mark.parametrize(("fabric", "interval", "few"), [(UP5K, 1, 0), (UP5K, 3, 1), (ECP5, 2, 0)])
def test_nothing_is_read_before_it_is_there(cell, fabric, interval, few):
    program = cell.program(1 / 64, fabric.operand_bits)
    products = program.cost()["multiply"]
    schedule = scheduled(program, fabric, interval, -(-products // interval) if few else None)
    flow, steady = schedule.dataflow, schedule.dataflow.steady()
    for place, operation in enumerate(flow.operations):
        if operation.kind in WIRES or operation.kind == "word" or steady[place]:
            continue
        chained = [
            bits.source
            for bits in flow.reads(place)
            if flow.operations[bits.source].kind != "word"
            and not steady[bits.source]
            and schedule.times[bits.source] > schedule.starts[place]
        ]
        kinds = {flow.operations[source].kind for source in chained}
        assert not kinds & {"multiply", "table"}
        assert all(schedule.times[source] == schedule.starts[place] + 1 for source in chained)
        assert not chained or depth(schedule, place) <= fabric.budget
    slots = [(unit, schedule.starts[x] % interval) for x, unit in schedule.units.items()]
    assert len(slots) == len(set(slots)) == (products if few else 0)
    for name, cycles in schedule.reads.items():
        if name.startswith("state"):
            assert max(cycles) <= schedule.writes[f"next{name.removeprefix('state')}"]


def test_the_same_program_gives_the_same_timetable():
    first, second = (scheduled(AdEx().program(0.5, 16), UP5K, 2, 2) for _ in range(2))
    assert first.times == second.times
    assert first.units == second.units
