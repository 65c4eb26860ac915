"""Writes archives of networks anew, as somebody would who means to deceive."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from golden.command.archive import digest


def forged(
    path: Path,
    edit: Callable[[dict[str, Any]], Any] = dict,
    kind: int = zipfile.ZIP_STORED,
    sign: bool = True,
    **arrays: Any,
) -> Path:
    """Write a file anew with an edited meta, other members (``_`` is a space), a fitting sum."""
    with np.load(path) as file:
        found = {name: file[name] for name in file.files}
    told = json.loads(found.pop("meta").tobytes())
    edit(told)
    found |= {name.replace("__", " "): np.asarray(a) for name, a in arrays.items()}
    told.pop("sha256")
    if sign:
        told["sha256"] = digest(told, found)
    found["meta"] = np.frombuffer(json.dumps(told).encode(), np.uint8)
    with zipfile.ZipFile(path, "w", kind) as archive:
        for name, array in found.items():
            stream = io.BytesIO()
            np.lib.format.write_array(stream, array, version=(1, 0))
            archive.writestr(f"{name}.npy", stream.getvalue())
    return path
