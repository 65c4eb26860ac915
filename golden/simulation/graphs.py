"""Networks in NIR files: what a command does with one."""

from pathlib import Path
from typing import Any

from golden.builder.network import Network
from golden.builder.units import milliseconds
from golden.simulation.scripts import NetworkFile, ScriptError

DURATION = 100
"""ms that a graph runs if nobody says how long: it does not say it itself."""


def graph(name: str) -> NetworkFile:
    """Return the network of a NIR file; its parameters are how the file is to be understood.

    Raises
    ------
    ScriptError
        If it is no NIR file, or when it is made, if it holds what cannot be done.
    """
    # They need scipy, h5py and nir, which take long to load.
    from golden.interchange.neurons import Reading
    from golden.interchange.nir import imported, read

    path = Path(name)
    try:
        content = read(path)
    except ValueError as error:
        raise ScriptError(str(error)) from error

    def make(seed: int, dt: str = "", **how: Any) -> Network:
        reading = None
        if dt:
            reading = Reading(float(milliseconds(dt, "dt")) / 1000, **how)
        return imported(content, reading, seed=seed).net

    text = f"A graph of {len(content.nodes)} nodes from {path.name}."
    parameters = {"dt": "", "spike": "unit", "integrate": "euler", "reset": "file"}
    return NetworkFile(name, path, text, DURATION, make, parameters)
