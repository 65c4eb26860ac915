"""Networks by what a user calls them: a name of `golden.examples`, or a file of any kind."""

from pathlib import Path

from golden.simulation.graphs import graph
from golden.simulation.scripts import NetworkFile, found
from golden.simulation.stored import stored

READERS = {".nir": graph, ".npz": stored}


def network_file(name: str) -> NetworkFile:
    """Return the file of a network.

    Raises
    ------
    ScriptError
        If there is none, or it does not hold what it must.
    """
    return READERS.get(Path(name).suffix, found)(name)
