"""Weights for the report: what every connection that learns had at first, and what it has now."""

import numpy as np

from golden.builder.network import Network
from golden.builder.projection import Projection
from golden.pictures.chart import svg
from golden.pictures.markup import figure, text
from golden.pictures.weights import fields, histogram

LEAST_SIDE, MOST_CELLS, ACROSS = 8, 100, 20
"""Pixels of an image's side, and cells, that are drawn as fields; cells in a row."""


def weights(net: Network) -> str:
    """Return their drawings; nothing if nothing learns."""
    blueprint = net.build().blueprint
    learn = {rows.connection for rows in blueprint.rows if rows.learning}
    return "".join(_of(net, p) for p in net.projections if p.number in learn)


def _of(net: Network, synapses: Projection) -> str:
    blueprint = net.build().blueprint
    rows = [r for r in synapses.rows.values() if r.learning]
    learned = [r.learning for r in rows if r.learning]
    before = np.concatenate([x.weight.scale.quantity(x.start[0]) for x in learned])
    after = synapses.weights
    low = min(float(x.weight.scale.quantity(np.int64(x.weight.low))) for x in learned)
    high = max(float(x.weight.scale.quantity(np.int64(x.weight.high))) for x in learned)
    edge = (high - low) / 20
    lowest, highest = (100 * x.mean() for x in (after < low + edge, after > high - edge))
    told = (
        f"{synapses.name}: {len(after):,} weights, {before.mean():.4g} on the mean at first "
        f"(line), {after.mean():.4g} now (area); {lowest:.1f} % are in the lowest twentieth, "
        f"{highest:.1f} % in the highest."
    )
    drawn = figure(svg(histogram(before, after, (low, high)), "weights"), text(told))
    source, target = (blueprint.groups[x] for x in (rows[0].source, rows[0].target))
    side = round(source.size**0.5)
    square = len(rows) == 1 and side * side == source.size >= LEAST_SIDE**2
    if square and target.size <= MOST_CELLS:
        wall = np.zeros((source.size, target.size))
        wall[synapses.pre - source.first, synapses.post - target.first] = after
        caption = (
            f"What each of {text(target.name)} has learned: its weights as {side} x {side} pixels."
        )
        drawn += figure(svg(fields(wall, side, min(ACROSS, target.size)), "fields"), caption)
    return f'<div class="broad">{drawn}</div>'
