"""Tang Nano 20K: a GW2AR-18C. amaranth-boards has no platform for it, so its pins are here."""

from boards.parts.description import Board

BOARDS = (
    Board(
        name="tangnano20k",
        title="Tang Nano 20K",
        family="gw2a",
        platform="boards.parts.tangnano20k_pins:TangNano20kPlatform",
        part="--device GW2AR-LV18QN88C8/I7 --vopt family=GW2A-18C",
        pack="-d GW2A-18C",
        clock_in_hz=27_000_000,
        clock_hz=81_000_000,
        # Its USB bridge is known to keep up with no more.
        baud=1_000_000,
        preset="tangnano20k",
        cells=20_736,
        memories=46,
    ),
)
