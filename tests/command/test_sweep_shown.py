"""What golden.sweep shows: the table on the screen and the picture."""

from itertools import pairwise

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from golden.study.plot import MARKERS, drawn, learned
from golden.study.summary import summary
from golden.study.table import Table
from tests.command.sweep_rows import row
from tests.house.sources import ROOT


def no_cells(row):
    """Name no board."""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Return the recorded table: three presets of digits and MNIST, with fields and without."""
    path = tmp_path_factory.mktemp("recorded") / "accuracy.csv"
    path.write_bytes((ROOT / "docs/results/accuracy.csv").read_bytes())
    with Table(path) as table:
        return table.rows


# The table on the screen


def test_what_differs_has_columns_and_epochs_are_not_mixed():
    points = [(1, 50, 0.5), (2, 50, 0.75), (3, 50, 1.0), (1, 9, 0.25)]
    table = [row(seed=s, neurons=n, test_accuracy=a, set="") for s, n, a in points]
    table.append(row(neurons=9, epochs=2, test_accuracy=0.125, set=""))
    assert summary(table, no_cells) == summary(table[::-1], no_cells)
    assert summary(table, no_cells) == [
        "dataset x  preset x  rule x  weight_bits 1",
        "neurons  epochs  seeds               test accuracy  events  cycles  memory (bits)",
        "9        1           1                      25.00%       1       1              1",
        "9        2           1                      12.50%       1       1              1",
        "50       1           3  75.00% (50.00% to 100.00%)       1       1              1",
    ]


def test_figures_are_medians_and_estimates_are_called_so():
    figures = [(3, 1000, 100.4, 64), (1, 3000, 300, 64), (2, 2000, 200, 64)]
    table = [
        row(seed=s, cycles_per_image=c, events_per_image=e, weight_memory_bits=m, set="")
        for s, c, e, m in figures
    ]
    other = row(preset="y", weight_memory_bits=1234567, set="")
    cells = {"x": 5251, "y": None}
    lines = summary([*table, other], lambda row: cells[row["preset"]])
    assert lines[0] == "dataset x  rule x  neurons 1  weight_bits 1  epochs 1"
    assert lines[1].endswith("  events  cycles  memory (bits)  cells (estimate)")
    assert lines[2].split()[-4:] == ["200", "2,000", "64", "5,251"]
    assert lines[3].split() == ["y", "1", "100.00%", "1", "1", "1,234,567", "-"]
    assert len({len(line) for line in lines[1:]}) == 1


# The picture


def ticks(axis):
    """Return the labels of an axis that can be seen, in order, with where they are drawn."""
    low, high = sorted(axis.get_view_interval())
    found = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
    seen = [t for t in found if low <= t.get_loc() <= high and t.label1.get_text()]
    return [(t.label1.get_text(), t.label1.get_window_extent()) for t in seen]


def panels(rows):
    """Draw; return the panels by the names of their axes."""
    figure = drawn(rows)
    FigureCanvasAgg(figure).draw()
    return {axes.get_xlabel(): axes for axes in figure.axes}


NARROW = [row(events_per_image=e, neurons=n, weight_bits=8) for e, n in [(321, 20), (322.5, 21)]]
ONE = [row(neurons=200, weight_bits=8, events_per_image=320.5, weight_memory_bits=819200)]
WIDE = [
    row(neurons=n, weight_bits=b, weight_memory_bits=n * b * 784, events_per_image=n)
    for n, b in [(1, 1), (20, 3), (65536, 16)]
]


@pytest.mark.parametrize("rows", [NARROW, ONE, WIDE, None], ids=["narrow", "one", "wide", "all"])
def test_labels_of_ticks_are_few_apart_and_whole(recorded, rows):
    for axes in panels(rows or recorded).values():
        told = ticks(axes.xaxis)
        assert 1 <= len(told) <= 10
        for (_, left), (_, right) in pairwise(told):
            assert left.x1 + 3 < right.x0
        # 1k, 2M, 819.2k
        assert all("." not in text or text[-1] in "kMG" for text, _ in told)


def test_bits_of_a_weight_are_whole_numbers(recorded):
    told = ticks(panels(recorded)["bits of a weight"].xaxis)
    assert [text for text, _ in told] == ["4", "5", "6", "7", "8"]
    assert [text for text, _ in ticks(panels(ONE)["bits of a weight"].xaxis)] == ["8"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"preset": "mnist100", "set": ""}, "mnist, oriented field"),
        ({"preset": "mnist100", "set": "leak_shift=4 receptive_field=none"}, "mnist, pixels"),
        ({"preset": "mnist100", "set": "receptive_field=surround"}, "mnist, surround field"),
        ({"preset": "hx8k_pixels", "set": ""}, "mnist, pixels"),
        ({"preset": "gone.toml#mine", "set": ""}, "mnist, gone.toml#mine"),
    ],
)
def test_what_was_learned_is_told_with_its_field(changes, expected):
    assert learned(row(dataset="mnist", rule="stdp", **changes)) == expected


def test_data_pixels_and_fields_have_colours_and_rules_have_markers(recorded):
    figure = drawn(recorded)
    lines = {line.get_label(): line for line in figure.axes[0].lines}
    what = ["digits, oriented field", "mnist, oriented field", "mnist, pixels"]
    assert list(lines) == [f"{each}, {rule}" for each in what for rule in ("rstdp", "stdp")]
    colours = {label: line.get_color() for label, line in lines.items()}
    assert len(set(colours.values())) == 3
    for label, line in lines.items():
        assert line.get_marker() == MARKERS[str(label).split(", ")[-1]]
    [legend] = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == list(lines)


def test_many_data_sets_are_all_drawn_each_in_its_own_colour():
    rows = [row(dataset=f"d{i:02}", preset="none.toml#x") for i in range(12)]
    lines = drawn(rows).axes[0].lines
    assert len({line.get_color() for line in lines}) == len(lines) == 12
