"""Put faults into the hardware, one at a time, and count those that the lock-step notices.

tests/faults/ is a catalogue of faults, one file for each file of hdl/: a text
that is there, and a wrong one in its place. Each fault is put into a copy of the source in memory,
and the core that comes of it is run against the cycle model of golden.dense.timing,
in a handful of small networks that together show every feature, until the
first cycle that differs. A fault in hdl/network/ or hdl/cells/, or in a cell of
golden/cells/ of which gates are made, is run likewise in small network cores.
A fault in hdl/link/ is put into the top level, which
hears requests and spoilt frames over its line and must say what docs/link.md
says, up to the first reply that differs. A fault in hdl/wrappers/ is put into a
wrapper, whose masters must be told what golden says. A fault is caught if there is one.
Exit status: 0 all are caught, 1 a fault survives or is none, 2 bad options,
input or output, 130 interrupted.

Time: all faults take about an hour of one core of a shared AMD EPYC, half of it the link's.

for example:
  python -m sim.faults --only carry
  python -m sim.faults --csv docs/results/faults.csv
"""

import gc
import signal
import sys
import time
import tomllib
from argparse import Namespace
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from golden.command.console import FAILED, OK, OUT, Display, InputError, judging
from golden.command.frame import Command, Parser
from golden.command.options import add_jobs_option, to_write, within
from golden.command.processes import workers
from golden.command.results import read_table, write_json, write_table
from golden.cycles.stimulus import Stimulus
from sim.battery.buses.wrappers import WRAPPERS, heard_wrong, must_tell
from sim.battery.cores import CORES, foretold, heard
from sim.battery.dialogues import DIALOGUES, talk
from sim.battery.inject import Fault, FaultError, injected
from sim.battery.networks import NETWORKS
from sim.battery.stimuli import expected, stimulus
from sim.records.compare import Mismatch, compare
from sim.targets.target import open_target
from sim.traffic.dialogue import Disagreement

LINK = "link/"
"""How the files begin whose faults are sought over the line."""
NETWORK = ("network/", "cells/")
"""Those whose faults are sought in network cores."""
AROUND = "wrappers/"
"""Those whose faults are sought over the buses of wrappers."""
PROGRAMS = ("golden.cells.receptors", "golden.cells.integrators", "golden.cells.pynn")
"""What is imported anew for a fault in a cell, as cells are made of it."""
CATALOGUE = Path(__file__).parents[1] / "tests" / "faults"
CHUNK = 250
"""Cycles between two comparisons."""
PATIENCE = 60
"""Seconds of the processor in a chunk after which a core hangs: one gate drives itself.

A chunk takes about one of them; how busy a machine is does not matter."""
CAUGHT, HANGS, SURVIVED, INVALID = "caught", "hangs", "survived", "invalid"
GOOD = (CAUGHT, HANGS)
COLUMNS = ("file", "fault", "outcome", "network", "cycle", "field")
"""Of the table; times are left out, as they differ from run to run."""


@dataclass(frozen=True)
class FaultOutcome:
    """What became of a fault."""

    file: str
    fault: str
    outcome: str
    """`CAUGHT`, `HANGS` (which is caught too), `SURVIVED`, or `INVALID`: not a fault."""
    network: str = ""
    """Where it was caught first."""
    cycle: int = 0
    field: str = ""
    text: str = ""
    """The first difference, or why it is no fault."""
    seconds: float = 0.0

    def __str__(self) -> str:
        return f"{self.file}: {self.fault}: {self.outcome} {self.network} {self.text}".strip()


class HangError(Exception):
    """A simulator that does not come back."""


def add_options(parser: Parser) -> None:
    """Add which faults, and where to tell of them."""
    add_jobs_option(parser)
    parser.add_argument("--only", default="", metavar="TEXT", help="faults with it in file or name")
    parser.add_argument(
        "--csv", type=to_write, help="write a row for every fault; of others those there are stay"
    )
    parser.add_argument("--json", type=to_write, help="write the same as JSON")


def seek(args: Namespace) -> int:
    """Carry out what the options ask for; return the exit status."""
    within("--jobs", args.jobs, 1)
    faults = [f for f in catalogue() if args.only in f"{f.file}: {f.name}"]
    if not faults:
        raise InputError(f"--only must be a part of a file's or fault's name, not {args.only!r}")
    with judging():
        outcomes = examine_all(faults, args.jobs)
    OUT.print(summary(outcomes))
    for outcome in outcomes:
        if outcome.outcome != CAUGHT:
            OUT.print(str(outcome), markup=False)
    n_caught = sum(outcome.outcome in GOOD for outcome in outcomes)
    OUT.print(f"score {n_caught}/{len(outcomes)} = {n_caught / len(outcomes):.1%}", markup=False)
    if args.csv:
        write_table(args.csv, COLUMNS, recorded(args.csv, outcomes))
    if args.json:
        write_json(args.json, [asdict(outcome) for outcome in outcomes])
    return OK if n_caught == len(outcomes) else FAILED


def catalogue(folder: Path = CATALOGUE) -> list[Fault]:
    """Return all faults.

    Raises
    ------
    InputError
        If there are none, or an entry is not one.
    """
    found = []
    for path in sorted(folder.rglob("*.toml")):
        try:
            entries = tomllib.loads(path.read_text(encoding="utf-8"))["fault"]
            file = path.relative_to(folder).with_suffix("").as_posix()
            found += [Fault(file, **entry) for entry in entries]
        except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
            raise InputError(f"{path} must hold faults, not: {error}") from error
    if not found:
        raise InputError(f"{folder} must hold faults, not be empty")
    return found


def recorded(path: Path, outcomes: Sequence[FaultOutcome]) -> list[dict[str, Any]]:
    """Return rows of all faults of the catalogue, in its order: new ones, or those of a table."""
    rows: dict[tuple[str, str], dict[str, Any]] = {
        (row["file"], row["fault"]): row for row in read_table(path)
    }
    rows |= {(outcome.file, outcome.fault): asdict(outcome) for outcome in outcomes}
    return [rows[key] for f in catalogue() if (key := (f.file, f.name)) in rows]


def examine_all(faults: Sequence[Fault], jobs: int) -> list[FaultOutcome]:
    """Return what becomes of faults, in their order."""
    # Children inherit what is predicted here.
    for name in {name for fault in faults for name in battery(fault)}:
        _foresee(name)
    found = {}
    with Display() as display, workers(jobs, "fork", _prepare) as pool:
        task = display.add_task("faults", total=len(faults))
        futures = {pool.submit(examine, fault): i for i, fault in enumerate(faults)}
        for future in as_completed(futures):
            found[futures[future]] = outcome = future.result()
            display.tell(task, len(found), str(outcome))
    return [found[i] for i in range(len(faults))]


def _foresee(name: str) -> None:
    """Predict what a network or a core does; a dialogue predicts for itself."""
    if name in NETWORKS:
        expected(name)
    elif name in CORES:
        foretold(name)
    elif name in WRAPPERS:
        must_tell(name)


def _prepare() -> None:
    """Begin a process of the pool: nothing so far is garbage."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)


def examine(fault: Fault) -> FaultOutcome:
    """Run the battery on a core with a fault until something differs."""
    began = time.monotonic()
    outcome = FaultOutcome(fault.file, fault.name, SURVIVED)
    # The one that is likely to show it goes first.
    for network in sorted(battery(fault), key=lambda name: name != fault.network):
        # What is foretold is kept, so it must be before there is a fault.
        _foresee(network)
        try:
            with injected(fault, *(PROGRAMS if fault.module.startswith("golden.cells") else ())):
                mismatch = difference(network)
        except HangError:
            outcome = replace(outcome, outcome=HANGS, network=network)
            break
        except Exception as error:  # whatever Amaranth, or the fault itself, says of it
            text = error if isinstance(error, FaultError) else repr(error)
            outcome = replace(outcome, outcome=INVALID, network=network, text=str(text))
            break
        if mismatch:
            places = {"cycle": mismatch.cycle, "field": mismatch.field, "text": str(mismatch)}
            outcome = replace(outcome, outcome=CAUGHT, network=network, **places)
            break
    return replace(outcome, seconds=round(time.monotonic() - began, 1))


def battery(fault: Fault) -> Iterable[str]:
    """Return the names of what is run to find a fault."""
    if fault.file.startswith(LINK):
        *rooms, _ = fault.file.split("/")
        return [name for name, script in DIALOGUES.items() if {*rooms} <= {*script.rooms}]
    if fault.file.startswith(AROUND):
        return WRAPPERS
    return CORES if fault.file.startswith(NETWORK) else NETWORKS


def difference(name: str) -> Mismatch | Disagreement | None:
    """Run a network or a dialogue with the hardware as it is imported now."""
    if name in DIALOGUES:
        return talk(name)
    if name in WRAPPERS:
        return heard_wrong(name)
    if name in CORES:
        made = import_module("hdl.network.core").NetworkCore(CORES[name].chip())
        return lock_step(made, heard(name), foretold(name))
    made = import_module("hdl.dense.core").Core(NETWORKS[name].built)
    return lock_step(made, stimulus(name), expected(name))


def lock_step(core: Any, whole: Stimulus, record: NDArray[np.void]) -> Mismatch | None:
    """Run what a core of the battery hears, up to the first difference from its record."""
    done = 0
    with open_target("pysim", core) as target:
        for part in parts(whole):
            with deadline(PATIENCE):
                rows = target.run(part)
            end = done + len(rows)
            if mismatch := compare(record[done:end], rows.view(record.dtype), done):
                return mismatch
            done = end
    return None if done == len(record) else Mismatch(done)


def parts(whole: Stimulus) -> Iterator[Stimulus]:
    """Cut a stimulus in pieces; the first brings all that is put forward."""
    for start in range(0, whole.n_cycles, CHUNK):
        go = {stream: pattern[start : start + CHUNK] for stream, pattern in whole.go.items()}
        yield Stimulus({} if start else whole.items, go)


@contextmanager
def deadline(seconds: int) -> Generator[None]:
    """Within this context of a main thread, raise `HangError` when so much work has been done."""

    def ring(number, frame):
        raise HangError

    previous = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)


def summary(outcomes: Sequence[FaultOutcome]) -> Table:
    """Return a table with one row a file."""
    table = Table("file", "caught", "faults", "earliest cycle", "latest cycle", box=None)
    for column in table.columns[1:]:
        column.justify = "right"
    for file in dict.fromkeys(outcome.file for outcome in outcomes):
        ours = [outcome for outcome in outcomes if outcome.file == file]
        caught = [outcome for outcome in ours if outcome.outcome in GOOD]
        cycles = [outcome.cycle for outcome in caught]
        ends = [str(end(cycles)) if cycles else "" for end in (min, max)]
        table.add_row(file, str(len(caught)), str(len(ours)), *ends)
    return table


main = Command("sim.faults", __doc__, add_options, seek)

if __name__ == "__main__":
    sys.exit(main())
