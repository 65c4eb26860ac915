"""The frame of all commands: options, one call, and how it ends.

A new command is a file at the top of its package. Its docstring is its help: what it does, its exit
statuses, examples. What it is made of stands in this order::

    def add_options(parser: Parser) -> None:
        '''Add what the user can say.'''
        parser.add_argument("network", metavar="FILE", type=Path, help="...")
        parser.add_argument("--steps", type=whole, default=1000, help="... (default: %(default)s)")
        parser.add_argument("--json", type=Path, help="write the figures here, too")

    def simulate(args: Namespace) -> int:
        '''Run the network; return the exit status.'''
        within("--steps", args.steps, 1, MOST_STEPS)
        with judging():
            network = load(args.network)
        with Display() as display:
            figures = network.run(args.steps, display)
        if args.json:
            write_json(args.json, figures)
        return OK

    main = Command("golden.simulate", __doc__, add_options, simulate)

    if __name__ == "__main__":
        sys.exit(main())

What is refused is refused first, before anything is printed or written. A namespace does not leave
the file: what other files read of it is a frozen dataclass.

Beside this file: `entry` (``goldspike``, which starts any of them), `console` (what is printed,
progress, refusals, signals), `options` (kinds and ranges of numbers), `results` and `atomic`
(files, whole or not at all), `folder` (runs that go on after an interruption), `processes`
(programs and workers that end with the command).
"""

import argparse
import logging
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence

from golden.command.console import BAD_INPUT, ERR, FAILED, INTERRUPTED, InputError, handle

REFUSED = (InputError, OSError, MemoryError)
"""What ends any command with `BAD_INPUT`."""
Kinds = tuple[type[Exception], ...]


class Parser(argparse.ArgumentParser):
    """Options of a command; a wrong one is one line on stderr and exit status 2.

    Parameters
    ----------
    prog : str
        What the command is started with: ``python -m golden.x`` or ``goldspike x``.
    text : str or None
        Its help: the docstring of the module.
    """

    def __init__(self, prog: str, text: str | None):
        super().__init__(
            prog=prog,
            description=text,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )

    def error(self, message: str):
        """End the process."""
        ERR.print(f"error: {message} (see {self.prog} --help)", markup=False)
        self.exit(BAD_INPUT)


class Command:
    """A command; call it with the words behind its name to run it.

    Parameters
    ----------
    name : str
        It is started as ``python -m name``.
    text : str or None
        Its help: the docstring of its module.
    add_options : callable
        Tells a parser what the user can say.
    act : callable
        Does what the options say; returns the exit status.
    failures : tuple of types
        Exceptions that are one line and exit status 1.
    refused : tuple of types
        Exceptions that are one line and exit status 2, beside those in `REFUSED`.
    """

    def __init__(
        self,
        name: str,
        text: str | None,
        add_options: Callable[[Parser], object],
        act: Callable[[Namespace], int],
        *,
        failures: Kinds = (),
        refused: Kinds = (),
    ):
        self._name, self._text = name, text
        self.add_options, self._act = add_options, act
        self._failures, self._refused = failures, (*REFUSED, *refused)

    def options(self, words: Sequence[str], prog: str | None = None) -> Namespace:
        """Return what the user says, and, as ``words``, how; end the process if it is wrong."""
        module = f"python -m {self._name}"
        prog = prog or module
        parser = Parser(prog, self._text and self._text.replace(module, prog))
        self.add_options(parser)
        return parser.parse_args(words, Namespace(words=list(words)))

    def __call__(self, words: Sequence[str] | None = None, prog: str | None = None) -> int:
        """Run it, by the process's own words if none are given; return its exit status.

        What is not a bug becomes one line on stderr; anything else keeps its traceback. SIGTERM
        ends a command as Ctrl-C does. ``prog`` is what started it, if not ``python -m name``.
        """
        args = self.options(sys.argv[1:] if words is None else words, prog)
        # Where there is no home to write to, matplotlib finds another place, and says so at length.
        logging.getLogger("matplotlib").setLevel(logging.ERROR)
        previous = handle(signal.SIGTERM, signal.default_int_handler)
        try:
            return self._act(args)
        except self._failures as error:
            return tell(error, FAILED)
        except self._refused as error:
            return tell(error, BAD_INPUT)
        except KeyboardInterrupt:
            ERR.print("interrupted")
            return INTERRUPTED
        finally:
            signal.signal(signal.SIGTERM, previous)


def tell(error: Exception, status: int, what: str = "") -> int:
    """Say in one line what is wrong, and with ``what``; return the exit status."""
    said = str(error)
    if isinstance(error, OSError) and error.strerror:
        place = "a file" if error.filename is None else os.fsdecode(error.filename)
        said = f"{place} must be usable, not: {error.strerror}"
    ERR.print(f"error: {what}{' '.join(said.split())}", markup=False)
    return status
