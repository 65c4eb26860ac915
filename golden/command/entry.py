"""``goldspike``, the one word that an installation adds: it starts any command by its last name.

``goldspike train ...`` is ``python -m golden.train ...``. Commands are found, not listed: they are
the files at the top of a package that can be run. Only the one that is asked for is imported, and
by its name, as ``python -m`` does, so that what knows all commands depends on none.
"""

import ast
import sys
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.machinery import FileFinder
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from golden.command.console import OK, OUT
from golden.command.frame import Command, Parser

NAME = "goldspike"
PACKAGES = ("golden", "sim", "hdl", "boards")
SHELLS = ("bash", "zsh", "tcsh")
HELP = """Spiking networks in integers: learned, simulated, and equal to their gates in every cycle.

{commands}

Each has a --help that teaches; goldspike train is python -m golden.train, and so on.

for example:
  goldspike train
  goldspike sweep --help
  goldspike --completion bash > ~/.local/share/bash-completion/completions/goldspike
"""


@dataclass(frozen=True)
class Known:
    """A command that is there, and not imported yet."""

    name: str
    """What the user types: ``train``."""
    module: str
    """Where it is: ``golden.train``."""
    headline: str
    """The first line of its help."""

    def load(self) -> Command:
        """Import it."""
        return import_module(self.module).main


def commands() -> dict[str, Known]:
    """Return all commands by their names, package by package."""
    return {each.name: each for package in PACKAGES for each in _commands_of(package)}


def _commands_of(package: str) -> Iterator[Known]:
    spec = find_spec(package)
    for found in iter_modules(spec and spec.submodule_search_locations):
        if found.ispkg or not isinstance(found.module_finder, FileFinder):
            continue
        file = found.module_finder.find_spec(f"{package}.{found.name}")
        source = Path(file.origin).read_text() if file and file.origin else ""
        if 'if __name__ == "__main__":' in source:
            text = ast.get_docstring(ast.parse(source)) or ""
            yield Known(found.name, f"{package}.{found.name}", text.partition("\n")[0])


def main(words: Sequence[str] | None = None) -> int:
    """Run the command that the first word names with the other words; return its exit status."""
    words = sys.argv[1:] if words is None else words
    known = commands()
    if words and words[0] in known:
        return known[words[0]].load()(words[1:], f"{NAME} {words[0]}")
    listed = "\n".join(f"  {name:10}{each.headline}" for name, each in known.items())
    parser = Parser(NAME, HELP.format(commands=listed))
    parser.add_argument("command", metavar="COMMAND", nargs="?", choices=known, help="see above")
    parser.add_argument("--completion", choices=SHELLS, help="print what completes words in SHELL")
    args = parser.parse_args(words)
    if not args.completion:
        parser.error("COMMAND must be given")
    OUT.out(completion(args.completion, known), highlight=False)
    return OK


def completion(shell: str, known: dict[str, Known]) -> str:
    """Return the script with which a shell completes commands, their options, choices and files."""
    import shtab

    parser = Parser(NAME, None)
    parts = parser.add_subparsers()
    for name, each in known.items():
        part = parts.add_parser(name, text=None, help=each.headline)
        each.load().add_options(part)
    _complete_files(parser, shtab.FILE)
    return shtab.complete(parser, shell)


def _complete_files(parser: ArgumentParser, files: dict[Any, Any]) -> None:
    """Let a shell offer files where one is meant, in subcommands too."""
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            for part in action.choices.values():
                _complete_files(part, files)
        elif action.type is Path:
            action.complete = files  # pyright: ignore[reportAttributeAccessIssue]
