"""Axes of pictures say what quantities are in, where somebody knows."""

from golden import cells
from golden.builder import Network
from golden.pictures import f_i_curve, phase_plane


def test_axes_say_the_units_that_are_known():
    net = Network(dt="1/2 ms")
    v = net.record(net.population(2, cells.Izhikevich()), "v")
    net.run(steps=4)
    assert {axes.get_ylabel() for axes in v.plot().axes} == {"v, mV"}
    own = cells.Equations(
        "dv/dt = (-v + I*Gohm)/(9*ms) : mV\ndw/dt = -w/(5*ms) : 1",
        inputs={"I": "pA"},
        ranges={"I": (-50, 50), "v": (-90, 90), "w": (-1, 1)},
        threshold="v > 20*mV",
        reset="v = 0*mV",
    )
    assert f_i_curve(own, [0.0, 40.0]).axes[0].get_xlabel() == "I, pA"
    plane = phase_plane(own, 10.0).axes[0]
    assert (plane.get_xlabel(), plane.get_ylabel()) == ("v, mV", "w")
    free = cells.IF().program(1).state("v").scale
    assert (free.axis("v"), cells.LIF().program(1).state("v").scale.axis("v")) == ("v", "v, mV")
