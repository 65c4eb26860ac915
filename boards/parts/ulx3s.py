"""ULX3S with the smallest and the largest ECP5."""

from dataclasses import replace

from boards.parts.description import Board

ULX3S_85F = Board(
    name="ulx3s_85f",
    title="ULX3S 85F",
    family="ecp5",
    platform="amaranth_boards.ulx3s:ULX3S_85F_Platform",
    part="--85k --package CABGA381 --speed 6",
    # Wires take most of a cycle.
    route="--placer-heap-timingweight 20",
    seeds=1,
    clock_in_hz=25_000_000,
    clock_hz=60_000_000,
    baud=3_000_000,
    preset="ulx3s_85f",
    cells=83_640,
    memories=208,
)
ULX3S_25F = replace(
    ULX3S_85F,
    name="ulx3s_25f",
    title="ULX3S 25F",
    platform="amaranth_boards.ulx3s:ULX3S_25F_Platform",
    part="--25k --package CABGA381 --speed 6",
    clock_hz=80_000_000,
    seeds=2,
    preset="ulx3s_25f",
    cells=24_288,
    memories=56,
)
BOARDS = (
    ULX3S_25F,
    ULX3S_85F,
    replace(ULX3S_85F, name="ulx3s_85f_1024", preset="ulx3s_85f_1024"),
)
