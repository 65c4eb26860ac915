"""What no byte can say: breaks, bad stop bits, short pulses."""

from sim.traffic.noise import DIVISOR
from tests.link.host import BAD_FRAME, BYTE, HELLO, STATUS, body, built, line, made
from tests.link.wire import play

HELLO_FRAME = line(body(0, HELLO, b"1234"))


async def in_step(wire, expected):
    await wire.put(line(body(0, STATUS, b"1234")))
    reply = await wire.reply()
    assert reply.answer == b"1234" + bytes([expected, 0])


def test_bad_stop_bits_and_breaks_cost_the_frame_they_touch():
    async def test(wire):
        # A bad stop bit in the middle of a frame.
        await wire.put(HELLO_FRAME[:4])
        await wire.put(HELLO_FRAME[4:5], stop=0)
        await wire.level(1)
        await wire.put(HELLO_FRAME[5:])
        reply = await wire.reply()
        assert (reply.op, reply.status) == (0xFF, BAD_FRAME)
        await in_step(wire, 0)
        # A break, however long, is one error; the next end ends it.
        for n_bits in (11, 500):
            await wire.level(0, n_bits * DIVISOR)
            await wire.level(1, BYTE)
            await wire.put(b"\xc0")
            reply = await wire.reply()
            assert (reply.op, reply.status) == (0xFF, BAD_FRAME)
            await in_step(wire, 0)
        # Pulses shorter than half a bit are nothing, not even between frames.
        for _ in range(5):
            await wire.level(0, 1)
            await wire.level(1, 7)
        await in_step(wire, 0)
        await wire.put(HELLO_FRAME)
        reply = await wire.reply()
        assert (reply.seq, reply.op, reply.status) == (0, HELLO + 0x80, 0)
        assert await wire.reply(BYTE) is None

    play(made(built()), test)
