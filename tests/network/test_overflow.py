"""A number that does not fit its word: the run fails, and says where."""

from dataclasses import dataclass

import pytest

from golden.builder import Network, steps
from golden.cells.cell import Cell
from golden.cells.trace import Trace
from sim.battery.tiny import Adder

both = pytest.mark.parametrize("engine", ["golden", "numba"])
SAID = "no word must saturate, but v of low did 6 times, first ever in step 4, at 4 ms"


@dataclass(frozen=True)
class Twice(Cell):
    """Saturates v at two places, at the later one first."""

    def step(self, trace: Trace) -> None:
        v, x = trace.state("v", 8, 0, 0.0), trace.receptor("x", 16, 0)
        high = trace.saturated(v + v, 8, "v")
        trace.write("v", x + high - high)
        trace.spike(v < trace.number(-1000), v)


def network() -> Network:
    net = Network(dt=1)
    net.population(2, Adder(), "fine")
    low = net.population(70, Adder(bits=8), "low")
    net.current(low[68:], -30)
    return net


@both
def test_a_run_whose_words_saturate_fails_after_all_steps_and_says_where(engine):
    net = network()
    net.run(steps=4, engine=engine)
    v = net.record(net.populations["low"][69:], "v")
    with pytest.raises(OverflowError) as error:
        net.run(steps=3, engine=engine)
    assert str(error.value) == SAID
    assert net.state.step == 7
    assert v.integers.tolist() == [[-128]] * 3


@both
def test_it_warns_instead_if_that_is_asked_for(engine):
    net = network()
    with pytest.warns(RuntimeWarning) as warned:
        net.run(steps=7, engine=engine, overflow="warn")
    assert [str(w.message) for w in warned] == [SAID]


@both
def test_a_run_is_judged_by_its_own_cases(engine):
    net = network()
    with pytest.raises(OverflowError):
        net.run(steps=7, engine=engine)
    net.run(steps=0, engine=engine)
    assert net.state.saturated == [{"current": 0, "v": 0}, {"current": 0, "v": 6}]


@both
def test_the_first_case_of_a_word_is_the_earliest_of_all_its_places(engine):
    net = Network()
    net.current(net.population(2, Twice(), "cells"), steps([3, 4], [500, 100]))
    with pytest.raises(OverflowError, match=r"v of cells did .* first ever in step 3, at 3 ms$"):
        net.run(steps=7, engine=engine)


def test_what_to_do_is_one_of_two():
    with pytest.raises(ValueError, match=r"^overflow must be raise or warn, not ignore$"):
        network().run(1, overflow="ignore")
