"""NIR files that are hostile: refused in one line, before anything large is read."""

import re
import tracemalloc

import h5py
import nir
import numpy as np
import pytest

from golden.interchange.links import KINDS
from golden.interchange.nir import read
from tests.interchange.graphs import task


def replaced(file, name, value):
    del file[name]
    file[name] = value


def zeros(file):
    """Twelve thousand squared zeros, which are half a MB in the file."""
    del file["node/nodes/l0/weight"]
    shape = {"shape": (12000, 12000), "dtype": "f4", "chunks": (1000, 1000)}
    file["node/nodes/l0"].create_dataset("weight", **shape, compression="gzip")


def many(file):
    """Many arrays that are small each."""
    for k in range(20):
        file.create_dataset(f"node/{k}", shape=(4000, 1000), chunks=(1000, 1000), dtype="f4")


def echoes(file):
    """One long text, said again and again by references of 16 bytes."""
    text = h5py.string_dtype()
    made = file.create_dataset("node/metadata/x", (3000,), dtype=text)
    made[0] = "x" * 500_000
    where = file["node/metadata/x"].id.get_offset()
    name = file.filename
    file.close()
    with open(name, "r+b") as raw:
        raw.seek(where)
        reference = raw.read(16)
        raw.seek(where)
        raw.write(reference * 3000)


def laughs(file):
    """Nest groups that hold the next one twice each: a million ways to the last."""
    group = file["node"].create_group("a")
    for _ in range(20):
        inner = group.create_group("a")
        group["b"] = inner
        group = inner


LARGE = "a NIR file must hold at most 268,435,456 bytes unpacked, not more"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (zeros, LARGE),
        (many, LARGE),
        (echoes, LARGE),
        (laughs, "a in a NIR file must stand in one place, not in two"),
        (
            lambda file: replaced(file, "node/edges", h5py.ExternalLink("/etc/passwd", "/x")),
            "edges in a NIR file must stand there itself, not as a link",
        ),
        (
            lambda file: replaced(file, "node/nodes/n/r", h5py.SoftLink("/node")),
            "r in a NIR file must stand there itself, not as a link",
        ),
        (
            lambda file: replaced(file, "node/nodes/n/type", "Spooky"),
            f"node n must be one of {', '.join(KINDS)}, not Spooky",
        ),
    ],
)
def test_a_hostile_file_is_refused_by_name_and_without_memory(change, text, tmp_path):
    path = tmp_path / "x.nir"
    nir.write(path, task()[0])
    with h5py.File(path, "r+") as file:
        change(file)
    assert path.stat().st_size < 90_000_000
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=f"^{re.escape(f'{path}: {text}')}$"):
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()


def test_a_node_in_a_subgraph_is_named_whole(tmp_path):
    path = tmp_path / "x.nir"
    inner = task()[0]
    nodes = {"in": nir.Input({"input": np.array([1])}), "sub": inner}
    nodes["out"] = nir.Output({"output": np.array([1])})
    nir.write(path, nir.NIRGraph(nodes, [("in", "sub"), ("sub", "out")]))
    with h5py.File(path, "r+") as file:
        replaced(file, "node/nodes/sub/nodes/n/type", "Spooky")
    with pytest.raises(ValueError, match=r"x.nir: node sub.n must be one of .*, not Spooky$"):
        read(path)
