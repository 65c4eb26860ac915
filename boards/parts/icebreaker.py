"""iCEBreaker: an iCE40UP5K, whose single-port SPRAM holds the weights."""

from boards.parts.description import Board

BOARDS = (
    Board(
        name="icebreaker",
        title="iCEBreaker v1.0",
        family="up5k",
        platform="amaranth_boards.icebreaker:ICEBreakerPlatform",
        part="--up5k --package sg48",
        clock_in_hz=12_000_000,
        clock_hz=32_250_000,
        # 12 Mbaud / 1.5, as its FT2232H makes, and nearly 32.25 MHz / 4.
        baud=8_000_000,
        other_baud=6_000_000,
        seeds=1,
        preset="icebreaker",
        cells=5280,
        memories=30,
    ),
)
