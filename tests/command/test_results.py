"""Files that commands leave for other programs."""

import pytest

from golden.command.console import InputError
from golden.command.results import write_json, write_table


def test_values_become_json(tmp_path):
    path = tmp_path / "a.json"
    write_json(path, {"x": [1, None]})
    assert path.read_text() == '{\n  "x": [\n    1,\n    null\n  ]\n}\n'


def test_rows_become_a_table_of_the_columns(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old\n" * 9)
    write_table(path, ("x", "y"), [{"y": "a,b", "x": 1, "z": 9}, {"x": 2, "y": ""}])
    assert path.read_text() == 'x,y\n1,"a,b"\n2,\n'


# Refusals


def test_place_that_cannot_be_written_is_named(tmp_path):
    path = tmp_path / "none" / "a"
    text = f"^{path} must be writable, not: No such file or directory$"
    with pytest.raises(InputError, match=text):
        write_json(path, 1)
    with pytest.raises(InputError, match=text):
        write_table(path, ("x",), [])
