"""Values of every size, and lanes that are no power of two, against a memory in Python."""

import pytest

from tests.link.host import (
    BAD_INDEX,
    BAD_LENGTH,
    OK,
    READ,
    WRITE,
    body,
    built,
    line,
    made,
    place,
)
from tests.link.wire import play


def core(dut, memory):
    """Return a bench that answers on the bus like a core."""

    async def serve(ctx):
        while True:
            ctx.set(dut.bus.ready, 1)
            if not ctx.get(dut.bus.valid):
                await ctx.tick()
                continue
            request = ctx.get(dut.bus.payload)
            where = request.region, request.index
            if request.write:
                memory[where] = request.data
            await ctx.tick()
            ctx.set(dut.bus.ready, 0)
            await ctx.tick().repeat(3)
            ctx.set(dut.response.payload.data, memory.get(where, 0xEEEEEEEE))
            ctx.set(dut.response.valid, 1)
            while not ctx.get(dut.response.ready):
                await ctx.tick()
            await ctx.tick()
            ctx.set(dut.response.valid, 0)

    return serve


@pytest.mark.parametrize(
    ("bits", "size", "lanes"),
    [(3, 0, 3), (8, 1, 3), (12, 2, 1)],
    ids=["halves-of-three-lanes", "bytes-of-three-lanes", "words-of-one-lane"],
)
def test_values_of_every_size(bits, size, lanes):
    p = built(bits, n_neurons=5, n_lanes=lanes, theta_width=20, v_width=20)
    memory, dut = {}, made(p, "odd")
    indices = [k // lanes * (4 if lanes == 3 else 2) + k % lanes for k in range(7)]

    async def test(wire):
        seq = 0

        async def ask(op, payload):
            nonlocal seq
            await wire.put(line(body(seq, op, payload)))
            seq += 1
            reply = await wire.reply()
            return reply.status, reply.answer

        async def there_and_back(region, n_bytes, places):
            """Write values at places that follow each other, and read them again."""
            numbers = [(0x11223344 * (k + 1)) & (1 << 8 * n_bytes) - 1 for k in range(len(places))]
            data = b"".join(n.to_bytes(n_bytes, "little") for n in numbers)
            assert await ask(WRITE, place(region, places[0]) + data) == (OK, b"")
            for index, number in zip(places, numbers, strict=True):
                assert memory[region, index] & (1 << 8 * n_bytes) - 1 == number
            request = place(region, places[0]) + bytes([len(places)])
            assert await ask(READ, request) == (OK, data)
            assert await ask(WRITE, place(region, 0) + data[: n_bytes - 1] * 1) == (
                (BAD_LENGTH if n_bytes > 1 else OK),
                b"",
            )

        if size:
            await there_and_back(1, size, indices)
        else:
            assert await ask(WRITE, place(1, 0) + b"\x21\x43\x65") == (OK, b"")
            assert [memory[1, k] & 15 for k in indices[:6]] == [1, 2, 3, 4, 5, 6]
            memory[1, indices[5]] = 0
            assert await ask(READ, place(1, indices[1]) + b"\4") == (OK, b"\x32\x54")
        await there_and_back(2, 4, indices[:4])
        await there_and_back(0, 4, [0, 1])
        await there_and_back(4, 2, [0, 1, 2])
        wrong = indices[lanes - 1] + 1
        assert await ask(READ, place(1, wrong) + b"\1") == (BAD_INDEX, b"")
        assert (1, wrong) not in memory

    play(dut, test, core(dut, memory))
