"""iCE40-HX8K breakout board: little memory, so a coarse receptive field."""

from boards.parts.description import Board

BOARDS = (
    Board(
        name="hx8k",
        title="iCE40HX8K-B-EVN",
        family="ice40",
        platform="amaranth_boards.ice40_hx8k_b_evn:ICE40HX8KBEVNPlatform",
        part="--hx8k --package ct256",
        clock_in_hz=12_000_000,
        clock_hz=81_000_000,
        # Wires take most of a cycle.
        route="--placer-heap-timingweight 25",
        # 12 Mbaud / 2.25, as its FT2232H makes, and nearly 81 MHz / 15; 81 MHz / 6 Mbaud is 13.5.
        baud=5_333_333,
        preset="hx8k",
        cells=7680,
        memories=32,
    ),
)
