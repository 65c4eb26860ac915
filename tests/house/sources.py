"""Our source files, read and not run."""

import ast
from collections.abc import Iterator
from pathlib import Path

import golden

ROOT = Path(golden.__file__).parents[1]
PACKAGES = ("golden", "hdl", "sim", "boards")


def modules(root: Path = ROOT) -> dict[str, Path]:
    """Return the file of every module of the packages, by its dotted name."""
    files = [path for package in PACKAGES for path in sorted((root / package).rglob("*.py"))]
    return {_dotted(path.relative_to(root)): path for path in files}


def _dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def is_command(module: str, path: Path) -> bool:
    """Tell whether a module is a command: a file at the top of its package that can be run."""
    return module.count(".") == 1 and 'if __name__ == "__main__":' in path.read_text()


def imported(path: Path) -> Iterator[str]:
    """Yield imported names: ``a.b`` for ``import a.b``, ``a.b.c`` for ``from a.b import c``."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield from (f"{base}.{alias.name}" for alias in node.names)


def nodes(path: Path) -> Iterator[ast.expr | ast.stmt | ast.keyword]:
    """Yield everything in a file that has a line."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.expr, ast.stmt, ast.keyword)):
            yield node


def write(folder: Path, files: dict[str, str]) -> None:
    """Write small trees to try a rule on."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
