"""The engine's clock: as many cycles as the cycle model lays out, for whatever happens."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from golden.dense.engine import Learner, infer
from golden.dense.timing import present
from tests.dense.records import phases
from tests.dense.test_timing import IMAGE, LEARNING, STATE
from tests.shared.cases import Case, cases


@st.composite
def cut(draw) -> Case:
    """Draw a network, cut into words, on one port or two."""
    case = draw(cases())
    lanes = min(case.p.n_neurons, draw(st.integers(1, 8)))
    p = replace(case.p, n_lanes=lanes, single_port=draw(st.booleans()))
    return case._replace(p=replace(p, reward="none") if p.label.width > 2 * p.weight_bits else p)


def test_cycles_of_the_presentation_worked_out_by_hand():
    image = IMAGE.astype("u1")[None]
    assert Learner(LEARNING, STATE).learn(image, IMAGE[:1]).cycles.tolist() == [67]
    [record] = infer(replace(LEARNING, ballot=True), STATE, image)
    assert record.cycles.tolist() == [62]


def test_clock_equals_the_cycle_model_and_all_phases_happen():
    seen: Counter[str] = Counter()

    @settings(max_examples=120, derandomize=True, deadline=None)
    @given(cut())
    def compare(case):
        p, state, classes = case.p, case.state, case.classes
        learner = Learner(p, state, classes)
        for image, label in zip(case.images, case.labels, strict=True):
            pixels, right = image.astype("i8"), int(label)
            shown = present(p, p, state, pixels, classes=classes)
            [record] = infer(p, state, image[None], 1)
            assert record.cycles.tolist() == [shown.cycles]
            seen.update(name for name, _ in phases(shown.rows))
            shown = present(p, p, state, pixels, learn=True, label=right, classes=classes)
            assert learner.learn(image[None], label[None]).cycles.tolist() == [shown.cycles]
            seen.update(name for name, _ in phases(shown.rows))
            state = shown.state

    compare()
    often = {"DRY", "LEAK", "BAR", "RISE", "INHIBIT", "RELEASE", "DECAY", "DECIDE", "SWEEP"}
    assert all(seen[name] > 10 for name in often)
