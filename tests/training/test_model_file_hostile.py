"""Model files made to deceive: whoever wrote them can compute checksums too."""

import io
import json
import re
import tracemalloc
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from golden.command.archive import digest
from golden.training import model_file
from golden.training.model_file import FORMAT, VERSION, Model, ModelFileError, load, save
from sim.battery.networks import TINY
from tests.shared.by_hand import ints, network

MODEL = Model(
    TINY,
    network(TINY, (15, -16), (0, 1), (-3, 4)),
    ints(1, 0),
    np.zeros((64, 2, 2), dtype=np.int64),
    {"seed": 3},
)


def npy(array: np.ndarray, version: tuple[int, int] = (1, 0)) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, version=version)
    return stream.getvalue()


def raw(header: str, data: bytes = b"") -> bytes:
    """Make a member with a header of one's own."""
    text = header.encode("latin1") + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + data


def header(shape: str, descr: str = "'<i8'", fortran: bool = False) -> str:
    return f"{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}}}"


def text(meta: object) -> bytes:
    return npy(np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8))


def forged(path: Path, members: Mapping[str, bytes | None], compression: int = 0) -> Path:
    """Write the model's file with some members put in, or left out if None."""
    save(path, MODEL)
    with zipfile.ZipFile(path) as archive:
        whole = {name[:-4]: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in {**whole, **members}.items():
            if content is not None:
                archive.writestr(f"{name}.npy", content)
    return path


def meta(**changes: object) -> dict:
    """Make meta data without a checksum; None leaves a key out."""
    plain = {"format": FORMAT, "version": VERSION, "params": asdict(TINY), "about": {}}
    return {k: v for k, v in ({**plain, "sha256": ""} | changes).items() if v is not None}


def signed(path: Path, model: Model, **changes: object) -> Path:
    """Write a model with a right checksum, whatever is in it."""
    members = model_file._members(model)
    told = meta(params=asdict(model.params), sha256=None, **changes)
    told["sha256"] = digest(told, members)
    return forged(path, {"meta": text(told)} | {name: npy(a) for name, a in members.items()})


def refuses(path: Path, reason: str) -> None:
    expected = f"{path} must be an intact Goldspike model file: {reason}"
    with pytest.raises(ModelFileError, match=f"^{re.escape(expected)}$"):
        load(path)


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "model.npz"


# By hand: the forger's tools make good files


def test_forged_file_without_a_lie_is_accepted(path):
    assert load(forged(path, {})).about == {"seed": 3}
    assert load(signed(path, MODEL, about={"seed": 4})).about == {"seed": 4}


# Refusals: members


@pytest.mark.parametrize("name", ["w", "theta", "last", "scalars", "classes", "votes", "meta"])
def test_missing_member(path, name):
    refuses(forged(path, {name: None}), f"member {name} must be there")


def test_extra_member(path):
    refuses(forged(path, {"extra": npy(ints(1))}), "member extra.npy must not be there")


def test_compressed_member(path):
    refuses(forged(path, {}, zipfile.ZIP_DEFLATED), "member w.npy must be stored, not compressed")


def test_pickle(path):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.array([print], dtype=object), allow_pickle=True)
    reason = "member theta must be int64 (2,) in C order"
    refuses(forged(path, {"theta": stream.getvalue()}), reason)


@pytest.mark.parametrize(
    "member",
    [
        pytest.param(npy(ints(1)), id="too-short"),
        pytest.param(npy(np.zeros((2, 1), int)), id="shape"),
        pytest.param(npy(np.zeros(2)), id="floats"),
        pytest.param(npy(np.zeros(2, np.int32)), id="narrow"),
        pytest.param(npy(np.zeros(2, ">i8")), id="big-endian"),
        pytest.param(npy(ints(1, 2), (2, 0)), id="version"),
        pytest.param(raw(header("(2,)"), b"1" * 16), id="unusual-header"),
        pytest.param(raw(header("(1099511627776,)")), id="huge"),
    ],
)
def test_wrong_member(path, member):
    refuses(forged(path, {"theta": member}), "member theta must be int64 (2,) in C order")


@pytest.mark.parametrize(
    "member",
    [
        pytest.param(npy(ints(1, 2))[:-1], id="truncated"),
        pytest.param(npy(ints(1, 2)) + b"1", id="trailing"),
    ],
)
def test_member_of_another_length(path, member):
    refuses(forged(path, {"theta": member}), "member theta must be whole, not truncated")


def test_fortran_order(path):
    member = npy(np.asfortranarray(MODEL.state.w))
    refuses(forged(path, {"w": member}), "member w must be int64 (3, 2) in C order")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(" * 9000, id="brackets-open"),
        pytest.param("-" * 9000 + "1", id="deep"),
        pytest.param("{'descr': '<i8',", id="unfinished"),
        pytest.param("'''", id="unfinished-text"),
        pytest.param("  1\n 2", id="indented"),
        pytest.param(header("(2L,)"), id="python-2"),
        pytest.param(header("(2,)", "'|V99999999999'"), id="wide-type"),
        pytest.param("\x00", id="nul"),
    ],
)
def test_header_that_is_no_header(path, text):
    with pytest.raises(ModelFileError, match=rf"^{path} must be an intact Goldspike model file: "):
        load(forged(path, {"theta": raw(text, b"\0" * 16)}))


def test_huge_claims_are_refused_at_once(path):
    huge = asdict(TINY) | {"height": 20, "width": 10, "n_neurons": 65536}
    stream = io.BytesIO()
    claim = {"descr": "<i8", "fortran_order": False, "shape": (200, 65536)}
    np.lib.format.write_array_header_1_0(stream, claim)
    member = stream.getvalue()
    forged(path, {"meta": text(meta(params=huge)), "w": member})
    tracemalloc.start()
    refuses(path, "member w must be whole, not truncated")
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


# Refusals: meta data


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"format": "other"}, "format must be 'goldspike-model'", id="format"),
        pytest.param({"version": 2}, "version must be 1, not 2", id="version"),
        pytest.param({"params": None}, "meta must hold params", id="no-params"),
        pytest.param({"about": None}, "meta must hold about", id="no-about"),
        pytest.param({"sha256": None}, "meta must hold sha256", id="no-checksum"),
        pytest.param({"about": 3}, "about must be a dict, not 3", id="about-no-dict"),
        pytest.param({"params": []}, "params must be a dict, not []", id="params-list"),
        pytest.param({"params": "x"}, "params must be a dict, not 'x'", id="params-text"),
        pytest.param({"sha256": "0"}, "its checksum differs from its contents", id="checksum"),
    ],
)
def test_wrong_meta_data(path, changes, reason):
    refuses(forged(path, {"meta": text(meta(**changes))}), reason)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("n_steps", float("nan"), "n_steps must be int, not nan"),
        ("n_steps", 4.0, "n_steps must be int, not 4.0"),
        ("n_steps", None, "n_steps must be int, not None"),
        ("n_steps", 0, "n_steps must be 1 to 1023, not 0"),
        ("encoder", ["rate"], "encoder must be str, not ('rate',)"),
        ("a_plus", [[1]], "a_plus must be a tuple of integers, not ([1],)"),
        ("n_axons", 3, "parameter must be one of Params, not 'n_axons'"),
        ("n_neurons", 10**100, f"n_neurons must be 1 to 65536, not {10**100}"),
    ],
    ids=["nan", "float", "none", "range", "list", "nested", "name", "googol"],
)
def test_wrong_parameter(path, name, value, reason):
    refuses(forged(path, {"meta": text(meta(params=asdict(TINY) | {name: value}))}), reason)


@pytest.mark.parametrize(
    "content",
    [b"", b"3", b"[]", b"null", b"{", b"\xff", b"[" * 100000, b'{"a":' * 100000, b"9" * 5000],
    ids=["empty", "number", "list", "null", "open", "binary", "deep", "deep-dict", "long"],
)
def test_meta_data_that_is_none(path, content):
    forged(path, {"meta": npy(np.frombuffer(content, dtype=np.uint8))})
    with pytest.raises(ModelFileError, match=rf"^{path} must be an intact Goldspike model file: "):
        load(path)


# Refusals: values


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"w": np.full((3, 2), 16)}, "16 does not fit s5"),
        ({"theta": ints(0, 256)}, "256 does not fit u8"),
        ({"theta": ints(-1, 0)}, "-1 does not fit u8"),
        ({"offset": 1 << 16}, "65536 does not fit u16"),
        ({"last": ints(0, 0, 1024)}, "1024 does not fit u10"),
        ({"lfsr": 0}, "lfsr must be 1 to 4294967295, not 0"),
    ],
    ids=["w", "theta", "negative-theta", "offset", "last", "lfsr"],
)
def test_state_outside_its_formats(path, changes, reason):
    refuses(signed(path, MODEL._replace(state=MODEL.state._replace(**changes))), reason)


@pytest.mark.parametrize("label", [-1, 3, 4], ids=["negative", "fits-its-bits", "too-wide"])
def test_class_that_is_no_label(path, label):
    p = TINY.from_dict(asdict(TINY) | {"n_classes": 3})
    votes = np.zeros((64, 2, 3), dtype=np.int64)
    signed(path, MODEL._replace(params=p, votes=votes, classes=ints(label, 0)))
    refuses(path, f"every class must be 0 to 2, not {label}")


def test_vote_outside_its_format(path):
    refuses(signed(path, MODEL._replace(votes=MODEL.votes + 256)), "256 does not fit u8")
