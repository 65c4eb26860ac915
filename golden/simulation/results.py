"""What a run leaves in its folder, and says at its end."""

from pathlib import Path
from typing import Any

from golden.builder.inputs import Input
from golden.builder.network import Network
from golden.command.atomic import write_atomically
from golden.command.console import OUT
from golden.command.results import write_json
from golden.simulation.asked import AskedRun
from golden.simulation.spike_file import packed_spikes

RESULTS = ("report.html", "metrics.json", "spikes.npz")


def write(folder: Path, chosen: AskedRun, figures: dict[str, Any], again: str) -> None:
    """Write the results: those of an earlier run stay until all are made.

    Parameters
    ----------
    again : str
        The command that repeats the run.
    """
    # Matplotlib takes long to load: what is refused is refused without it.
    from golden.simulation.page import page

    report = page(chosen.script.text, again, chosen.net, chosen.spikes, figures)
    spikes = packed_spikes(chosen.net.build().blueprint, chosen.spikes)
    write_atomically(folder / "report.html", report.encode())
    write_atomically(folder / "spikes.npz", spikes)
    write_json(folder / "metrics.json", figures)


def summary(folder: Path, figures: dict[str, Any], net: Network) -> None:
    """Say what came out, and of which inputs nothing went in."""
    for name, population in net.populations.items():
        if isinstance(population.what, Input) and not figures["rate_hz"][name]:
            OUT.print(f"{name} gave no spike; --input {name}=FILE lets it", markup=False)
    rates = ", ".join(f"{name} {rate:.2f} Hz" for name, rate in figures["rate_hz"].items())
    for name, figure in figures.get("results", {}).items():
        OUT.print(f"{name}: {figure}", markup=False)
    OUT.print(
        f"{figures['spikes']:,} spikes in {figures['steps'] * figures['dt_ms']:g} ms: {rates}\n"
        f"{figures['steps_per_second']:,.0f} steps/s\nstate {figures['state_sha256']}\n"
        f"see {', '.join(str(folder / name) for name in RESULTS)}",
        markup=False,
    )
