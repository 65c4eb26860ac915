"""Files of built networks that are damaged, or that somebody has made up."""

import zipfile

import numpy as np
import pytest

from golden.builder import load
from golden.cells.trace import Trace
from golden.network.file.listing import ListingError, Retrace
from golden.network.file.members import PlanFileError
from sim.battery.zoo import complete
from tests.network.forging import forged


def refuses(path, reason):
    with pytest.raises(PlanFileError) as caught:
        load(path)
    assert str(caught.value) == f"{path} must be an intact Goldspike network: {reason}"


def test_truncated_and_flipped_files_are_refused(content, tmp_path):
    bad, refused = tmp_path / "bad.npz", 0
    random = np.random.default_rng(1)
    expected = complete().build().blueprint.sha256()
    for length in random.integers(0, len(content), 20):
        bad.write_bytes(content[:length])
        with pytest.raises(PlanFileError):
            load(bad)
    for at in random.integers(0, len(content), 200):
        bad.write_bytes(content[:at] + bytes([content[at] ^ 0x41]) + content[at + 1 :])
        try:
            assert load(bad).build().blueprint.sha256() == expected
        except PlanFileError:
            refused += 1
    assert refused > 150


def within(*places, **changes):
    """Return what changes an entry of meta."""

    def edit(meta):
        for place in places:
            meta = meta[place]
        meta.update(changes)

    return edit


def operation(kind, **columns):
    """Return what changes the first operation of a name in the first program."""
    order = ("name", "operands", "detail", "low", "high", "point")

    def edit(meta):
        row = next(r for r in meta["groups"][0]["program"]["operations"] if r[0] == kind)
        for column, value in columns.items():
            row[order.index(column)] = value

    return edit


BIG = 1 << 40
PROGRAM = ("groups", 0, "program")


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"rows__2__post": np.zeros(17, int)}, "member rows 2 post must be int64 (18,) in C order"),
        ({"rows__2__post": np.zeros(18)}, "member rows 2 post must be int64 (18,) in C order"),
        ({"rows__2__post": np.full(18, 9)}, "rows 2: rows 2 post must be 0 to 8, not 9"),
        ({"rows__2__delay": np.zeros(18, int)}, "rows 2: rows 2 delay must be 1 to 255, not 0"),
        ({"rows__2__post": np.arange(18)[::-1] % 9},
         "rows 2: a row must be in order of delays, and then of targets"),
        ({"rows__2__start": [0, 20, 18]}, "rows 2: rows 2 start must be 0 to 18, not 20"),
        ({"rows__2__start": [0, 9, 9]}, "rows 2: start must ascend from 0 to 18"),
        ({"rows__2__weight": np.full(18, BIG)},
         "rows 2: rows 2 weight must be -134217727 to 134217727, not 1099511627776"),
        ({"rows__1__recovery__fine": np.full(256, 40000)},
         "rows 1: rows 1 recovery fine must be 0 to 32768, not 40000"),
        ({"drive__0__changes": [60, 4]}, "drive 0: changes must ascend, one at least"),
        ({"gaps__0__pre": np.full(9, 9)}, "gaps 0: gaps 0 pre must be 0 to 8, not 9"),
        ({"gaps__0__ahead": np.full(9, BIG >> 10)},
         "what arrives at current of exc in a step must fit 32 bits, not add up to 1.29e+10"),
        ({"group__4__neurons": [0, 2, 0]}, "group 4: group 4 neurons must be 0 to 1, not 2"),
        ({"group__4__steps": [8, 2, 18]},
         "group 4: a train must be in order, each neuron once a step"),
        ({"group__2__thresholds": [-1, 0, 0]},
         "group 2: group 2 thresholds must be 0 to 4294967296, not -1"),
        ({"extra": [1]}, "member extra.npy must not be there"),
        ({"edit": within("shapes", more=[1]), "more": [1]}, "member more must not be there"),
        ({"edit": within(shapes={"a": [-1]})}, "shapes must be lists of one or two lengths"),
        ({"edit": within(format="x")}, "format must be 'goldspike-network'"),
        ({"edit": within(version=3)}, "version must be 2, not 3"),
        ({"edit": within(dt=0)}, "dt must be above 0 ms, not 0"),
        ({"edit": within(dt=float("nan"))}, "dt of meta must be a number, not nan"),
        ({"edit": within(seed=-1)}, "seed of meta must be 0 to 4294967295, not -1"),
        ({"edit": within(seed=4)}, "its integers must have the hash that it claims"),
        ({"edit": within(more=1)},
         ("meta must have format, version, blueprint, dt, seed, notes, shapes, groups, rows, "
          "drives, gaps, rewards and nothing else")),
        ({"edit": within("groups", 1, name="exc")}, "a group's name must be its own"),
        ({"edit": within("groups", 1, size=0)},
         "group 1: size of it must be 1 to 16777207, not 0"),
        ({"edit": within("groups", 1, source="chance")},
         "group 1: a source must have no program and no winners"),
        ({"edit": within("groups", 2, source="os.system")},
         "group 2: source must be one of chance, metronome, train, not 'os.system'"),
        ({"edit": within("rows", 0, target=2)},
         "rows 0: rain must be a population of cells, not an input"),
        ({"edit": within("rows", 0, receptor="x")},
         "rows 0: receptor of exc must be one of current, not x"),
        ({"edit": within("drives", 0, neurons=10)},
         "drive 0: neurons of it must be 1 to 9, not 10"),
        ({"edit": within("gaps", 0, shift=64)}, "gaps 0: shift of it must be 1 to 44, not 64"),
        ({"edit": within(*PROGRAM, operand_bits=16)},
         ("group 0: operation 12: a factor must have at most 16 bits, not 18: round it before "
          "it is multiplied")),
        ({"edit": within(*PROGRAM, spike=0)},
         "group 0: a condition must be 0 or 1, not -131072 to 131071"),
        ({"edit": within(*PROGRAM, potential="x")},
         "group 0: state variable must be one of v, u, not x"),
        ({"edit": within(*PROGRAM, written=[0])},
         "group 0: written must be an operation for each of 2 states"),
        ({"edit": within(*PROGRAM, "states", 0, width=33)},
         "group 0: state 0: width of it must be 1 to 32, not 33"),
        ({"edit": within(*PROGRAM, "states", 0, unit=0)},
         "group 0: state 0: unit must not be 0"),
        ({"edit": within(*PROGRAM, "states", 0, point=5000)},
         "group 0: state 0: point of it must be -1000 to 1000, not 5000"),
        ({"edit": within(*PROGRAM, "states", 0, start=BIG)},
         "group 0: state 0: group 0 state 0 start must be -131072 to 131071, not 1099511627776"),
        ({"edit": within(*PROGRAM, "states", 0, name="u")},
         "group 0: a state's name must be its own"),
        ({"edit": operation("add", high=3)},
         ("group 0: operation 5: it must be ['add', [2, 4], None, -134217728, 134217727, 22], not "
          "['add', [2, 4], None, -134217728, 3, 22]")),
        ({"edit": operation("add", low=None)},
         ("group 0: operation 5: it must be ['add', [2, 4], None, -134217728, 134217727, 22], not "
          "['add', [2, 4], None, None, 134217727, 22]")),
        ({"edit": operation("add", name="os.system")},
         "group 0: operation 5: name must be that of an operation, not 'os.system'"),
        ({"edit": operation("add", operands=[0, 9])},
         "group 0: operation 5: operands of add must be among those before, not [0, 9]"),
        ({"edit": operation("add", operands=[0])},
         "group 0: operation 5: add must have 2 operands, not 1"),
        ({"edit": operation("add", operands=[True, 0])},
         "group 0: operation 5: operands of add must be among those before, not [True, 0]"),
        ({"edit": operation("round", detail=BIG)},
         "group 0: operation 15: detail of round must be one, not 1099511627776"),
        ({"edit": operation("saturate", detail=[-5, 5, "x"])},
         "group 0: operation 4: saturate must count a state or a receptor, not 'x'"),
        ({"edit": operation("constant", detail="x")},
         "group 0: operation 6: constant must be one of peak, bias, a b, a, a b r, d, c, not 'x'"),
        ({"sign": False}, "its checksum differs from its contents"),
        ({"kind": zipfile.ZIP_DEFLATED},
         "member group 0 constant 6 values.npy must be stored, not compressed"),
    ],
)  # fmt: skip
def test_a_forged_file_is_refused(path, how, reason):
    refuses(forged(path, **how), reason)


def traced(*rows):
    trace = Trace(1.0)
    v = trace.state("v", 4, 1, 0)
    trace.write("v", v)
    trace.spike(v < v, v)
    words = trace.program()
    return Retrace(1.0, 18, words.states, words.receptors, words.constants).values(list(rows))


V = ["state", [], "v", -8, 7, 1]
ONE = ["number", [], 1, 1, 1, 0]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([["state", [], "v", -4, 3, 1]], ("0: it must be ['state', [], 'v', -8, 7, 1], not "
          "['state', [], 'v', -4, 3, 1]")),
        ([V, V], "1: it must do what none before it does"),
        ([V, ["clip", [0], [-9, 9], -8, 7, 1]], "1: it must do what none before it does"),
        ([V, ["within", [0], [9, 12], 9, 7, 1]], "1: within must leave a range, not nothing"),
        ([V, ONE, ["add", [0, 1], None, -7, 8, 1]], "2: operands of add must have one point"),
        ([V, ["left", [0], 61, -BIG, BIG, 62]], "1: left must fit 62 bits, not 65"),
        ([V, ["left", [0], BIG, -8, 7, 1]], "1: detail of left must be one, not 1099511627776"),
        ([V, ["left", [0], 0, -8, 7, BIG]], "1: point must be within 1000 of 0, not 1099511627776"),
        ([V, ["not", [0], None, 0, 1, 0]], "1: a condition must be 0 or 1, not -8 to 7"),
        ([V, ["select", [0, 0, 0], None, -8, 7, 1]], "1: a condition must be 0 or 1, not -8 to 7"),
        ([V, ["shift", [0, 0], None, -8, 7, 1]],
         "1: a shift must be by 0 to 62 places, not by -8 to 7"),
        ([V, ["table", [0], [1, 2], 1, 2, 0]],
         "1: a table of 2 must be read at 0 to 1, not at -8 to 7"),
        ([ONE, ["table", [0], [1, BIG], 1, BIG, 0]],
         "1: entries of a table must fit 32 bits, not be 1 to 1099511627776"),
        ([ONE, ["table", [0], [1, 2.5], 1, 2, 0]], "1: detail of table must be one, not [1, 2.5]"),
        ([["random", [], [128, 3], 0, 7, 0]],
         "0: random must have a purpose and bits, not [128, 3]"),
        ([["number", [], "1", 1, 1, 0]], "0: number must be one, not '1'"),
        ([["arrival", [], "v", 0, 0, 0]], "0: receptor must be one of , not 'v'"),
        ([V, ["saturate", [0], [-2, 1, "w"], -2, 1, 1]],
         "1: saturate must count a state or a receptor, not 'w'"),
        (["add"], "0: it must have a name, operands, a detail, two ends and a point"),
    ],
)  # fmt: skip
def test_an_operation_that_claims_what_is_not_so_is_refused(rows, reason):
    with pytest.raises(ListingError) as caught:
        traced(*rows)
    assert str(caught.value) == f"operation {reason}"


def test_within_alone_is_taken_at_its_word():
    assert traced(V, ["within", [0], [-1, 3], -1, 3, 1])[1].high == 3


def test_no_file_and_a_pickle(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.npz")
    np.savez(tmp_path / "bad.npz", meta=np.array([print], object))
    with pytest.raises(PlanFileError, match=r": member meta must be uint8 \(\d+,\) in C order$"):
        load(tmp_path / "bad.npz")
