"""Records of the cycle model: read them, replay them, and draw cores to make them."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from golden.dense.interface import Phase
from golden.dense.params import Params
from tests.shared.cases import Case, cases

ALWAYS = ("phase", "step", "offset", "lfsr", "presented", "pixels_ready", "bus_ready")


def runs(values) -> list[tuple[int, int]]:
    """Return (value, how often) of every stretch of equal values."""
    ends = [*np.flatnonzero(np.diff(values)), len(values) - 1]
    return [(int(values[end]), int(n)) for end, n in zip(ends, np.diff([-1, *ends]), strict=True)]


def phases(rows) -> list[tuple[str, int]]:
    return [(Phase(value).name, n) for value, n in runs(rows["phase"].astype(np.int64))]


def strobes(rows) -> dict[int, dict[str, int | list[int]]]:
    """Return what is not 0 in each cycle, by cycle and field, but for what is always shown."""
    names = [name for name in rows.dtype.names if name not in ALWAYS]
    table = [{name: row[name].tolist() for name in names if row[name].any()} for row in rows]
    return {cycle: fields for cycle, fields in enumerate(table) if fields}


@st.composite
def cores(draw) -> tuple[Case, Params]:
    """Draw a network and the parameters of a core that can do at least as much."""
    case = draw(cases())
    lanes = min(case.p.n_neurons, draw(st.integers(1, 8)))
    p = replace(case.p, n_lanes=lanes, single_port=draw(st.booleans()))
    built = p if draw(st.booleans()) else envelope(p)
    return case._replace(p=p), built


def envelope(p: Params) -> Params:
    """Return parameters with everything that may be added at run time."""
    more = {"leak_sub": 1, "activity_gain": 1, "v_inhibit": 1, "drop_chance": 1, "ballot": True}
    return replace(
        p,
        **{name: value for name, value in more.items() if not getattr(p, name)},
        refrac=p.refrac + 1,
        bar_losers=True,
        a_plus=(*p.a_plus, 1),
        a_late=(*p.a_late, 1),
        reward="error" if p.label.width <= 2 * p.weight_bits else "none",
        vote_spikes=p.vote_spikes + 1,
    )


def replay(built: Params, rows, memories: dict[str, np.ndarray]) -> None:
    """Carry out the writes of some cycles."""
    for row in rows[rows["w_en"] > 0]:
        g = int(row["w_addr"]) % built.n_words
        lane = g * built.n_lanes + int(row["w_lane"])
        memories["w"][int(row["w_addr"]) // built.n_words, lane] = built.w.wrap(int(row["w_data"]))
    for row in rows[rows["last_en"] > 0]:
        memories["last"][int(row["last_axon"])] = int(row["last_data"])
    for row in rows[rows["n_en"].any(axis=1)]:
        name, fmt = ("theta", built.theta) if row["n_row"] & 1 else ("v", built.v)
        lanes = np.unpackbits(row["n_en"], bitorder="little", count=built.n_lanes) > 0
        word = memories[name].reshape(-1, built.n_lanes)[row["n_row"] >> 1]
        word[lanes] = fmt.wrap(row["n_data"].astype(np.int64))[lanes]
