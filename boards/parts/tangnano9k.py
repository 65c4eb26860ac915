"""Tang Nano 9K: a GW1NR-9C."""

from boards.parts.description import Board

BOARDS = (
    Board(
        name="tangnano9k",
        title="Tang Nano 9K",
        family="gw1n",
        platform="amaranth_boards.tang_nano_9k:TangNano9kPlatform",
        part="--device GW1NR-LV9QN88PC6/I5 --vopt family=GW1N-9C",
        pack="-d GW1N-9C",
        clock_in_hz=27_000_000,
        clock_hz=60_000_000,
        # Wires take most of a cycle.
        route="--placer-heap-timingweight 25",
        seeds=1,
        # Its USB bridge is known to keep up with no more.
        baud=1_000_000,
        preset="tangnano9k",
        cells=8640,
        memories=26,
    ),
)
