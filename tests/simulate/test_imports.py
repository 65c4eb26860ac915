"""What a run does not need is not loaded: a first result is there in seconds."""

import sys

from tests.shared.commands import done

SLOW = ("sympy", "scipy.sparse", "nir", "h5py", "matplotlib")


def test_a_simple_network_loads_nothing_slow_before_its_report():
    program = (
        "import sys, golden.simulate\n"
        "from golden.simulation.named import network_file\n"
        "net = network_file('neurapse-feedforward').network(1, {})\n"
        "net.run(steps=5, engine='golden')\n"
        f"print([name for name in {SLOW} if name in sys.modules])"
    )
    status, out, err = done("-c", program)
    assert (status, out, err) == (0, "[]\n", "")


def test_equations_are_there_when_they_are_asked_for():
    from golden import cells

    assert cells.Equations.__name__ == "Equations"
    assert "sympy" in sys.modules
