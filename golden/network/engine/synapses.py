"""Synapses laid out for the compiled loop: single ones, runs, those of short-term plasticity."""

from collections.abc import Callable

import numpy as np

from golden.network.blueprint import Blueprint, Rows
from golden.network.engine.net import GAP_COLUMNS

LEAST_RUN = 32
"""Targets in a row that are worth a loop of their own."""


def released(blueprint: Blueprint) -> list[int]:
    """Return which rows have short-term plasticity, by source."""
    found = [k for k, rows in enumerate(blueprint.rows) if rows.release]
    return sorted(found, key=lambda k: blueprint.rows[k].source)


def synapses(
    blueprint: Blueprint, address: Callable[[int, str], int], slot: int
) -> dict[str, np.ndarray]:
    """Lay out all synapses; those of short-term plasticity follow the others.

    Parameters
    ----------
    address : callable
        Says where in a slot the sums of (group, receptor) begin.
    slot : int
        Sums of a step.
    """

    def offsets(rows: Rows) -> np.ndarray:
        into = address(rows.target, rows.receptor)
        return rows.delay.astype(np.int64) * slot + into + rows.post

    pre, offset, weight = [], [], []
    for rows in blueprint.rows:
        if not rows.release and not rows.learning:
            first = blueprint.groups[rows.source].first
            pre.append(first + np.repeat(np.arange(len(rows.start) - 1), np.diff(rows.start)))
            offset.append(offsets(rows))
            weight.append(rows.weight)
    made = rows_and_runs(blueprint.neurons, joined(pre), joined(offset), joined(weight))
    last = [blueprint.rows[k] for k in released(blueprint)]
    begins = np.cumsum([len(made["offset"]), *(rows.synapses for rows in last)])
    starts = [rows.start + begin for rows, begin in zip(last, begins, strict=False)]
    return {
        **made,
        "offset": joined([made["offset"], *map(offsets, last)]).astype(np.int32),
        "weight": joined([made["weight"], *(rows.weight for rows in last)]).astype(np.int32),
        "release_start": joined(starts),
    }


def junctions(
    blueprint: Blueprint,
    address: Callable[[int, str], int],
    place: Callable[[int, str, np.ndarray], np.ndarray],
) -> np.ndarray:
    """Lay out gap junctions; ``place`` says where neurons have a state variable."""
    rows = [np.zeros((0, GAP_COLUMNS), np.int64)]
    for gaps in blueprint.gaps:
        source, target = (blueprint.groups[x].program for x in (gaps.source, gaps.target))
        assert source is not None
        assert target is not None
        columns = [
            place(gaps.source, source.potential, gaps.pre),
            place(gaps.target, target.potential, gaps.post),
            address(gaps.target, gaps.receptor) + gaps.post,
            gaps.ahead,
            gaps.behind,
            gaps.offset,
            np.full(len(gaps.pre), gaps.shift),
        ]
        rows.append(np.stack(columns, axis=1).astype(np.int64))
    return np.concatenate(rows)


def joined(parts: list[np.ndarray]) -> np.ndarray:
    """Return them one behind the other, as int64."""
    return np.concatenate([np.zeros(0, np.int64), *parts])


def rows_and_runs(
    neurons: int, pre: np.ndarray, offset: np.ndarray, weight: np.ndarray
) -> dict[str, np.ndarray]:
    """Split synapses into rows of single ones and runs to targets in a row."""
    order = np.lexsort((offset, pre))
    pre, offset, weight = pre[order], offset[order], weight[order]
    fresh = np.ones(len(pre), bool)
    fresh[1:] = (np.diff(pre) != 0) | (np.diff(offset) != 1)
    begin = np.flatnonzero(fresh)
    length = np.diff(np.append(begin, len(pre)))
    small = weight.min(initial=0) >= -(1 << 15) and weight.max(initial=0) < 1 << 15
    long = (length >= LEAST_RUN) & small
    in_run = np.repeat(long, length)
    ends = np.cumsum(length[long]) - length[long]
    starts = [np.searchsorted(x, np.arange(neurons + 1)) for x in (pre[~in_run], pre[begin[long]])]
    return {
        "row_start": starts[0],
        "offset": offset[~in_run].astype(np.int32),
        "weight": weight[~in_run],
        "run_start": starts[1],
        "run_offset": offset[begin[long]].astype(np.int32),
        "run_length": length[long].astype(np.int32),
        "run_weight": ends,
        "run_weights": weight[in_run].astype(np.int16),
    }
