"""Devices that speak another protocol are refused, and it is said what to do."""

import pytest

from boards.host.info import DeviceError, read
from golden.training.recipe import recipe
from hdl.link.dense.protocol import link_map
from hdl.link.protocol import VERSION

ANSWER = link_map(recipe("tiny", "stdp").schedule(1)[0][1]).info("tiny")


def test_a_device_of_this_protocol_is_read():
    assert read(ANSWER).version == VERSION


@pytest.mark.parametrize(
    ("version", "remedy"),
    [
        (VERSION - 1, "so build it anew: python -m boards.build BOARD"),
        (VERSION + 1, "so take a newer Goldspike"),
    ],
)
def test_another_protocol_is_refused_with_what_to_do(version, remedy):
    answer = ANSWER[:2] + bytes([version]) + ANSWER[3:]
    text = f"^the device must speak protocol {VERSION}, not {version}, {remedy}$"
    with pytest.raises(DeviceError, match=text):
        read(answer)
