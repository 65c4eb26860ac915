"""Which labels are taken for which: section 3 of the report."""

import numpy as np
from numpy.typing import NDArray

from golden.pictures.markup import number, percent, text
from golden.report.pictures import NEGATIVE, POSITIVE

WORST = 3
"""Confusions named in words."""


def confusion(matrix: NDArray[np.int64], names: tuple[str, ...]) -> str:
    """Return the confusion matrix with numbers in its cells and the accuracy of every class.

    Parameters
    ----------
    matrix : (n_classes, n_classes) int64
        Test images by true label and answer.
    names : tuple of str
        What a label stands for.
    """
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in names)
    rows = "".join(_row(matrix[label], label, name) for label, name in enumerate(names))
    return (
        f"<p>{_lead(matrix, names)}</p>"
        '<div class="wide"><table class="confusion"><thead>'
        f'<tr><th class="axes">is ↓ said →</th>{head}<th scope="col">right</th></tr>'
        f"</thead><tbody>{rows}</tbody></table></div>"
    )


def _lead(matrix: NDArray[np.int64], names: tuple[str, ...]) -> str:
    lead = (
        "Each row holds the test images of one class, each column those given one answer: blue "
        "cells are right, orange ones wrong, and the stronger the more of the row."
    )
    wrong = matrix - np.diag(np.diag(matrix))
    order = np.argsort(-wrong, axis=None, kind="stable")[:WORST]
    pairs = [divmod(int(cell), len(names)) for cell in order if wrong.flat[cell]]
    if not pairs:
        return f"{lead} Nothing was confused."
    words = ", ".join(
        f"{text(names[true])} for {text(names[answer])} ({number(wrong[true, answer])})"
        for true, answer in pairs
    )
    return f"{lead} Most often mistaken: {words}."


def _row(row: NDArray[np.int64], label: int, name: str) -> str:
    total = int(row.sum())
    cells = "".join(_cell(n, total, answer == label) for answer, n in enumerate(row.tolist()))
    accuracy = percent(row[label] / total if total else float("nan"))
    return f'<tr><th scope="row">{text(name)}</th>{cells}<td class="right">{accuracy}</td></tr>'


def _cell(n: int, total: int, right: bool) -> str:
    if not n:
        return "<td></td>"
    # A few mistakes among hundreds must still be seen, so strength grows with the square root.
    strength = round(70 * (n / total if right else (n / total) ** 0.5))
    red, green, blue = NEGATIVE if right else POSITIVE
    return f'<td style="background:rgb({red} {green} {blue}/{strength}%)">{n:,}</td>'
