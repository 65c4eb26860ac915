"""Send valid, mutated and random frames to the simulated top level, and hold it to docs/link.md.

The built top level, with a small --core, hears frames as they are and frames
that are flipped, cut, doubled, lengthened and interrupted by noise, breaks and
silence, alone and in bursts that overrun its queue; half of the mutated ones
would change what was learned, if they were done. A network core runs, too: spikes
are fetched and items fed while it waits in the middle of a step. A device in Python
(sim.device.line) hears the same and says what must come back. After every burst the
device must answer a STATUS, within a bounded time; every reply must be the one
predicted, bit by bit, and every lost frame must have been reported. Now and
then, and at the end, all memories and registers are read back: they must be as
predicted, and nothing that is learned may have changed.
Exit status: 0 all is as it must be, 1 it is not, 2 bad options, 130 interrupted.

Time: 100,000 frames take about six minutes of one core of a shared AMD EPYC.

for example:
  python -m sim.fuzz
  python -m sim.fuzz --frames 2000 --seed 7
  python -m sim.fuzz --core network --frames 10000
"""

import sys
from argparse import Namespace
from itertools import zip_longest
from random import Random

from rich.table import Table

from golden.command.console import FAILED, OK, OUT, Display
from golden.command.frame import Command, Parser
from golden.command.options import whole, within
from golden.training.course import MAX_SEED
from sim.battery.dialogues import DIALOGUES
from sim.battery.script import Script
from sim.targets.library import THOROUGH, library
from sim.targets.serial import DRIVER, Serial
from sim.targets.target import SimulatorError
from sim.traffic.bursts import Burst
from sim.traffic.dialogue import Disagreement
from sim.traffic.fuzz import Fuzz
from sim.traffic.noise import DIVISOR

CORES = {"dense": "halves", "network": "runs"}
"""Dialogues of the battery with whose top level a kind of core is fuzzed."""


def opened(dialogue: Script) -> Serial:
    """Return a line to the top level that is fuzzed."""
    return Serial(library(dialogue.top(), DRIVER, THOROUGH), DIVISOR)


def add_options(parser: Parser) -> None:
    """Add how much is sent."""
    parser.add_argument("--core", choices=CORES, default="dense", help="(default: dense)")
    parser.add_argument("--frames", type=whole, default=100_000, help="to send (default: 100000)")
    parser.add_argument("--seed", type=whole, default=1, help="of all choices (default: 1)")


def send(args: Namespace) -> int:
    """Carry out what the options ask for; return the exit status."""
    within("--frames", args.frames, 1)
    within("--seed", args.seed, 0, MAX_SEED)
    dialogue = DIALOGUES[CORES[args.core]]
    with OUT.status("building the top level"):
        line = opened(dialogue)
    fuzz = Fuzz(line, dialogue.traffic(Random(args.seed)))
    try:
        with Display() as display:
            task = display.add_task("frames", total=args.frames)
            fuzz.run(args.frames, lambda n: display.tell(task, n, f"{line.cycles:,} cycles"))
    except (Disagreement, SimulatorError) as error:
        OUT.print(failure(fuzz, args, error), markup=False)
        return FAILED
    finally:
        line.close()
    OUT.print(summary(fuzz))
    OUT.print(verdict(fuzz), markup=False)
    return OK


def failure(fuzz: Fuzz, args: Namespace, error: Exception) -> str:
    """Say what is wrong, after what, and how to see it again."""
    last = fuzz.last or Burst("nothing", [], 0)
    sent = [item.hex(" ") if isinstance(item, bytes) else str(item) for item in last.items]
    again = max(1, fuzz.n_frames + last.n_frames)
    return "\n  ".join((
        f"failed behind frame {fuzz.n_frames}: {error}",
        f"sent then, {last.kind}:",
        *(f"  {text}" for text in sent[-20:]),
        f"again: python -m sim.fuzz --core {args.core} --seed {args.seed} --frames {again}",
        "rules: docs/link.md; what must come back: sim/device/line.py, sim/device/requests.py",
    ))


def summary(fuzz: Fuzz) -> Table:
    """Return a table of what was sent and what came back."""
    table = Table("sent", "frames", "came back", "replies", box=None)
    for at in (1, 3):
        table.columns[at].justify = "right"
    dialogue = fuzz.dialogue
    sent = [(kind, f"{n:,}") for kind, n in sorted(fuzz.kinds.items())]
    names = {s.value: s.name for known in fuzz.traffic.statuses for s in known}
    came = [(names[status], f"{n:,}") for status, n in sorted(dialogue.replies.items())]
    came += [(f"report {status.name}", f"{n:,}") for status, n in sorted(dialogue.reports.items())]
    for left, right in zip_longest(sent, came, fillvalue=("", "")):
        table.add_row(*left, *right)
    return table


def verdict(fuzz: Fuzz) -> str:
    """Return the result in a sentence or two."""
    dialogue = fuzz.dialogue
    return (
        f"{fuzz.n_frames:,} frames in {dialogue.line.cycles:,} cycles, "
        f"{fuzz.traffic.told()}; {dialogue.lost:,} frames lost, all of them "
        f"reported. The slowest sign of life came after {dialogue.longest:,} cycles"
    )


main = Command("sim.fuzz", __doc__, add_options, send, refused=(SimulatorError,))

if __name__ == "__main__":
    sys.exit(main())
