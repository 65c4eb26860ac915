"""Networks in Python files: those of `golden.examples`, and a user's own."""

import importlib.util
import inspect
import json
import sys
import traceback
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from golden import examples
from golden.builder.network import Network
from golden.builder.units import milliseconds


class ScriptError(ValueError):
    """A network's file that cannot be used; the text says where and why."""


@dataclass(frozen=True, slots=True)
class NetworkFile:
    """A file that makes a network."""

    name: str
    """On the command line."""
    path: Path
    text: str
    """Its docstring."""
    duration: Any
    """How long it runs if nobody says; ms, or a text with a unit."""
    make: Callable[..., Any]
    parameters: Mapping[str, Any]
    """What ``--set`` can change, and the values if it does not."""
    seed: int = 1
    """If nobody gives another."""
    judge: Callable[[Network], Mapping[str, Any]] | None = None
    """What says how well it went, figures by name."""

    @property
    def headline(self) -> str:
        """What it shows, in a line."""
        return next(iter(self.text.splitlines()), "").strip()

    def network(self, seed: int, changes: Mapping[str, Any]) -> Network:
        """Make the network.

        Raises
        ------
        ScriptError
            If the file raises, or makes something else.
        """
        with _blamed(self.path):
            made = self.make(seed=seed, **changes)
        if not isinstance(made, Network):
            raise ScriptError(
                f"{self.path}: network() must return a Network, not {type(made).__name__}"
            )
        return made

    def results(self, net: Network) -> dict[str, Any]:
        """Return what the file says of a run.

        Raises
        ------
        ScriptError
            If the file raises, or says nothing that JSON can hold.
        """
        with _blamed(self.path):
            found = dict(self.judge(net)) if self.judge else {}
            json.dumps(found)
        return found


def names() -> list[str]:
    """Return the names of `golden.examples`."""
    return sorted(_files())


def _files() -> dict[str, Path]:
    """Return the files of `golden.examples` and its rooms by what a user calls them."""
    files = Path(examples.__path__[0]).rglob("[a-z]*.py")
    return {file.stem.replace("_", "-"): file for file in files}


def found(name: str) -> NetworkFile:
    """Return the script of a name or file.

    Raises
    ------
    ScriptError
        If there is none, it raises, or does not hold what a network's file must.
    """
    if name.endswith(".py"):
        path = Path(name)
        if not path.is_file():
            raise ScriptError(f"{name} must be a file, and there is none")
    elif name in names():
        path = _files()[name]
    else:
        raise ScriptError(f"a network must be a file, or one of {', '.join(names())}, not {name!r}")
    return _script(name, path, _module(path))


def _module(path: Path) -> ModuleType:
    """Run a file."""
    name = f"goldspike_network_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # A dataclass, such as a user's own cell, looks its module up.
    sys.modules[name] = module
    with _blamed(path):
        spec.loader.exec_module(module)
    return module


@contextmanager
def _blamed(path: Path) -> Generator[None]:
    """Within this context, what a file raises becomes an error that names its line."""
    try:
        yield
    except SyntaxError as error:
        place = f", line {error.lineno}" if error.lineno else ""
        raise ScriptError(f"{error.filename or path}{place}: {error.msg}") from error
    except (Exception, SystemExit) as error:
        # Python knows a script by its whole path, however its user wrote it.
        whole = {str(path), str(path.absolute())}
        lines = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in whole]
        place = f", line {lines[-1].lineno}" if lines else ""
        kind = "" if isinstance(error, ValueError) else f"{type(error).__name__}: "
        raise ScriptError(f"{path}{place}: {kind}{error}") from error


def _script(name: str, path: Path, module: ModuleType) -> NetworkFile:
    make = getattr(module, "network", None)
    if not callable(make):
        raise ScriptError(f"{path} must define network(seed), and does not")
    if not hasattr(module, "DURATION"):
        raise ScriptError(f"{path} must define DURATION, how long the network runs, and does not")
    duration = module.DURATION
    try:
        milliseconds(duration, f"DURATION in {path}")
    except ValueError as error:
        raise ScriptError(str(error)) from None
    return NetworkFile(
        name,
        path,
        module.__doc__ or "",
        duration,
        make,
        _parameters(path, make),
        judge=getattr(module, "results", None),
    )


def _parameters(path: Path, make: Callable[..., Any]) -> dict[str, Any]:
    """Return what a function takes beside the seed, with the defaults."""
    taken = dict(inspect.signature(make).parameters)
    if taken.pop("seed", None) is None:
        raise ScriptError(f"{path}: network() must have a parameter seed, and has none")
    for parameter in taken.values():
        if not isinstance(parameter.default, (bool, int, float, str)):
            raise ScriptError(
                f"{path}: {parameter.name} of network() must have a number, a text or a truth "
                "value as its default"
            )
    return {parameter.name: parameter.default for parameter in taken.values()}


def assigned(script: NetworkFile, text: str) -> tuple[str, Any]:
    """Read ``NAME=VALUE``; the value is of the kind of the parameter's default.

    Raises
    ------
    ValueError
        If there is no such name, or the value is not of its kind.
    """
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise ValueError(f"--set must be NAME=VALUE, not {text!r}")
    if name not in script.parameters:
        known = ", ".join(script.parameters) or "none, as there are no parameters"
        raise ValueError(f"--set for {script.name} must name one of {known}, not {name!r}")
    return name, _value(name, value, script.parameters[name])


def _value(name: str, text: str, default: Any) -> Any:
    if isinstance(default, bool):
        if text not in ("true", "false"):
            raise ValueError(f"{name} must be true or false, not {text[:40]!r}")
        return text == "true"
    for kind, what in ((int, "a whole number"), (float, "a number")):
        if isinstance(default, kind):
            try:
                return kind(text)
            except ValueError:
                raise ValueError(f"{name} must be {what}, not {text[:40]!r}") from None
    return text
