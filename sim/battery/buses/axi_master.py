"""What is done over the AXI interfaces of a wrapper, and what must be told."""

import numpy as np

from golden.dense.interface import Region
from hdl.handover.expected import course, drawn
from sim.battery.buses.master import (
    AT,
    BAD,
    BUILT,
    GOOD,
    LONGEST,
    N_PIXELS,
    Master,
    Told,
    done,
    missing,
    result,
    user,
)


async def axi(ctx, dut, told: Told) -> None:
    """Load, send packets, read back, and ask for what is not there."""
    master = Master(ctx, dut)
    master.told = told
    run = done()
    for i, (_, region, index, data) in enumerate(run.writes):
        told.append(await _axi_write(master, AT.place(region, index), data, 15, i % 3))
    # An error must not have the answer before it.
    told.append(await _axi_read(master, _loaded()[0]))
    for place, write in missing():
        told.append(await (_axi_write(master, place, 1) if write else _axi_read(master, place)))
    told.append(await _axi_write(master, AT.place(Region.LAST, 1), 1, 7))
    images = [(image.tolist(), user(one)) for image, one in zip(run.images, run.shown, strict=True)]
    first = images[0][0]
    for i, (pixels, how) in enumerate([*images[:3], *wrong(first), *images[3:]]):
        told.append(await _packet(master, pixels, how, i % 3))
    for i, (_, region, index, _) in enumerate(run.reads):
        told.append(await _axi_read(master, AT.place(region, index), i % 3))
    told += await _axi_turns(master)


def wrong(image: list[int]) -> list[tuple[list[int], int]]:
    """Return packets that are not as they must be, with their ``tuser``."""
    return [(image[:1], 1), ([*image, 9, 9], 1), (image, BUILT.n_classes << 1 | 1)]


def told_by_axi() -> Told:
    """Return what a wrapper with AXI must tell."""
    run = done()
    told: Told = [*[(GOOD, None)] * len(run.writes), (GOOD, _loaded()[1])]
    told += [(BAD, None) if write else (BAD, 0) for _, write in missing()]
    told += [(BAD, None), *((result(one), 1) for one in run.shown[:3])]
    short = _shown([*run.images[0][:1], *[0] * (N_PIXELS - 1)])
    told += [(result(short, 1), 1), *[(result(run.shown[0], 1), 1)] * 2]
    told += [(result(one), 1) for one in run.shown[3:]]
    told += [(GOOD, read.data) for read in run.reads]
    return [*told, "write", "read", "write", "read"]


def _loaded():
    """Return the first place that has been loaded with more than 0, and what it holds."""
    return next((AT.place(region, i), data) for _, region, i, data in done().writes if data)


def _shown(pixels):
    image = np.array(pixels, dtype=np.int64)
    return course(BUILT, drawn(BUILT), [image], []).shown[0]


async def _axi_write(master, place, data, strobe=15, pause=0):
    # What comes before it is valid means nothing.
    master.put(s_axil_awaddr=place << 2, s_axil_wdata=data ^ 1, s_axil_wstrb=0, s_axil_awvalid=1)
    for _ in range(pause):
        await master.ctx.tick()
    master.put(s_axil_wdata=data, s_axil_wstrb=strobe, s_axil_wvalid=1)
    await master.wait("s_axil_awready")
    master.put(s_axil_awvalid=0, s_axil_wvalid=0)
    (response,) = await master.stays(pause, "s_axil_bvalid", "s_axil_bresp")
    master.put(s_axil_bready=1)
    await master.ctx.tick()
    master.put(s_axil_bready=0)
    return {0: GOOD, 2: BAD}.get(response), None


async def _axi_read(master, place, pause=0):
    master.put(s_axil_araddr=place << 2, s_axil_arvalid=1)
    await master.wait("s_axil_arready")
    master.put(s_axil_arvalid=0)
    names = ("s_axil_rvalid", "s_axil_rresp", "s_axil_rdata")
    response, data = await master.stays(pause, *names)
    master.put(s_axil_rready=1)
    await master.ctx.tick()
    master.put(s_axil_rready=0)
    return {0: GOOD, 2: BAD}.get(response), data


async def _axi_turns(master):
    """Ask for reads and writes without a pause; return what is taken in which order."""
    place, order = AT.place(Region.LAST, 1) << 2, []
    master.put(s_axil_awaddr=place, s_axil_araddr=place, s_axil_wstrb=15)
    master.put(s_axil_awvalid=1, s_axil_wvalid=1, s_axil_arvalid=1)
    master.put(s_axil_bready=1, s_axil_rready=1)
    for _ in range(LONGEST):
        order += ["write"] * (master.get("s_axil_awready") & master.get("s_axil_wready"))
        order += ["read"] * master.get("s_axil_arready")
        await master.ctx.tick()
        if len(order) >= 4:
            break
    return order


async def _packet(master, pixels, how, pause):
    for i, pixel in enumerate(pixels):
        last = i == len(pixels) - 1
        # Only the user of the last beat counts.
        master.put(s_axis_tdata=pixel, s_axis_tlast=last, s_axis_tuser=how if last else ~how & 7)
        for _ in range(pause):
            await master.ctx.tick()
        master.put(s_axis_tvalid=1)
        await master.wait("s_axis_tready")
        master.put(s_axis_tvalid=0)
    names = ("m_axis_tvalid", "m_axis_tdata", "m_axis_tlast")
    data, last = await master.stays(4 * pause, *names)
    master.put(m_axis_tready=1)
    await master.ctx.tick()
    master.put(m_axis_tready=0)
    return data, last
