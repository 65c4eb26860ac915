"""A few test images presented step by step: section 6 of the report."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from golden.dense.classifier import decide, scores
from golden.dense.core import Presentation, present
from golden.dense.engine import infer
from golden.dense.wta import NOBODY
from golden.pictures.markup import count, number, text
from golden.report.membranes import Drawn, membranes
from golden.report.neurons import Neurons
from golden.report.pictures import picture, pictures, thumbnail
from golden.training.model_file import Model
from golden.training.outcome import Outcome

N_RIGHT, N_WRONG = 3, 2
"""Images told of, rightly and wrongly answered."""
SEARCHED = 1000
"""Test images among which they are looked for."""
N_SCORES = 4
"""Labels whose votes are listed."""


class Story(NamedTuple):
    """One test image and what became of it."""

    place: int
    """Among the test images."""
    pixels: NDArray[np.uint8]
    """(height, width)."""
    label: int
    answer: int
    presentation: Presentation


def stories(outcome: Outcome, neurons: Neurons) -> str:
    """Return the stories of the first right and the first wrong answers among the test images."""
    told = find(outcome)
    n_right = sum(story.answer == story.label for story in told)
    searched = min(SEARCHED, len(outcome.dataset.test_images))
    lead = (
        f"The first {count(n_right, 'right answer')} and {count(len(told) - n_right, 'wrong one')} "
        f"among the first {searched:,} test images, recomputed by the step model without learning. "
        "Above, every mark is a spike of an input; below, each line is a neuron’s membrane "
        "potential, less its threshold. A neuron can spike (▲) and vote once its line has "
        "reached 0; in every step only the furthest above it does, and is then reset."
    )
    if outcome.model.params.ballot:
        lead += " The other votes are those of the next best in the same step."
    return f"<p>{lead}</p>" + "".join(_article(outcome.model, neurons, story) for story in told)


def find(outcome: Outcome) -> list[Story]:
    """Return the first right answers, then the first wrong ones, each in order of the images."""
    model, dataset = outcome.model, outcome.dataset
    images, labels = dataset.test_images[:SEARCHED], dataset.test_labels[:SEARCHED]
    flat = images.reshape(len(images), -1)
    records = infer(model.params, model.state, flat, threads=1)
    spikes = np.concatenate([record.spikes for record in records])
    answers = np.array([
        decide(model.params, model.votes, row[row != NOBODY].tolist()) for row in spikes
    ])
    right, wrong = np.flatnonzero(answers == labels), np.flatnonzero(answers != labels)
    told = []
    for place in (*right[:N_RIGHT].tolist(), *wrong[:N_WRONG].tolist()):
        pixels = flat[place].astype(np.int64)
        presentation, _ = present(model.params, model.state, pixels)
        answer = decide(model.params, model.votes, presentation.spikes)
        told.append(Story(place, images[place], int(labels[place]), answer, presentation))
    return told


def _article(model: Model, neurons: Neurons, story: Story) -> str:
    names, presentation = neurons.names, story.presentation
    right = story.answer == story.label
    mark = '<b class="yes">✓ right</b>' if right else '<b class="no">✗ wrong</b>'
    drawing, cast = membranes(model, presentation)
    steps = f"{len(presentation.steps)} of {model.params.n_steps} steps"
    image = picture(thumbnail(story.pixels), f"test image {story.place}", "input")
    return (
        f"<article><h3>{text(names[story.label])} → {text(names[story.answer])} {mark} "
        f"<small>test image {story.place:,}; decided after {steps}, "
        f"{count(presentation.n_events, 'input spike')} and "
        f"{count(len(presentation.spikes), 'vote')}</small></h3>"
        f'<div class="story"><div class="sides">{image}{_scores(model, names, presentation)}</div>'
        f'<div class="drawing">{drawing}</div>'
        f'<ul class="cast">{_cast(model, neurons, cast)}</ul></div></article>'
    )


def _scores(model: Model, names: tuple[str, ...], presentation: Presentation) -> str:
    if not presentation.spikes:
        return "<p>No neuron spiked, so the answer is the first label.</p>"
    score = scores(model.params, model.votes, presentation.spikes)
    best = np.argsort(-score, kind="stable")[:N_SCORES].tolist()
    top = max(int(score[best[0]]), 1)
    bars = "".join(
        f'<li><span>{text(names[label])}</span><i style="width:{60 * score[label] / top:.0f}%"></i>'
        f"{number(score[label])}</li>"
        for label in best
        if score[label]
    )
    return f'<ul class="scores" aria-label="votes">{bars}</ul>'


def _cast(model: Model, neurons: Neurons, cast: list[Drawn]) -> str:
    images = pictures(model.params, model.state.w[:, [drawn.neuron for drawn in cast]])
    return "".join(
        f"<li>{picture(image, f'weights of neuron {drawn.neuron}', 'neuron')}<span>"
        f'<i class="stroke {drawn.stroke[0]}"></i>{_role(drawn)}<br>'
        f"stands for <b>{text(neurons.name(drawn.neuron))}</b><br>"
        f"<small>neuron {drawn.neuron:,}, threshold {drawn.threshold:,}</small></span></li>"
        for drawn, image in zip(cast, images, strict=True)
    )


def _role(drawn: Drawn) -> str:
    if not drawn.ranks:
        return f"lacked {-drawn.best:,}" if drawn.best < 0 else "reached its threshold, lost"
    return "vote " + ", ".join(str(rank + 1) for rank in drawn.ranks)
