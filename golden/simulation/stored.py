"""Built networks in files: what a command does with one."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from golden.builder.stored import StoredNetwork
from golden.network.plan import load
from golden.simulation.scripts import NetworkFile, ScriptError

DURATION = 100
"""ms that a built network runs if nobody says how long: it does not say it itself."""


def stored(name: str) -> NetworkFile:
    """Return the network in the file of a plan; its seed is that of what is drawn as it runs.

    Raises
    ------
    ScriptError
        If it is no such file.
    """
    path = Path(name)
    if not path.is_file():
        raise ScriptError(f"{name} must be a file, and there is none")
    try:
        plan = load(path)
    except ValueError as error:
        raise ScriptError(str(error)) from error

    def make(seed: int, **_: Any) -> StoredNetwork:
        return StoredNetwork(replace(plan, blueprint=replace(plan.blueprint, seed=seed)))

    text = f"A built network of {len(plan.blueprint.groups)} groups from {path.name}."
    return NetworkFile(name, path, text, DURATION, make, {}, plan.blueprint.seed)
