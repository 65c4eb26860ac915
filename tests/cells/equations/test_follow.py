"""Random small systems: integers follow float64 of the same integrator within a stated error."""

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from golden.cells import Equations
from golden.cells.evaluate import evaluate
from tests.cells.equations.runs import same_in_both_engines

DT = 1 / 8
STEPS = 200

numbers = st.integers(-20, 20).map(lambda n: n / 10)
rates = st.integers(2, 40).map(lambda n: n / 2)


@st.composite
def systems(draw):
    """Two or three variables that decay, with polynomials of the others and a bounded function.

    Each is ``x' = -x/tau + p(others, I)/ms`` with a cubic damping, so that it stays in its range.
    """
    names = ["x", "y", "z"][: draw(st.integers(2, 3))]
    lines = []
    for name in names:
        other = draw(st.sampled_from([*names, "I"]))
        terms = [
            f"-{name}/({draw(rates)}*ms)",
            f"({draw(numbers)}*{draw(st.sampled_from(names))}*{draw(st.sampled_from(names))})/(9*ms)",
            f"({draw(numbers)}*{other})/(5*ms)",
            f"tanh({draw(st.sampled_from(names))})*({draw(numbers)})/(3*ms)",
            f"-{name}**3/(2*ms)",
        ]
        keep = draw(st.lists(st.booleans(), min_size=3, max_size=3))
        text = [terms[0], *(t for t, k in zip(terms[1:4], keep, strict=True) if k), terms[4]]
        lines.append(f"{name}' = {' + '.join(text)}")
    start = {name: draw(numbers) / 2 for name in names}
    return Equations(
        "; ".join(lines),
        threshold="x > 0.25",
        inputs={"I": "1"},
        ranges={**dict.fromkeys(names, (-4, 4)), "I": (-2, 2)},
        start=start,
        table_entries=1024,
    )


def golden_run(cell, amount):
    """Return every variable after each step, of golden's evaluator."""
    program = cell.program(DT)
    states = {s.name: np.broadcast_to(s.start, (1,)) for s in program.states}
    arrivals = {"I": np.atleast_1d(program.receptor("I").scale.integer(amount))}
    kept = {name: [] for name in states}
    for _ in range(STEPS):
        states = evaluate(program, states, arrivals, [0] * 6, np.arange(1)).states
        for name, values in states.items():
            kept[name].append(program.state(name).scale.quantity(values)[0])
    return {name: np.array(values) for name, values in kept.items()}


@settings(max_examples=20, deadline=None, derandomize=True, phases=[Phase.generate])
@given(systems(), numbers)
def test_integers_follow_float64(cell, amount):
    """Bar: 0.0005 in a range of -4 to 4; seen: 0.0001, six bits of x."""
    real = cell.float64(DT, STEPS, {"I": amount})
    whole = golden_run(cell, amount)
    for name in cell.start:
        assert np.max(np.abs(whole[name] - real[name][:, 0])) < 0.0005


@settings(max_examples=3, deadline=None, derandomize=True)
@given(systems(), numbers)
def test_engine_has_goldens_state(cell, amount):
    same_in_both_engines(cell, DT, 40, {"I": amount})
