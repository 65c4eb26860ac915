"""Pictures: what is drawn is what happened, and the same thing gives the same bytes."""

import re
import warnings

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import StepPatch

from golden import cells
from golden.builder import Network, SpikeTrain, one_to_one
from golden.cells import Izhikevich
from golden.pictures import f_i_curve, graph, phase_plane, potentials, raster
from golden.pictures.alone import enough, single, threshold, trial
from golden.pictures.chart import BLUE, FAINT, ORANGE, SERIES, svg
from golden.pictures.f_i_curve import rates
from golden.pictures.graph import bundles
from golden.pictures.raster import _bin


def lines(axes, colour):
    """Return the points of the lines of a colour."""
    return [
        (np.asarray(line.get_xdata()).tolist(), np.asarray(line.get_ydata()).tolist())
        for line in axes.get_lines()
        if to_hex(line.get_color()) == colour and np.size(line.get_xdata())
    ]


def small():
    net = Network(dt="1/2 ms")
    train = net.input(2, SpikeTrain([0, 1, 5], [0, 1, 1]), "train")
    cell = net.population(2, Izhikevich(c=np.array([-65.0, -50.0])), "cell")
    net.connect(train, cell, one_to_one(), weight=[8, 4], delay=[1, 3])
    net.connect(cell, cell, one_to_one(), weight=-2, delay=1.5)
    return net


# By hand: raster


def test_every_spike_is_a_dot_and_every_population_has_a_colour():
    figure = raster(np.array([0.0, 3.0, 3.0]), np.array([0, 1, 2]), ["a", "b"], [2, 1], 10)
    above, below = figure.axes
    assert lines(above, SERIES[0]) == [([0, 3], [0, 1])]
    assert (([3], [2])) in lines(above, SERIES[1])
    assert [label.get_text() for label in above.get_yticklabels()] == ["a\n2", "b"]
    assert below.get_xlim() == (0, 10)


def test_a_rate_is_spikes_by_neurons_and_time():
    figure = raster(np.array([0.0, 0.2, 3.0]), np.array([0, 1, 0]), ["a"], [2], 4)
    outline = figure.axes[1].patches[0]
    assert isinstance(outline, StepPatch)
    assert np.asarray(outline.get_data()[0]).tolist() == [1000, 0, 0, 500]


@pytest.mark.parametrize(
    ("duration", "dt", "width"),
    [(4, 1, 1), (250, 1, 1), (251, 1, 2), (1000, 1, 5), (1000, 0.5, 5), (1e5, 0.125, 625)],
)
def test_bins_are_round_numbers_of_steps(duration, dt, width):
    assert _bin(duration, dt, 250) == width


def test_a_raster_without_spikes_is_empty():
    none = np.zeros(0)
    figure = raster(none, none.astype(int), ["a"], [3], 5)
    assert lines(figure.axes[0], SERIES[0]) == []


# By hand: potentials


def test_spikes_rise_from_the_line_to_the_threshold():
    times, values = np.array([1.0, 2, 3]), np.array([[0.0], [4], [-1]])
    figure = potentials(times, values, ["a"], [np.array([2.5])], [10.0])
    (axes,) = figure.axes
    assert lines(axes, SERIES[0]) == [([1, 2, 3], [0, 4, -1]), ([2.5], [10])]
    (stem,) = axes.collections
    assert [np.asarray(path.vertices).tolist() for path in stem.get_paths()] == [
        [[2.5, 4], [2.5, 10]]
    ]
    assert lines(axes, FAINT)[0][1] == [10, 10]


@pytest.mark.parametrize(("name", "angle"), [("v", 0), ("theta", 90)])
def test_short_names_stand_upright(name, angle):
    figure = potentials(np.arange(3.0), np.zeros((3, 1)), ["a"], variable=name)
    assert figure.axes[0].yaxis.label.get_rotation() == angle


def test_silent_neurons_leave_room_for_their_lines():
    silent = [np.zeros(0)] * 6
    figure = potentials(np.arange(7.0), np.zeros((7, 6)), list("abcdef"), silent, [1.0] * 6)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg(figure, "nothing")


@pytest.mark.parametrize(
    ("cell", "mv"),
    [
        (cells.LIF(threshold=-52.0, refractory=5), -52),
        (cells.IF_curr_exp(v_thresh=-50.0), -50),
    ],
)
def test_a_threshold_that_is_subtracted_is_found_too(cell, mv):
    assert threshold(cell.program(0.5)) == pytest.approx(mv, abs=0.01)


@pytest.mark.parametrize(
    ("condition", "reset", "level"),
    [
        ("v > Vt", "v = -60*mV", -50),
        ("v >= -52*mV", "v = -60*mV", -52),
        ("v > 0*mV", "", 0),
        ("2*v > -90*mV", "v = -60*mV", None),
        ("v > Vt + w", "v = -60*mV", None),
    ],
)
def test_the_threshold_of_equations_is_found_where_it_is_a_constant(condition, reset, level):
    cell = cells.Equations(
        "v' = (I - v)/(10*ms) : mV; w' = -w/(5*ms) : mV",
        threshold=condition,
        reset=reset,
        refractory="2 ms",
        inputs={"I": "mV"},
        parameters={"Vt": "-50 mV"},
        ranges={"v": (-80, 20), "w": (0, 10), "I": (-50, 50)},
        start={"v": -60},
    )
    assert threshold(cell.program(0.5)) == (level and pytest.approx(level, abs=0.01))


def test_the_threshold_of_a_cell_is_found_in_its_program():
    assert threshold(Izhikevich().program(0.5)) == pytest.approx(30, abs=0.01)
    own = Izhikevich(c=np.array([-65.0, -50.0])).program(0.5)
    assert threshold(single(own, 1)) == pytest.approx(30, abs=0.01)


# By hand: a cell alone


def test_a_cell_alone_does_what_it_does_in_a_network():
    net = Network(dt="1/2 ms")
    cell = net.population(3, Izhikevich(d=np.array([8.0, 4.0, 2.0])), "cell")
    net.current(cell, 9)
    v, spikes = net.record(cell, "v"), net.record(cell)
    net.run(200, engine="golden")
    program = Izhikevich(d=np.array([8.0, 4.0, 2.0])).program(0.5)
    for k in range(3):
        lone = single(program, k)
        seen = trial(lone, lone.receptors[0].scale.integer([9.0, 0.0]), 400)
        assert seen.states["v"][:, 0].tolist() == v.integers[:, k].tolist()
        assert np.flatnonzero(seen.spikes[:, 0]).tolist() == spikes.t[spikes.i == k].tolist()
        assert not seen.spikes[:, 1].any()
    assert len(spikes.t) > 10


def test_enough_is_the_first_power_of_two_that_makes_a_spike():
    program = Izhikevich().program(0.5)
    current = enough(program, 0.5)
    # Known: this cell spikes from about 4 on.
    assert 3.8 < current < 7.6
    both = program.receptors[0].scale.integer([current, current / 2])
    assert trial(program, both, 400).spikes.any(axis=0).tolist() == [True, False]


def test_a_cell_that_spikes_by_itself_needs_enough_to_spike_more():
    program = cells.LIF(rest=-40.0, refractory=5).program(0.5)
    current = enough(program, 0.5)
    level = program.receptor("current").scale.integer([0, current, current / 2])
    alone, more, less = trial(program, level, 400).spikes.sum(axis=0)
    assert more > 1.5 * alone >= less > 0
    assert alone > 0


def test_rates_are_counted_after_the_cell_has_settled():
    program = Izhikevich().program(0.5)
    given = np.array([0.0, 10.0, 20.0])
    seen = trial(program, program.receptors[0].scale.integer(given), 1200).spikes[400:]
    found = rates(program, given, 0.5, duration=400, settle=200)
    assert found.tolist() == (seen.sum(axis=0) / 0.4).tolist()
    assert found[0] == 0
    assert 0 < found[1] < found[2]


def test_a_curve_has_the_currents_that_are_asked_for():
    (axes,) = f_i_curve(Izhikevich(), [0, 10, 20], dt=0.5, duration=100).axes
    ((currents, _),) = lines(axes, BLUE)
    assert currents == [0, 10, 20]


# By hand: phase plane


def test_nullclines_are_where_an_integer_step_leads_nowhere():
    """Izhikevich's: u = 0.04 v v + 5 v + 140 + I, and u = b v of the new v."""
    (axes,) = phase_plane(Izhikevich(), 10, dt=0.125, duration=100).axes
    found = {}
    for contour in axes.collections:
        points = [np.asarray(path.vertices) for path in contour.get_paths()]
        colours = np.atleast_2d(np.asarray(contour.get_edgecolor()))
        if points and colours.size:
            found[to_hex(tuple(colours[0]))] = np.concatenate(points)
    v, u = found[BLUE].T
    off = np.abs(u - (0.04 * v * v + 5 * v + 150))
    assert np.median(off) < 0.05
    v, u = found[ORANGE].T
    slow = np.abs(v + 60) < 8
    assert np.abs(u - 0.2 * v)[slow].max() < 1
    assert slow.sum() > 10


def test_a_plane_has_two_variables():
    with pytest.raises(ValueError, match=r"^a phase plane must have 2 state variables, not .*v.*$"):
        phase_plane(Lone())


class Lone(Izhikevich):
    """A cell with one variable more."""

    def step(self, trace):
        super().step(trace)
        trace.write("w", trace.state("w", 8, 0, 0))


# By hand: graph


def test_connections_of_a_graph_are_counted_and_weighed():
    net = small()
    fed, own = bundles(net.build().blueprint)
    assert (fed.source, fed.target, fed.synapses, fed.delays) == (0, 1, 2, (1, 3))
    assert fed.weight == pytest.approx(6, rel=1e-3)
    assert own.label == "2 × −2, 1.5 ms"
    words = [t.get_text() for t in net.graph().axes[0].texts]
    assert words == ["train\n2", "cell\n2", "2 × 6, 1–3 ms", "2 × −2, 1.5 ms"]


# By hand: from monitors


def test_monitors_draw_themselves():
    net = small()
    cell = net.populations["cell"]
    spikes, v = net.record(net.populations["train"] + cell[1:]), net.record(cell, "v")
    net.run(20)
    above = spikes.raster().axes[0]
    assert lines(above, SERIES[0]) == [([0, 1, 5], [0, 1, 1])]
    assert above.get_xlim() == (0, 20)
    drawn = v.plot(spikes).axes
    assert [axes.get_title(loc="left") for axes in drawn] == ["cell 0", "cell 1"]
    assert lines(drawn[1], SERIES[1])[0][1] == v.values[:, 1].tolist()


def test_spikes_of_a_neuron_are_found_in_whatever_part_it_is():
    net = small()
    train, cell = net.populations.values()
    spikes = net.record(cell[:1] + train[1:])
    net.run(20)
    assert spikes.of(train, 1).tolist() == [1, 5]
    assert spikes.of(train, 0).tolist() == []


# Equality


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_same_picture_is_the_same_bytes(tmp_path, kind):
    for name in ("a", "b"):
        graph(small().build().blueprint).save(tmp_path / f"{name}.{kind}")
    assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


def test_a_page_colours_what_it_embeds():
    drawing = svg(graph(small().build().blueprint), 'a <network> & "more"')
    assert drawing.startswith(
        '<svg role="img" aria-label="a &lt;network&gt; &amp; &quot;more&quot;"'
    )
    assert "var(--blue)" in drawing
    assert "var(--orange)" in drawing
    assert not re.search(r"#[0-9a-f]{6}", drawing)


def test_many_spikes_are_drawn_in_dots():
    random = np.random.default_rng(1)
    times, neurons = random.random(20_000) * 1000, random.integers(0, 500, 20_000)
    drawing = svg(raster(times, neurons, ["a"], [500], 1000), "raster")
    assert "data:image/png" in drawing
    assert len(drawing) < 400_000
