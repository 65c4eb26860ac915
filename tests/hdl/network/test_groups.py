"""Groups of several kinds, step by step, against golden's evaluation of their programs."""

from dataclasses import replace

import numpy as np

from golden.cells.evaluate import evaluate
from golden.numbers.hash import round_keys
from tests.hdl.network.small import CELLS, Session, adder, changed, cycles, marked

STEPS, SEED, NUMBER = 5, 0xDEAD_BEEF, 1 << 20
KINDS = (
    replace(adder(noisy=True), name="noisy", varying=("bias",), slots=8, interval=3),
    replace(adder(), name="plain", slots=16),
)


def stepped(v, bias, step):
    """Do a step with golden; return who spikes."""
    keys, spikes = round_keys(SEED, step), []
    groups = (
        ("noisy", slice(0, 5), {"bias": bias, "threshold": 150}, NUMBER + np.arange(5)),
        ("plain", slice(0, 7), {"bias": 20, "threshold": 90}, np.arange(7)),
        ("plain", slice(7, 10), {"bias": 15, "threshold": 120}, np.arange(3)),
    )
    for name, where, constants, index in groups:
        program = KINDS[name == "plain"].program
        taken = tuple(replace(c, values=constants[c.name]) for c in program.constants)
        program = replace(program, constants=taken)
        nothing = {"in": np.zeros(len(index), np.int64)}
        found = evaluate(program, {"v": v[name][where]}, nothing, keys, index)
        v[name][where] = found.states["v"]
        spikes += index[found.spike == 1].tolist()
    return spikes


def test_states_are_golden_with_numbers_of_each_neuron_and_random_words():
    dice = np.random.default_rng(5)
    made = Session(changed(kinds=KINDS, family_bits=1))
    made.register("seed", SEED)
    made.group(5, (150,), kind=0, slot=2, number=NUMBER)
    made.group(7, (20, 90), kind=1, slot=4)
    made.group(3, (15, 120), kind=1, slot=11)
    # Words of the noisy kind: v, bias, in; of the other: v, in.
    start, bias = dice.integers(-50, 50, 5), dice.integers(0, 30, 5)
    for i in range(5):
        made.write(CELLS, 2 + i, int(start[i]))
        made.write(CELLS + 1, 2 + i, int(bias[i]))
    rows = made.rows(700, steps=STEPS)
    v = {"noisy": start, "plain": np.zeros(10, np.int64)}
    spikes = [neuron for step in range(STEPS) for neuron in stepped(v, bias, step)]
    for name, first in (("noisy", 2), ("plain", 4)):
        told, fields = np.zeros_like(v[name]), (f"{name}_v_slot", f"{name}_v_data")
        for _, slot, data in marked(rows, f"{name}_v_write", *fields):
            told[slot - first] = (data + 2048) % 4096 - 2048
        np.testing.assert_array_equal(told, v[name], name)
    assert [n for _, n in marked(rows, "spikes_valid", "neuron")] == spikes
    assert len(spikes) > 3
    # One every third cycle.
    at = cycles(rows, "noisy_v_write")[:5]
    assert np.diff(at).tolist() == [3] * 4
