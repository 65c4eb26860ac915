"""What a run says when a word could not hold a number."""

import warnings
from collections.abc import Sequence

from golden.network.blueprint import Blueprint
from golden.network.state import NetworkState

RAISE, WARN = "raise", "warn"


def chosen(overflow: str) -> str:
    """Return what to do, if it can be done.

    Raises
    ------
    ValueError
        If it is neither `RAISE` nor `WARN`.
    """
    if overflow not in {RAISE, WARN}:
        raise ValueError(f"overflow must be {RAISE} or {WARN}, not {overflow}")
    return overflow


def report(
    blueprint: Blueprint, before: Sequence[dict[str, int]], state: NetworkState, overflow: str
) -> None:
    """Say loudly which words have saturated since ``before``.

    Raises
    ------
    OverflowError
        If any did, and ``overflow`` is `RAISE`.
    """
    said = []
    for group, old, now, first in zip(
        blueprint.groups, before, state.saturated, state.first_saturated, strict=True
    ):
        for name, cases in now.items():
            if cases > old[name]:
                said.append(
                    f"{name} of {group.name} did {cases - old[name]} times, first ever in step "
                    f"{first[name]}, at {first[name] * blueprint.dt:g} ms"
                )
    if said:
        text = f"no word must saturate, but {'; '.join(said)}"
        if overflow == RAISE:
            raise OverflowError(text)
        warnings.warn(text, RuntimeWarning, stacklevel=3)
