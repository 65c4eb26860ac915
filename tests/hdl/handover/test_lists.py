"""Files for $readmemh, and zeros of memories in a loop."""

import numpy as np

from golden.dense.interface import BusRequest, streams
from golden.training.recipe import recipe
from hdl.handover.lists import joined, pixels, places, requests, words
from hdl.verilog import short

P = recipe("tiny", "stdp").params
BUS = streams(P)["bus"].fields

MEMORIES = """\
  reg [7:0] a [1:0];
  initial begin
    a[0] = 8'h00;
    a[1] = 8'h00;
  end
  initial begin
    \\b$1 [0] = 4'h0;
    \\b$1 [1] = 4'h2;
  end
  initial begin
    \\c$1 [0] = 4'h0;
  end
"""
SHORT = """\
  reg [7:0] a [1:0];
  initial begin : zeros_0
    integer i;
    for (i = 0; i < 2; i = i + 1)
      a[i] = 8'h0;
  end
  initial begin
    \\b$1 [0] = 4'h0;
    \\b$1 [1] = 4'h2;
  end
  initial begin : zeros_1
    integer i;
    for (i = 0; i < 1; i = i + 1)
      \\c$1 [i] = 4'h0;
  end
"""


# By hand


def test_request_is_data_index_region_and_direction_from_the_top():
    assert joined(BUS, BusRequest(1, 5, 0x10, 0xDEADBEEF)) == 0xDEADBEEF_00001_0B | 0x10 << 4
    said = "data [59:28], index [27:4], region [3:1], write [0:0]"
    assert places(BUS) == said
    text = requests("some", BUS, [BusRequest(0, 1, 2, 3)])
    assert text == f"// some: {said}\n000000030000022\n"


def test_words_have_all_their_digits():
    assert words("nine bits", 9, [1, 0x1FF]) == "// nine bits\n001\n1ff\n"


def test_images_are_rows_of_pixels():
    image = np.arange(34)
    text = pixels([image.tolist()], 8)
    first, second, third = text.splitlines()
    assert (first, third) == ("// image 0", "20 21")
    assert second.split()[::31] == ["00", "1f"]


def test_only_memories_of_zeros_become_loops():
    assert short(MEMORIES) == SHORT
