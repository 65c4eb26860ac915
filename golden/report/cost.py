"""What one image costs: section 7 of the report."""

from typing import Any

from golden.pictures.markup import number, table, text

SUFFIX = "_per_image"
KNOWN = {
    "events": "input spikes integrated; each reads one row of weights",
    "steps": "steps of network time until the decision",
    "spikes": "spikes of neurons",
    "sweeps": "sweeps of plasticity over all inputs",
    "cycles": "clock cycles of the hardware, predicted",
}
"""What is counted, in the order of the table."""


def cost(metrics: dict[str, Any]) -> str:
    """Return every metric that is a mean per image."""
    found = [name.removesuffix(SUFFIX) for name in metrics if name.endswith(SUFFIX)]
    order = [*(name for name in KNOWN if name in found), *sorted(set(found) - set(KNOWN))]
    rows = [(text(name), number(metrics[name + SUFFIX]), KNOWN.get(name, "")) for name in order]
    return f"{table(('', 'mean per image', 'meaning'), rows, 'plain')}<p>{_speed(metrics)}</p>"


def _speed(metrics: dict[str, Any]) -> str:
    speed = number(metrics["images_per_second"])
    software = f"The computer that trained took in {speed} images a second."
    cycles = metrics["cycles_per_image"]
    if not isinstance(cycles, (int, float)) or not cycles > 0:
        return software
    return f"{software} The hardware is predicted to take {number(1e6 / cycles)} per MHz of clock."
