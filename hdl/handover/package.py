"""All files of the folder that a hardware engineer gets."""

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from golden.dense.interface import streams
from hdl.dense.core import Core
from hdl.handover.bench import bench, shown_fields, template
from hdl.handover.expected import BenchRun
from hdl.handover.lists import bits, joined, pixels, places, requests, words
from hdl.handover.memories import memories
from hdl.wrappers.wrapped import Wrapped

CORE_FILE = Path(__file__).parent / "fusesoc.core"
MEMORY = re.compile(
    r"(^module \\[^\n]*\.synapse\.memory(?:\.block)? \(.*?)"
    r"(^  initial begin : \w+\n.*?i < (\d+);.*?\b(\w+)\[i\].*?^  end\n)",
    re.MULTILINE | re.DOTALL,
)
"""The module of the weight memory, up to the loop that fills it with zeros."""
LOADED = """\
{before}`ifdef GOLDSPIKE_WEIGHTS
  initial $readmemh(`GOLDSPIKE_WEIGHTS, {name}, 0, {words} - 1);
`else
{zeros}`endif
"""


def files(module: str, verilog: str, core: Core | Wrapped, done: BenchRun) -> dict[str, str]:
    """Return the files by name.

    Parameters
    ----------
    module : str
        Name of the core's module.
    verilog : str
        The core.
    core : Core or Wrapped
        Has its ports.
    done : BenchRun
        What the test bench does.
    """
    built = core.p
    bus = streams(built)["bus"].fields
    shown = shown_fields(built)
    return {
        f"{module}.v": loadable(verilog),
        f"{module}_template.v": template(module, core),
        f"{module}_tb.v": bench(module, core, built, done),
        f"{module}.core": CORE_FILE.read_text(encoding="utf-8").replace("@MODULE@", module),
        "bus_writes.mem": requests("requests that load the model", bus, done.writes),
        "bus_reads.mem": requests("requests to read, data being the answer", bus, done.reads),
        "images.mem": pixels((image.tolist() for image in done.images), built.pixel.width),
        "presentations.mem": words(
            f"an image each: {places(shown)}",
            bits(shown),
            (joined(shown, one) for one in done.shown),
        ),
        **{f"{name}.mem": text for name, text in memories(built, done.writes).items()},
    }


def loadable(verilog: str) -> str:
    """Return the core with a weight memory that a macro fills from a file.

    Raises
    ------
    ValueError
        If it has not one weight memory.
    """

    def load(found: re.Match[str]) -> str:
        before, zeros, n_words, name = found.groups()
        return LOADED.format(before=before, zeros=zeros, words=n_words, name=name)

    text, n = MEMORY.subn(load, verilog)
    if n != 1:
        raise ValueError(f"the core must have 1 weight memory, not {n}")
    return text


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Make a folder of files, all of them or none.

    Raises
    ------
    OSError
        If it cannot be made, or is there and not empty.
    """
    folder = folder.resolve()
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        for name, text in texts.items():
            (made / name).write_text(text, encoding="utf-8")
        made.chmod(0o755)
        os.rename(made, folder)
    except BaseException:
        shutil.rmtree(made)
        raise
