"""Budgets: what is worse is said, what is better is not, and what is written is read."""

from boards.tools.budget import budget, with_budget, worse

FOUND = {"cells": 1000, "memories": 20, "fmax_mhz": 50.0, "seeds": 3, "board": "x"}
ALLOWED = {"cells": 1000, "memories": 20, "fmax_mhz": 50.0, "seeds": 3}


def test_five_percent_worse_is_allowed_and_one_more_is_not():
    assert worse(FOUND | {"cells": 1050, "memories": 21, "fmax_mhz": 47.5}, ALLOWED) == []
    assert worse(FOUND | {"cells": 1051, "memories": 22, "fmax_mhz": 47.4}, ALLOWED) == [
        "cells must be at most 1050 by the budget, not 1051",
        "memories must be at most 21 by the budget, not 22",
        "Fmax must be at least 47.5 MHz by the budget, not 47.4",
    ]


def test_better_is_no_failure():
    assert worse(FOUND | {"cells": 1, "memories": 1, "fmax_mhz": 500.0}, ALLOWED) == []


def test_fmax_of_fewer_seeds_is_not_judged():
    assert worse(FOUND | {"fmax_mhz": 1.0, "seeds": 2}, ALLOWED) == []
    assert worse(FOUND | {"fmax_mhz": 1.0, "seeds": 4}, ALLOWED) != []


def test_board_without_budget_is_not_judged(tmp_path):
    assert budget("x", tmp_path / "none.toml") == {}
    assert worse(FOUND, {}) == []


def test_budget_is_read_as_written_and_the_others_stay(tmp_path):
    path = tmp_path / "budgets.toml"
    path.write_text(with_budget("y", FOUND, with_budget("x", FOUND | {"cells": 7}, "")))
    assert (budget("x", path), budget("y", path)) == (ALLOWED | {"cells": 7}, ALLOWED)
    assert with_budget("y", FOUND, path.read_text()) == path.read_text()
    assert path.read_text().startswith("# What every board's design took")
