"""Runs inside Icarus: does what a script says over a wrapper's buses, and tells the answers."""

import itertools
import json
import os
from pathlib import Path

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, RisingEdge
from cocotbext.axi import (
    AxiLiteBus,
    AxiLiteMaster,
    AxiStreamBus,
    AxiStreamFrame,
    AxiStreamSink,
    AxiStreamSource,
)
from cocotbext.wishbone.driver import WBOp, WishboneMaster

SCRIPT, TOLD = "GOLDSPIKE_SCRIPT", "GOLDSPIKE_TOLD"
"""Variables that name the files of what is done, and of what is answered."""
LONGEST = 1000
"""Cycles after which nobody waits for an answer any more."""
PAUSES = (1, 0, 0, 1, 1, 0, 1, 0, 0, 0, 1)
"""When a stream stands still, over and over."""
WISHBONE = {
    "cyc": "cyc",
    "stb": "stb",
    "we": "we",
    "adr": "adr",
    "datwr": "dat_w",
    "datrd": "dat_r",
    "ack": "ack",
}


async def begun(dut):
    """Start the clock, reset, and return the script."""
    cocotb.start_soon(Clock(dut.clk, 10, unit="ns").start())
    dut.rst.value = 1
    await ClockCycles(dut.clk, 3)
    dut.rst.value = 0
    return json.loads(Path(os.environ[SCRIPT]).read_text())


def tell(told):
    """Hand over what was answered."""
    Path(os.environ[TOLD]).write_text(json.dumps(told))


@cocotb.test()
async def axi(dut):
    """Ask word by word over AXI4-Lite, and send packets over AXI4-Stream, with pauses."""
    lite = AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axil"), dut.clk, dut.rst)
    source = AxiStreamSource(AxiStreamBus.from_prefix(dut, "s_axis"), dut.clk, dut.rst)
    sink = AxiStreamSink(AxiStreamBus.from_prefix(dut, "m_axis"), dut.clk, dut.rst)
    script, told = await begun(dut), []
    writing, reading = lite.write_if, lite.read_if
    pausing = (writing.aw_channel, writing.b_channel, reading.ar_channel, reading.r_channel)
    for channel in (*pausing, source, sink):
        channel.set_pause_generator(itertools.cycle(PAUSES))
    for action, *rest in script:
        if action == "write":
            address, data, n_bytes = rest
            done = await lite.write(address, data.to_bytes(4, "little")[:n_bytes])
            told.append([int(done.resp), None])
        elif action == "read":
            done = await lite.read(rest[0], 4)
            told.append([int(done.resp), int.from_bytes(done.data, "little")])
        elif action == "both":
            address, data = rest
            written = lite.init_write(address, data.to_bytes(4, "little"))
            read = lite.init_read(address, 4)
            await written.wait()
            await read.wait()
            told.append([int(written.data.resp), int(read.data.resp)])
        elif action == "packets":
            for pixels, user in rest[0]:
                await source.send(AxiStreamFrame(bytes(pixels), tuser=[user] * len(pixels)))
            for _ in rest[0]:
                frame = await sink.recv()
                told.append([len(frame.tdata), int.from_bytes(frame.tdata, "little")])
    tell(told)


async def at_once(dut, words):
    """Ask for every word in the cycle after the one before was taken; return the answers."""
    told, n_taken = [], 0
    dut.wb_cyc.value = 1
    dut.wb_sel.value = 15
    for _ in range(LONGEST):
        if asks := n_taken < len(words):
            dut.wb_adr.value, data = words[n_taken]
            dut.wb_we.value, dut.wb_dat_w.value = data is not None, data or 0
        dut.wb_stb.value = asks
        await RisingEdge(dut.clk)
        answer = int(dut.wb_ack.value) | int(dut.wb_err.value) << 1
        if answer:
            is_read = answer == 1 and words[len(told)][1] is None
            told.append([answer, int(dut.wb_dat_r.value) if is_read else None])
        taken = not int(dut.wb_stall.value) if hasattr(dut, "wb_stall") else answer
        n_taken += bool(asks and taken)
        if len(told) == len(words):
            break
    dut.wb_cyc.value = dut.wb_stb.value = 0
    return told


@cocotb.test()
async def wishbone(dut):
    """Ask word by word; "poll" reads a word until some bits of it are not 0."""
    for name in ("cyc", "stb", "we", "adr", "dat_w", "sel"):
        getattr(dut, f"wb_{name}").value = 0
    script, told = await begun(dut), []
    # What a master sets at time 0, Icarus 11 takes for ever unknown.
    master = WishboneMaster(dut, "wb", dut.clk, width=32, timeout=5000, signals_dict=WISHBONE)
    idle = itertools.cycle(PAUSES)

    async def one(address, data=None, sel=15):
        (done,) = await master.send_cycle([WBOp(address, data, next(idle), sel)])
        return [done.ack, None if data is not None else int(done.datrd)]

    for action, *rest in script:
        if action == "poll":
            address, bits = rest
            while not (await one(address))[1] & bits:
                pass
        elif action == "leave":
            address, n_cycles = rest
            dut.wb_adr.value = address
            dut.wb_cyc.value = dut.wb_stb.value = 1
            await ClockCycles(dut.clk, n_cycles)
            dut.wb_cyc.value = dut.wb_stb.value = 0
            await ClockCycles(dut.clk, 1)
        elif action == "at once":
            told += await at_once(dut, rest[0])
        elif action == "irq":
            told.append([int(dut.irq.value), None])
        else:
            told.append(await one(*rest))
    tell(told)
