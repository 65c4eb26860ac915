"""The tables of docs/cells.md are those of docs/results/."""

import csv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COLUMNS = {
    "cells/behaviours": {
        "cell": "cell",
        "behaviour": "behaviour",
        "step (ms)": "dt_ms",
        "float64": "spikes_float64",
        "18 bits": "spikes_18",
        "16 bits": "spikes_16",
    },
    "cells/solver": {
        "cell": "cell",
        "step (ms)": "dt_ms",
        "current": "current",
        "spikes: LSODA": "spikes_solver",
        "float64": "spikes_float64",
        "integers": "spikes_integers",
        "error of the step (ms)": "step_error_ms",
        "of the integers (ms)": "integer_error_ms",
        "of rates (Hz)": "rate_error_hz",
    },
    "cells/integrators": {
        "cell": "cell",
        "input": "case",
        "step (ms)": "dt_ms",
        "spikes: solved": "spikes_exact",
        "float64": "spikes_float",
        "integers": "spikes_integer",
        "error of the step (ms)": "step_ms",
        "of the integers (ms)": "integer_ms",
    },
    "networks": {
        "network": "network",
        "seed": "seed",
        "cells": "population",
        "integers (Hz)": "hz_integers",
        "float64 (Hz)": "hz_float",
        "lowest": "hz_float_lowest",
        "highest": "hz_float_highest",
        "difference (%)": "difference_percent",
        "correlation of counts": "count_correlation",
    },
    "learning/runs": {
        "network": "network",
        "numbers": "numbers",
        "seed": "seed",
        "weights changed by": "change",
        "excitatory (Hz)": "hz_exc",
        "inhibitory (Hz)": "hz_inh",
        "mean weight": "mean_weight",
        "weights below 5 % (%)": "low_percent",
        "above 95 % (%)": "high_percent",
        "power of 1 to 8 Hz (%)": "slow_percent",
        "of 30 to 70 Hz (%)": "gamma_percent",
    },
    "learning/windows": {
        "rule": "rule",
        "pairs": "pairs",
        "weights": "weights",
        "largest change": "largest_change",
        "largest difference": "largest_difference",
        "rounding may do": "stated_rounding",
    },
    "learning/digits": {
        "network": "network",
        "learned from": "learned",
        "labelled by": "labelled",
        "tested": "tested",
        "right by votes (%)": "votes_percent",
        "right by all activity (%)": "activity_percent",
        "without a spike": "silent",
        "spikes an image": "spikes_an_image",
    },
}
PAGES = {name: "learning" for name in COLUMNS if name.startswith("learning/")}
"""Of tables that are not on the page of cells."""


def markdown(name):
    """Write a recorded table as the page has it."""
    with (ROOT / f"docs/results/{name}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [list(COLUMNS[name]), ["---"] * len(COLUMNS[name])]
    lines += [[row[column] for column in COLUMNS[name].values()] for row in rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


@pytest.mark.parametrize("name", COLUMNS)
def test_page_has_the_recorded_table(name):
    page = (ROOT / f"docs/{PAGES.get(name, 'cells')}.md").read_text()
    assert page.split(f"<!-- {name} -->\n")[1] == markdown(name)
