"""What every neuron has learned: section 2 of the report, and ``weights.png``."""

import io
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from golden.dense.params import Params
from golden.pictures.markup import count, number, text
from golden.report.neurons import Neurons
from golden.report.pictures import NEGATIVE, POSITIVE, picture

TILE, CAPTION, GAP = 84, 18, 8
"""Pixels of ``weights.png``: side of a neuron's picture, height of its caption, space between."""
NAME_LENGTH = 8
"""Letters of a label's name that fit under a picture."""


def gallery(p: Params, neurons: Neurons) -> str:
    """Return the pictures of the neurons, a group for each label, and how to read them.

    Those that never won are the last group.
    """
    names = (*neurons.names, "never won")
    groups = "".join(_group(neurons, label, name) for label, name in enumerate(names))
    return f"<p>{_lead(neurons)}</p>{_key(p, neurons)}{groups}"


def _lead(neurons: Neurons) -> str:
    n_neurons, n_shown = len(neurons.wins), len(neurons.shown)
    lead = (
        "Each pair is one neuron: its weights, laid out like the image it looks at, and the mean "
        "of the images that it won. Click, tap or press Enter to enlarge. Neurons are grouped by "
        "the label they stand for; under each is that label and how often the neuron won when the "
        "training images were shown once more."
    )
    if n_shown == n_neurons:
        return f"{lead} All {count(n_neurons, 'neuron')} are shown."
    return (
        f"{lead} The most winning ones of each label are shown: "
        f"{n_neurons - n_shown:,} of {n_neurons:,} neurons are not shown."
    )


def _key(p: Params, neurons: Neurons) -> str:
    ramp = f"linear-gradient(90deg,rgb{NEGATIVE},transparent,rgb{POSITIVE})"
    if neurons.oriented:
        return (
            f'<p class="key"><span>no ink wanted</span><i class="ramp" style="background:{ramp}">'
            "</i><span>ink wanted</span><span>It sees edges, in eight directions: its weights were "
            "projected back to pixels, on a scale of its own.</span></p>"
        )
    scale = max(abs(p.w_min), abs(p.w_max))
    return (
        f'<p class="key"><span>−{scale}&nbsp;no ink wanted</span>'
        f'<i class="ramp" style="background:{ramp}"></i><span>ink wanted&nbsp;+{scale}</span></p>'
    )


def _group(neurons: Neurons, label: int, name: str) -> str:
    members = np.flatnonzero(neurons.groups == label)
    if not members.size:
        return ""
    places = np.flatnonzero(neurons.groups[neurons.shown] == label)
    tiles = "".join(_tile(neurons, int(place)) for place in places)
    hidden = len(members) - len(places)
    note = f", {hidden:,} not shown" if hidden else ""
    return (
        f"<h3>{text(name)} "
        f"<small>{count(len(members), 'neuron')}{note}</small></h3>"
        f'<div class="tiles">{tiles}</div>'
    )


def _tile(neurons: Neurons, place: int) -> str:
    neuron = int(neurons.shown[place])
    name, wins = neurons.name(neuron), neurons.wins[neuron]
    title = f"neuron {neuron}: label {name}, {wins:,} wins, theta {neurons.theta[neuron]:,}"
    dead = " dead" if neurons.dead[neuron] else ""
    return (
        f'<figure class="tile{dead}" data-neuron="{neuron}" tabindex="0" '
        f'title="{text(title)}">'
        f"{picture(neurons.pictures[place], title, 'neuron')}"
        f"{picture(neurons.means[place], 'mean of the images it won', 'mean')}"
        f"<figcaption>{text(_short(name))} · {number(wins)}</figcaption></figure>"
    )


def _short(name: str) -> str:
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1] + "…"


def poster(neurons: Neurons) -> bytes:
    """Return ``weights.png``: the pictures shown in the report, with label and wins, on white."""
    rows, columns = neurons.pictures.shape[1:3]
    scale = max(1, TILE // max(rows, columns))
    width, height = columns * scale, rows * scale
    across = int(np.ceil(np.sqrt(1.2 * len(neurons.shown))))
    down = -(-len(neurons.shown) // across)
    step = (max(width, TILE) + GAP, height + CAPTION + GAP)
    sheet = Image.new("RGB", (across * step[0] + GAP, down * step[1] + GAP), "white")
    draw = ImageDraw.Draw(sheet)
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    font = ImageFont.truetype(fonts / "DejaVuSans.ttf", 11)
    for place, neuron in enumerate(neurons.shown):
        left, top = GAP + place % across * step[0], GAP + place // across * step[1]
        tile = Image.fromarray(neurons.pictures[place])
        tile = tile.resize((width, height), Image.Resampling.NEAREST)
        sheet.paste(tile, (left, top), tile)
        draw.rectangle((left - 1, top - 1, left + width, top + height), outline="#d0d0d0")
        caption = f"{_short(neurons.name(neuron))} · {neurons.wins[neuron]:,}"
        draw.text((left + width / 2, top + height + 3), caption, "#303030", font, anchor="ma")
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG")
    return buffer.getvalue()
