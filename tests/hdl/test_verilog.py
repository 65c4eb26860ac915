# amaranth: UnusedElaboratable=no
"""Every stage's generated Verilog, in Icarus and Verilator, does what its tests have seen."""

import os
import re

import pytest
from amaranth.lib.wiring import Out

from sim.targets import target
from sim.targets.target import SimulatorError
from tests.hdl.bench import compare, ports, recording, replay
from tests.hdl.dense import (
    test_classifier,
    test_encoder,
    test_events,
    test_homeostasis,
    test_membrane,
    test_receptive_field,
    test_registers,
    test_reward,
    test_stdp,
    test_synapse,
    test_windows,
    test_wta,
)
from tests.hdl.numbers import test_formats, test_lfsr

SKIPPED = os.environ.get("GOLDSPIKE_SKIP_SIMULATORS", "").split(",")
"""Simulators that this machine need not have."""
SIMULATORS = [
    pytest.param(name, marks=pytest.mark.skipif(name in SKIPPED, reason="told to skip it"))
    for name in ("icarus", "verilator")
]
FIELD = test_receptive_field.test_field_equals_golden_in_every_cycle
ENCODER = test_encoder.test_encoder_equals_golden_in_every_cycle
CASES = {
    "field": lambda: FIELD("none", 3, 5, 1, 0, 0.4),
    "field-surround": lambda: FIELD("surround", 7, 6, 1, 3, 0.4),
    "field-oriented": lambda: FIELD("oriented", 7, 9, 2, 5, 0.4),
    "encoder-rate": lambda: ENCODER({"encoder": "rate"}, 0.5),
    "encoder-periodic": lambda: ENCODER({"encoder": "periodic", "period_num": 700}, 0.5),
    "encoder-bernoulli": lambda: ENCODER({"encoder": "bernoulli", "encoder_seed": 5}, 0.5),
    "encoder-latency": lambda: ENCODER({"encoder": "latency"}, 0.5),
    "encoder-dry": lambda: test_encoder.test_dry_run_finds_the_peak_and_leaves_no_trace({}, True),
    "events": lambda: test_events.test_queue_equals_a_list_in_every_cycle(0.5, 0.5),
    "synapse": lambda: test_synapse.test_every_cycle_equals_a_list(7, 3, 8, False),
    "synapse-one-port": lambda: test_synapse.test_every_cycle_equals_a_list(7, 3, 8, True),
    "membrane": lambda: test_membrane.test_random_issues_equal_golden_in_every_cycle(3),
    "homeostasis": test_homeostasis.test_every_rise_and_limit_equals_golden,
    "homeostasis-decay": lambda: test_homeostasis.test_counters_equal_golden(2),
    "stdp": lambda: test_stdp.test_random_sweeps_equal_golden(4),
    "stdp-late": test_stdp.test_registers_may_be_smaller_than_the_core,
    "reward": lambda: test_reward.test_every_error_equals_golden(2),
    "refractory": lambda: test_windows.test_neurons_are_released_as_in_golden(3, 1),
    "windows": lambda: test_windows.test_windows_equal_a_list(1),
    "wta": lambda: test_wta.test_elections_equal_golden_in_every_cycle(5, 3, test_wta.TWO_ROWS),
    "wta-marks": lambda: test_wta.test_marks_equal_sets_of_lanes(3, test_wta.FLAGS, 2),
    "registers": lambda: test_registers.test_a_write_changes_its_register_only(test_registers.FULL),
    "classifier": lambda: test_classifier.test_random_decisions_equal_golden(5),
    "formats": test_formats.test_every_saturation_equals_golden,
    "lfsr": test_lfsr.test_draws_of_every_width_equal_golden,
}


def record(names):
    """Run stages' test bodies; return their tapes."""
    tapes = {}
    for name in names:
        with recording() as recorded:
            CASES[name]()
        tapes[name] = recorded[0]
    return tapes


@pytest.fixture(scope="module")
def tapes():
    """Return the tapes of all stages."""
    return record(CASES)


@pytest.mark.parametrize("simulator", SIMULATORS)
def test_verilog_does_what_the_tests_have_seen(tapes, simulator, tmp_path):
    replay(tapes, simulator, tmp_path)


@pytest.mark.skipif("icarus" in SKIPPED, reason="told to skip it")
def test_wrong_verilog_is_found(tmp_path):
    def wrong(verilog):
        # A sum of the circuit's: one in a loop that clears a memory would keep Icarus in it.
        verilog, count = re.subn(r"(assign .*) \+ ", r"\1 - ", verilog, count=1)
        assert count == 1
        return verilog

    with pytest.raises(AssertionError, match=r"^encoder-rate: cycle \d+: \w+ = \d+, expected \d+$"):
        replay(record(["encoder-rate", "events"]), "icarus", tmp_path, wrong)


def test_unknown_bit_is_found_where_the_test_looks():
    tapes = record(["events"])
    tape = tapes["events"]
    width = sum(len(port) for port in ports(tape.dut, Out).values())
    rows = [f"{told:0{width}b}" for told in tape.outputs]
    compare(tapes, rows)
    rows[3] = "x" * len(rows[3])
    with pytest.raises(AssertionError, match="^events: cycle 3: i__ready = x, expected 1$"):
        compare(tapes, rows)
    with pytest.raises(AssertionError, match="^events: 0 cycles told$"):
        compare(tapes, [])


def test_missing_simulator_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr(target, "which", lambda name: None)
    with pytest.raises(SimulatorError, match="^icarus needs iverilog: apt-get install iverilog$"):
        replay({}, "icarus", tmp_path)
