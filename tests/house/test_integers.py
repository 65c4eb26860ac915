"""Models are integers and nothing else, in 64 bits where they are the specification."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT, nodes

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
TIMING_FILES = sorted((ROOT / "golden/dense/timing").glob("*.py"))
STAGE_FILES = [
    *sorted((ROOT / "golden/dense").glob("*.py")),
    *sorted((ROOT / "golden/numbers").glob("*.py")),
    *sorted((ROOT / "golden/cycles").glob("*.py")),
    ROOT / "golden/training/fraction.py",
    ROOT / "golden/training/recipe.py",
    ROOT / "golden/training/recipe_file.py",
    *TIMING_FILES,
]
ENGINE_FILES = sorted((ROOT / "golden/dense/engine").glob("*.py"))

FLOAT = re.compile(r"c?longdouble|c?double|float\d*|half|[cf]?single|complex\d*")
NARROW = re.compile(r"u?int(8|16|32)|u?(byte|short|intc|long)")
FLOAT_CODE = re.compile(r"[<>=|]?([fcdeDFgG]\d*)")
NARROW_CODE = re.compile(r"[<>=|]?([iu][124]|[bBhHiIlL])")


def in_tree(path: Path) -> str:
    """Return a file's place in the tree, to name a test."""
    return str(path.relative_to(ROOT).with_suffix(""))


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


# The rules trip


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


@pytest.mark.parametrize("path", [*STAGE_FILES, *ENGINE_FILES], ids=in_tree)
def test_models_have_no_float(path):
    assert floats(path) == []


@pytest.mark.parametrize("path", STAGE_FILES, ids=in_tree)
def test_step_model_has_no_integer_below_64_bits(path):
    assert narrow_types(path) == []


def test_every_stage_the_engine_and_the_cycle_model_are_checked():
    assert {path.stem for path in STAGE_FILES} >= {*STAGES, "params", "formats", "lfsr", "grid"}
    assert {path.stem for path in ENGINE_FILES} >= {"kernel", "encode", "compete", "learn"}
    assert {path.stem for path in TIMING_FILES} >= {"record", "source", "presentation", "session"}
