"""Dividers of PLLs: by hand, and as the tools of the vendors' formats find them."""

import re
import sys
from pathlib import Path

import pytest

from boards.parts.clocks import ECP5, GOWIN, ICE40, dividers
from golden.command.processes import finished

BIN = Path(sys.executable).parent


def told(*words):
    """Return what a tool prints."""
    words = [str(BIN / words[0]), *words[1:]]
    done = finished(words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def number(pattern, text):
    match = re.search(pattern, text)
    assert match
    return float(match[1])


# By hand


@pytest.mark.parametrize(
    ("pll", "in_mhz", "out_mhz", "expected"),
    [
        pytest.param(ICE40, 12, 24, (1, 64, 32, 768), id="iCEBreaker"),
        pytest.param(ICE40, 12, 48, (1, 64, 16, 768), id="iCEBreaker-fast"),
        pytest.param(ICE40, 12, 81, (1, 54, 8, 648), id="HX8K"),
        pytest.param(ECP5, 25, 60, (5, 12, 10, 600), id="ULX3S"),
        pytest.param(ECP5, 25, 75, (1, 3, 8, 600), id="ULX3S-75"),
        pytest.param(GOWIN, 27, 60, (9, 20, 16, 960), id="Tang-Nano-9K"),
        pytest.param(GOWIN, 27, 81, (1, 3, 8, 648), id="Tang-Nano-20K"),
    ],
)
def test_dividers_and_oscillator(pll, in_mhz, out_mhz, expected):
    found = dividers(pll, in_mhz * 1_000_000, out_mhz * 1_000_000)
    oscillator = found.oscillator_hz / 1_000_000
    assert (found.reference, found.feedback, found.output, oscillator) == expected
    assert found.hz == out_mhz * 1_000_000


def test_frequency_that_cannot_be_made_becomes_the_nearest():
    # 12 MHz times 53 by 8; 54 by 8 is 81.
    assert dividers(ICE40, 12_000_000, 80_000_000).hz == 79_500_000


# Refusals


@pytest.mark.parametrize("mhz", [9, 401])
def test_frequency_out_of_range_is_refused(mhz):
    with pytest.raises(ValueError, match=rf"^clock must be 10 to 400 MHz, not {mhz}$"):
        dividers(ECP5, 25_000_000, mhz * 1_000_000)


# Equality


@pytest.mark.parametrize("mhz", [17, 24, 36, 50, 80, 133, 270])
def test_ice40_is_as_near_as_icepll(mhz):
    text = told("yowasp-icepll", "-i", "12", "-o", str(mhz))
    theirs = number(r"F_PLLOUT: +([\d.]+) MHz \(achieved\)", text)
    ours = float(dividers(ICE40, 12_000_000, mhz * 1_000_000).hz) / 1e6
    assert abs(ours - mhz) <= abs(theirs - mhz) + 1e-3


@pytest.mark.parametrize("mhz", [10, 33, 66, 100, 400])
def test_ecp5_is_as_near_as_ecppll(mhz):
    text = told("yowasp-ecppll", "-i", "25", "-o", str(mhz))
    theirs = number(r"clkout0 frequency: ([\d.]+) MHz", text)
    ours = float(dividers(ECP5, 25_000_000, mhz * 1_000_000).hz) / 1e6
    assert abs(ours - mhz) <= abs(theirs - mhz) + 1e-3


@pytest.mark.parametrize("mhz", [36, 62, 100, 200])
def test_gowin_is_as_near_as_gowin_pll(mhz):
    text = told("gowin_pll", "-i", "27", "-o", str(mhz))
    theirs = number(r"Achieved output frequency: +([\d.]+) MHz", text)
    ours = float(dividers(GOWIN, 27_000_000, mhz * 1_000_000).hz) / 1e6
    assert abs(ours - mhz) <= abs(theirs - mhz) + 1e-3
