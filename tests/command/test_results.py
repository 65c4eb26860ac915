"""Files that commands leave for other programs."""

import pytest

from golden.command.console import InputError
from golden.command.results import put_row, write_json, write_table


def test_values_become_json(tmp_path):
    path = tmp_path / "a.json"
    write_json(path, {"x": [1, None]})
    assert path.read_text() == '{\n  "x": [\n    1,\n    null\n  ]\n}\n'


def test_rows_become_a_table_of_the_columns(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old\n" * 9)
    write_table(path, ("x", "y"), [{"y": "a,b", "x": 1, "z": 9}, {"x": 2, "y": ""}])
    assert path.read_text() == 'x,y\n1,"a,b"\n2,\n'


def test_a_row_takes_the_place_of_the_one_with_its_keys_and_the_others_stay(tmp_path):
    path = tmp_path / "a.csv"
    for x, y, z in [(1, "a", 5), (1, "b", 6), (2, "a", 7), (1, "a", 8)]:
        put_row(path, ("x", "y", "z"), 2, {"x": x, "y": y, "z": z, "more": 9})
    assert path.read_text() == "x,y,z\n1,b,6\n2,a,7\n1,a,8\n"


# Refusals


def test_place_that_cannot_be_written_is_named(tmp_path):
    path = tmp_path / "none" / "a"
    text = f"^{path} must be writable, not: No such file or directory$"
    with pytest.raises(InputError, match=text):
        write_json(path, 1)
    with pytest.raises(InputError, match=text):
        write_table(path, ("x",), [])
    with pytest.raises(InputError, match=text):
        put_row(path, ("x",), 1, {"x": 1})
