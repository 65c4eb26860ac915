"""The run in a few numbers: section 1 of the report."""

from typing import Any

from golden.pictures.markup import count, number, percent, text

REQUIRED = (
    "dataset",
    "neurons",
    "weight_bits",
    "rule",
    "seed",
    "epochs",
    "train_images",
    "test_images",
    "test_accuracy",
    "images_per_second",
    "events_per_image",
    "cycles_per_image",
    "state_sha256",
)
"""Metrics that every run has."""
CARDS = (
    ("neurons", "neurons"),
    ("weight_bits", "bits a weight"),
    ("rule", "learning rule"),
    ("dataset", "data set"),
    ("images_per_second", "images per second"),
    ("events_per_image", "input spikes per image"),
    ("cycles_per_image", "clock cycles per image, predicted"),
)


def check_metrics(metrics: dict[str, Any]) -> None:
    """Raise ValueError if a required number is missing."""
    for name in REQUIRED:
        if name not in metrics:
            raise ValueError(f"metrics must hold {name!r}, not only {', '.join(sorted(metrics))}")


def headline(metrics: dict[str, Any]) -> str:
    """Return the accuracy, the numbers around it and the state hash."""
    cards = "".join(
        f"<div><dd>{number(metrics[name])}</dd><dt>{title}</dt></div>" for name, title in CARDS
    )
    silent = metrics.get("no_answer")
    silence = f" For {count(silent, 'test image')} no neuron spiked." if silent else ""
    form = metrics.get("form")
    seen = f" Its images have the form <code>{text(form)}</code>." if form else ""
    return (
        f'<p class="accuracy"><b>{percent(metrics["test_accuracy"])}</b> of '
        f"{number(metrics['test_images'])} test images named correctly</p>"
        f"<p>It learned from {number(metrics['train_images'])} training images in "
        f"{count(metrics['epochs'], 'epoch')} with seed {text(metrics['seed'])}.{silence}{seen}</p>"
        f'<dl class="cards">{cards}</dl>'
        f'<p class="hash">State hash (SHA-256 of everything learned) '
        f"<code>{text(metrics['state_sha256'])}</code></p>"
    )
