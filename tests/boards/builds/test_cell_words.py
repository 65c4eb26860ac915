"""Words of cells in block memories where lookup tables are few: in the estimate, by real yosys."""

from collections import Counter
from fnmatch import fnmatchcase

import pytest
from amaranth.back import rtlil
from amaranth.hdl import Module
from amaranth.lib import wiring
from amaranth.lib.wiring import Out

from boards.parts import fit
from boards.parts.board import BOARDS
from boards.parts.families import TOP
from boards.parts.network import NetworkBuild, top
from boards.tools.flow import Flow
from boards.tools.network import CELL_WORDS, synthesised
from golden.network.chip import CellMemory
from golden.network.placement.memories import block_needs, memories
from golden.network.placement.parts import PARTS
from hdl.link.network.protocol import Buffers
from hdl.network.words import WordMemory
from tests.link.network.small import CHIP

WORD = CellMemory("v", 18, True)


class Holder(wiring.Component):
    """A memory of a word, where a core has it."""

    def __init__(self):
        self.inner = WordMemory(WORD, 64, 1, 2)
        super().__init__(self.inner.signature)

    def elaborate(self, platform):
        m = Module()
        m.submodules.words3 = inner = self.inner
        for name, member in self.signature.members.items():
            near, far = getattr(self, name), getattr(inner, name)
            m.d.comb += near.eq(far) if member.flow == Out else far.eq(near)
        return m


# By hand


def test_words_of_cells_count_as_blocks_by_hand():
    # v of 18 bits is read once, u of 28 twice, and there is one inlet: each of 20 words.
    words = [need.name for need in memories(CHIP) if need.of_cells]
    assert words == ["cell v", "cell u", "cell current"]
    few, many = PARTS["tangnano20k"], PARTS["tangnano9k"]
    build = NetworkBuild(CHIP, Buffers(64, 70))
    found = fit.needed_blocks(build, 512, many)
    assert {name: found[name] for name in words} == {"cell v": 1, "cell u": 2, "cell current": 1}
    assert not set(words) & set(fit.needed_blocks(build, 512, few))
    assert block_needs(CHIP, many)[0] == block_needs(CHIP, few)[0] + 4


# Equality


@pytest.mark.parametrize(("board", "kind"), [("tangnano9k", "DPX9B"), ("tangnano20k", "RAM16SDP4")])
def test_yosys_puts_a_word_where_the_part_has_room(tmp_path, board, kind):
    design = rtlil.convert(Holder(), name=TOP, emit_src=False)
    (tmp_path / f"{TOP}.il").write_text(design)
    family = synthesised(BOARDS[board])
    cells = Counter(Flow(BOARDS[board], tmp_path, family).synthesise().values())
    assert {name for name in cells if name.startswith(("SDP", "RAM16", "DP"))} == {kind}


def test_the_pattern_names_the_words_of_cells_and_nothing_else():
    core = top(NetworkBuild(CHIP, Buffers(64, 70)), "small", 8, 512)
    lines = rtlil.convert(core, name=TOP, emit_src=False).splitlines()
    modules = [line.split()[1] for line in lines if line.startswith("module ")]
    matched = [name for name in modules if fnmatchcase(name, CELL_WORDS)]
    assert len(matched) == len(CHIP.words)
    assert all(f"words{k}" in name for k, name in enumerate(sorted(matched)))
