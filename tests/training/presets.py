"""A file of presets as a user might write it."""

from pathlib import Path

MINE = """
[presets.small]
height = 4
width = 3
n_neurons = 6
n_lanes = 4
theta_shift = 0
stdp = "plain"

[recipes.plain]
epochs = 4
[recipes.plain.params]
theta_plus = 9
w_min = -100
w_max = 100
w_init_low = -20
w_init_high = 60
a_minus = 32
a_plus = "flat(32, 2)"
[[recipes.plain.phases]]
share = 1
rise = 1000
[[recipes.plain.phases]]
share = 2
a_plus = "16, 8"
leak_shift = 3
"""


def preset_file(folder: Path, old: str = "", new: str = "") -> str:
    """Write `MINE`, with one passage replaced; return the name of its preset."""
    assert not old or MINE.count(old) == 1
    path = folder / "my.toml"
    path.write_text(MINE.replace(old, new) if old else MINE)
    return f"{path}#small"
