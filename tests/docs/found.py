"""Look everywhere for the parameter ``leak_gap``; a program, run in sources that declare it.

Writes a JSON object: place -> what is found there. `tests/docs/test_a_parameter.py` says what must.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from golden.dense import core
from golden.dense.engine import Learner
from golden.dense.params import Params
from golden.dense.registers import check, envelope, params, register_map, values
from golden.dense.reward import in_turns
from golden.dense.timing import Machine, present
from golden.report.parameters import field_meanings
from golden.training.model_file import Model, load, save
from golden.training.options import assignment
from golden.training.recipe import recipe
from hdl.dense.core import Core
from hdl.dense.datasheet import registers
from hdl.link.dense.protocol import link_map

NAME, VALUE = "leak_gap", 40
PLAIN = recipe("tiny", "stdp", leak_sub=9).params
BUILT = recipe("tiny", "stdp", leak_sub=9, **dict([assignment(f"{NAME}={VALUE}")])).params
RECIPE = """
[presets.mine]
height = 4
width = 4
n_neurons = 2
stdp = "mine"
[recipes.mine]
epochs = 1
params = { leak_sub = 3, leak_gap = 5 }
phases = [{ share = 1 }]
"""


def refusal(attempt: Callable[[], Any]) -> str:
    """Return the words in which something is refused."""
    try:
        attempt()
    except (ValueError, TypeError, NameError) as error:
        return str(error)
    return ""


def rescaled(folder: Path) -> int:
    """Return what a recipe means with weights that are two bits wider."""
    path = folder / "mine.toml"
    path.write_text(RECIPE)
    return getattr(recipe(f"{path}#mine", "stdp", weight_bits=10).params, NAME)


def reloaded(folder: Path) -> int:
    """Return what a model file has kept."""
    votes = np.zeros((BUILT.vote_spikes, BUILT.n_neurons, BUILT.n_classes), dtype=np.int64)
    path = folder / "model.npz"
    save(path, Model(BUILT, core.initial(BUILT, 1), in_turns(BUILT), votes, {}))
    return getattr(load(path).params, NAME)


def presented(p: Params) -> tuple[str, list[int]]:
    """Return the record of an inference, and the parameter by the core's own registers."""
    pixels = np.arange(p.height * p.width) * 37 % 256
    state = core.initial(p, 1)
    machine = Machine.loaded(BUILT, p, state)
    return present(p, BUILT, state, pixels).rows.tobytes().hex(), getattr(machine.params(), NAME)


def found(folder: Path) -> dict[str, Any]:
    """Look."""
    built = register_map(BUILT)
    learner = Learner(BUILT, core.initial(BUILT, 1))
    sheet = [line.split() for line in registers(BUILT)]
    off = replace(BUILT, **{NAME: 0})
    return {
        "register": (list(built).index(NAME), str(built[NAME]), values(BUILT, BUILT)[NAME]),
        "none if off": NAME not in register_map(off),
        "none without a leak": NAME not in register_map(replace(BUILT, leak_sub=0)),
        "range": refusal(lambda: replace(BUILT, **{NAME: -1})),
        "type": refusal(lambda: replace(BUILT, **{NAME: True})),
        "from registers": getattr(params(BUILT, values(BUILT, BUILT), BUILT.a_plus), NAME),
        "envelope": getattr(envelope([PLAIN, BUILT]), NAME),
        "core without": refusal(lambda: check(PLAIN, BUILT)),
        "recipe": rescaled(folder),
        "model file": reloaded(folder),
        "link": link_map(BUILT).regions[0].size - link_map(PLAIN).regions[0].size,
        "link's hash": link_map(BUILT).build_hash != link_map(PLAIN).build_hash,
        "data sheet": [words for words in sheet if words[1] == NAME],
        "report": field_meanings(Params)[NAME].split()[0],
        "engine": refusal(learner.warm_up),
        "engine, if off": refusal(Learner(off, core.initial(off, 1)).warm_up),
        "cycle model": presented(BUILT)[1],
        "record": presented(BUILT)[0] != presented(off)[0],
        "gates": refusal(lambda: Core(BUILT).elaborate(None)),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(found(Path(sys.argv[1]))))
