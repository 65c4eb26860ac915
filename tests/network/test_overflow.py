"""A number that does not fit its word: the run fails, and says where."""

import pytest

from golden.builder import Network
from tests.network.tiny import Adder

both = pytest.mark.parametrize("engine", ["golden", "numba"])
SAID = "no word must saturate, but v of low did 6 times, first ever in step 4"


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


def test_what_to_do_is_one_of_two():
    with pytest.raises(ValueError, match=r"^overflow must be raise or warn, not ignore$"):
        network().run(1, overflow="ignore")
