"""What is done over the Wishbone of a wrapper, and what must be told."""

from typing import Any

from golden.dense.interface import Region
from hdl.wrappers.addresses import OWN
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

PIXELS, START, RESULT, STATUS = (AT.place(OWN, word) for word in range(4))
READY = 1 << 18
"""Flag of a status."""


async def wishbone(ctx, dut, told: Told) -> None:
    """Load, write images and read results, read back, ask for what is impossible, and leave.

    A pipelined bus is then asked for many words at once.
    """
    master = Master(ctx, dut)
    master.told = told
    for place, data, sel in _asked():
        if sel is None:
            await _result(master)
        elif sel < 0:
            master.put(wb_cyc=1, wb_stb=1, wb_we=0, wb_adr=place)
            for _ in range(-sel):
                await ctx.tick()
            master.put(wb_cyc=0, wb_stb=0)
            told.append(("left", master.get("wb_ack") | master.get("wb_err")))
            await ctx.tick()
        else:
            told.append((await _word(master, place, data, sel)) + (master.get("irq"),))
    if _is_pipelined(dut):
        told += await _stream(master, [(place, data, 15) for place, data in _at_once()])


async def _result(master):
    """Ask for the status until a result waits."""
    for _ in range(LONGEST // 10):
        said, status = await _word(master, STATUS)
        if said != GOOD or status & READY:
            return
    raise TimeoutError


def _is_pipelined(dut):
    return hasattr(dut, "wb_stall")


async def _word(master, place, data=None, sel=15) -> tuple[Any, Any]:
    if _is_pipelined(master.dut):
        return (await _stream(master, [(place, data, sel)]))[0]
    write = data is not None
    master.put(wb_adr=place, wb_we=write, wb_dat_w=data or 0, wb_sel=sel, wb_cyc=1, wb_stb=1)
    for _ in range(LONGEST):
        if master.get("wb_ack") | master.get("wb_err"):
            break
        await master.ctx.tick()
    said = _said(master, write)
    await master.ctx.tick()
    master.put(wb_cyc=0, wb_stb=0)
    return said


async def _stream(master, words) -> list[tuple[Any, Any]]:
    """Ask for every word as soon as the one before is taken; what is told comes in order."""
    n_taken, said = 0, []
    master.put(wb_cyc=1)
    for _ in range(LONGEST):
        if asks := n_taken < len(words):
            place, data, sel = words[n_taken]
            master.put(wb_adr=place, wb_we=data is not None, wb_dat_w=data or 0, wb_sel=sel)
        master.put(wb_stb=asks)
        if master.get("wb_ack") | master.get("wb_err"):
            said.append(_said(master, words[len(said)][1] is not None))
        n_taken += asks and not master.get("wb_stall")
        await master.ctx.tick()
        if len(said) == len(words):
            master.put(wb_cyc=0, wb_stb=0)
            return said
    raise TimeoutError


def _said(master, write):
    said = master.get("wb_ack"), master.get("wb_err"), master.get("wb_dat_r")
    kind = {(1, 0): GOOD, (0, 1): BAD}.get(said[:2])
    return kind, None if write or kind == BAD else said[2]


def _at_once():
    """Yield place and data, if it is written: a word of the core, its error, one of the wrapper."""
    last = AT.place(Region.LAST, 0)
    for data in range(3):
        yield from ((last, data), (last, None), (STATUS, 0), (STATUS, None))


def _asked():
    """Yield place, data if it is written, and bytes; None waits for a result, below 0 leaves."""
    for place, data, sel, *_ in _script():
        yield place, data, sel


def told_by_wishbone() -> Told:
    """Return what a wrapper with Wishbone must tell."""
    return [told[0] for *_, told in _script() if told]


def told_by_pipelined() -> Told:
    """Return what a wrapper with pipelined Wishbone must tell."""
    told = told_by_wishbone()
    for data in range(3):
        told += [(GOOD, None), (GOOD, data), (BAD, None), (GOOD, 0)]
    return told


def _script():
    """Yield place, data, bytes, and what is told in a list."""
    run = done()

    def good(place, data=None, answer=None, irq=0, sel=15):
        return place, data, sel, [(GOOD, answer, irq)]

    def bad(place, data=None, irq=0, sel=15):
        return place, data, sel, [(BAD, None, irq)]

    for _, region, index, data in run.writes:
        yield good(AT.place(region, index), data)
    for place, write in missing():
        yield bad(place, 1 if write else None)
    last = AT.place(Region.LAST, 1)
    yield from (bad(last, 1, sel=7), bad(PIXELS), bad(START), bad(RESULT, 1), bad(STATUS, 1))
    yield from (bad(AT.place(OWN, 4)), bad(START, 0), good(RESULT, None, 0))
    for i, (image, one) in enumerate(zip(run.images, run.shown, strict=True)):
        word = int.from_bytes(bytes(image.tolist()), "little")
        halves = (good(PIXELS, word, sel=3), good(PIXELS, word, sel=12), good(PIXELS, 0, sel=0))
        yield from halves if i % 2 else (good(PIXELS, word),)
        yield from (good(STATUS, None, N_PIXELS), bad(PIXELS, 0), bad(PIXELS, 0, sel=1))
        yield from (bad(START, BUILT.n_classes << 1 | 1), bad(START, 1 << 20), bad(START, 0, sel=7))
        yield from (good(START, user(one)), (STATUS, None, None, []))
        yield good(STATUS, None, READY, 1)
        if i == 0:
            yield from _second(good, bad, run, word)
        yield from (good(RESULT, None, result(one)), good(RESULT, None, 0))
        if i == 0:
            yield from ((STATUS, None, None, []), good(RESULT, None, result(one)))
    for read in run.reads:
        yield good(AT.place(read.region, read.index), None, read.data)
    for n_cycles in range(1, 13):
        yield good(AT.place(Region.LAST, 0), n_cycles)
        yield AT.place(Region.REGISTERS, 0), None, -n_cycles, [("left", 0)]
        yield good(AT.place(Region.LAST, 0), None, n_cycles)


def _second(good, bad, run, word):
    """Yield how another image is ordered while the first result waits, and the bus goes on."""
    yield from (good(PIXELS, word, irq=1), good(START, user(run.shown[0]), irq=1))
    yield from (bad(START, user(run.shown[0]), irq=1), bad(PIXELS, 0, irq=1))
    yield good(STATUS, None, N_PIXELS | 1 << 16 | READY, 1)
    yield good(AT.place(Region.LAST, 0), 1, irq=1)
