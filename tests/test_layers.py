"""Layers: who may import whom, and that the stages are integers and nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import golden

ROOT = Path(golden.__file__).parents[1]

OURS = ("golden", "hdl", "sim", "boards", "tests")

STAGES = (
    "encoder",
    "receptive_field",
    "events",
    "synapse",
    "membrane",
    "wta",
    "homeostasis",
    "stdp",
    "reward",
    "classifier",
    "core",
)

BESIDE = ("params", "limits")
NUMBERS = ("formats", "lfsr")
CYCLES_FILES = sorted((ROOT / "golden/cycles").glob("*.py"))
TIMING_FILES = sorted((ROOT / "golden/dense/timing").glob("*.py"))
STAGE_FILES = [
    *(ROOT / "golden/dense" / f"{stem}.py" for stem in (*STAGES, *BESIDE)),
    *(ROOT / "golden/numbers" / f"{stem}.py" for stem in NUMBERS),
    ROOT / "golden/training/recipe.py",
    *TIMING_FILES,
    *CYCLES_FILES,
]
ENGINE_FILES = sorted((ROOT / "golden/dense/engine").glob("*.py"))

FLOAT = re.compile(r"c?longdouble|c?double|float\d*|half|[cf]?single|complex\d*")
NARROW = re.compile(r"u?int(8|16|32)|u?(byte|short|intc|long)")
FLOAT_CODE = re.compile(r"[<>=|]?([fcdeDFgG]\d*)")
NARROW_CODE = re.compile(r"[<>=|]?([iu][124]|[bBhHiIlL])")


def imported(path: Path) -> Iterator[str]:
    """Yield imported names: ``a.b`` for ``import a.b``, ``a.b.c`` for ``from a.b import c``."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield from (f"{base}.{alias.name}" for alias in node.names)


def forbidden_imports(folder: Path, allowed: tuple[str, ...]) -> list[str]:
    """List imports of ours outside the allowed packages or modules, as ``file: import``."""
    return [
        f"{path.relative_to(folder)}: {name}"
        for path in sorted(folder.rglob("*.py"))
        for name in imported(path)
        if name.split(".")[0] in {*OURS, ""}
        and not any(f"{name}.".startswith(f"{module}.") for module in allowed)
    ]


def floats(path: Path) -> list[int]:
    """List the lines with a float literal, a true division or a float type."""
    return [
        node.lineno
        for node in nodes(path)
        if _is_float(node) or _names_type(node, FLOAT, FLOAT_CODE)
    ]


def narrow_types(path: Path) -> list[int]:
    """List the lines with a NumPy integer type below 64 bits."""
    return [node.lineno for node in nodes(path) if _names_type(node, NARROW, NARROW_CODE)]


def nodes(path: Path) -> Iterator[ast.expr | ast.stmt | ast.keyword]:
    """Yield everything in a file that has a line."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.expr, ast.stmt, ast.keyword)):
            yield node


def _is_float(node):
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        return isinstance(node.op, ast.Div) and not _joins_path(node)
    return isinstance(node, ast.Constant) and isinstance(node.value, (float, complex))


def _joins_path(node):
    """Tell whether a division has text in it, as only paths can."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return _joins_path(node.left) or _joins_path(node.right)
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _names_type(node, names, codes):
    match node:
        case ast.Name(id=text) | ast.Attribute(value=ast.Name(id="np" | "numba"), attr=text):
            return names.fullmatch(text)
        case (
            ast.keyword(arg="dtype", value=ast.Constant(value=str(text)))
            | ast.Call(
                func=ast.Attribute(attr="astype" | "dtype"), args=[ast.Constant(value=str(text))]
            )
        ):
            return names.fullmatch(text) or codes.fullmatch(text)
    return False


def stems_of_table(text: str) -> list[str]:
    """List the second words of the lines that begin with a digit."""
    return [line.split()[1] for line in text.splitlines() if line[:1].isdigit()]


# The rules trip


@pytest.mark.parametrize(
    ("line", "trips"),
    [
        ("from golden.numbers.formats import Fmt", False),
        ("from golden.numbers import formats", False),
        ("import golden.dense.params", False),
        ("import amaranth", False),
        ("from hdl.dense.wta import WTA", False),
        ("import golden", True),
        ("import golden.dense.core", True),
        ("from golden import core", True),
        ("from golden.formats_of_others import x", True),
        ("from tests.networks import TINY", True),
        ("def f():\n    from golden.dense.wta import elect", True),
        ("from . import core", True),
    ],
    ids=lambda value: str(value).replace(" ", "-").replace(".", "-"),
)
def test_import_rule_sees_every_form(tmp_path, line, trips):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/wta.py").write_text(f'"""Stage."""\n{line}\n')
    found = forbidden_imports(tmp_path, ("hdl", "golden.numbers.formats", "golden.dense.params"))
    assert [entry.split(":")[0] for entry in found] == ["deep/wta.py"] * trips


@pytest.mark.parametrize(
    "line",
    ["x = 0.5", "x = y / 2", "x /= 2", "x = float(y)", "x = np.float64(y)", "x = y.astype('f8')"],
    ids=["literal", "division", "in-place-division", "call", "numpy-type", "type-in-text"],
)
def test_float_rule_sees_every_form(tmp_path, line):
    (tmp_path / "a.py").write_text(f"x = 7 // 2\n{line}\ny = cache / 'a' / name\n")
    assert set(floats(tmp_path / "a.py")) == {2}


@pytest.mark.parametrize(
    "line",
    ["x = np.int32(y)", "x = np.zeros(3, dtype='int16')", "x = y.astype('<u1')", "x: A[np.uint8]"],
    ids=["call", "keyword", "text", "annotation"],
)
def test_width_rule_sees_every_form(tmp_path, line):
    (tmp_path / "a.py").write_text(f"x = np.int64(i8)\n{line}\ny = y.astype('<i8')\n")
    assert set(narrow_types(tmp_path / "a.py")) == {2}


# The tree keeps them


def test_golden_imports_nothing_of_ours_but_itself():
    assert forbidden_imports(ROOT / "golden", ("golden",)) == []


def test_hdl_imports_only_formats_and_params_from_golden():
    """But for the command, and the data sheet, which makes no gates."""
    found = forbidden_imports(
        ROOT / "hdl", ("hdl", "golden.numbers.formats", "golden.dense.params")
    )
    sheet = [entry for entry in found if entry.startswith("dense/datasheet.py: ")]
    names = {
        entry.removeprefix("dense/datasheet.py: golden.dense.timing.costs.") for entry in sheet
    }
    assert names == {"HOST", "costs"}
    assert [entry for entry in found if not entry.startswith("export.py: ")] == sheet


def test_command_in_hdl_uses_recipes_and_no_model_and_nobody_uses_it():
    """`hdl.export` is a command and no hardware: it turns options into parameters."""
    tools = {f"golden.{room}" for room in ("command", "dense", "training")}
    names = set(imported(ROOT / "hdl/export.py"))
    assert {".".join(name.split(".")[:2]) for name in names if name.startswith("golden.")} == tools
    hardware = [name for path in (ROOT / "hdl").rglob("*.py") for name in imported(path)]
    assert [name for name in hardware if name.startswith("hdl.export")] == []


def test_nobody_imports_a_command():
    files = [path for package in OURS[:-1] for path in sorted((ROOT / package).rglob("*.py"))]
    commands = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in files
        if 'if __name__ == "__main__"' in path.read_text()
    ]
    assert {"golden.train", "hdl.export", "sim.lockstep", "boards.run"} <= set(commands)
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in files
        for name in imported(path)
        if any(f"{name}.".startswith(f"{command}.") for command in commands)
    ]
    assert found == []


@pytest.mark.parametrize("path", [*STAGE_FILES, *ENGINE_FILES], ids=lambda path: path.stem)
def test_models_have_no_float(path):
    assert floats(path) == []


@pytest.mark.parametrize("path", STAGE_FILES, ids=lambda path: path.stem)
def test_step_model_has_no_integer_below_64_bits(path):
    assert narrow_types(path) == []


def test_engine_and_cycle_model_are_checked_too():
    assert {path.stem for path in ENGINE_FILES} >= {"kernel", "encode", "compete", "learn"}
    assert {path.stem for path in TIMING_FILES} >= {"record", "source", "presentation", "session"}


def test_cycles_know_of_no_core():
    assert forbidden_imports(ROOT / "golden/cycles", ("golden.cycles", "golden.numbers")) == []


def test_table_of_stages_names_files():
    stems = stems_of_table(golden.__doc__ or "")
    assert len(stems) == 8
    files = [f"{folder}/dense/{stem}.py" for folder in ("golden", "hdl") for stem in stems]
    assert [name for name in files if not (ROOT / name).is_file()] == []
