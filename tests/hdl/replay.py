"""Runs inside a simulator of Verilog: drives `tests.hdl.bench.Stages` with what is on tape."""

import os
from pathlib import Path

import cocotb
from cocotb.triggers import Timer

from tests.hdl.bench import ROWS, TAPES

HALF_CYCLE = 5
RESET_CYCLES = 2


@cocotb.test()
async def replay(dut):
    """Play the inputs of every cycle; write down the outputs, most significant bit first."""
    half = Timer(HALF_CYCLE, "ns")
    inputs = [int(line, 16) for line in Path(os.environ[TAPES]).read_text().split()]
    dut.rst.value = 1
    with Path(os.environ[ROWS]).open("w") as rows:
        for cycle, word in enumerate([0] * RESET_CYCLES + inputs):
            if cycle == RESET_CYCLES:
                dut.rst.value = 0
            dut.inputs.value = word
            dut.clk.value = 0
            await half
            if cycle >= RESET_CYCLES:
                rows.write(f"{dut.outputs.value}\n")
            dut.clk.value = 1
            await half
