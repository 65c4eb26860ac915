"""What a host knows of a run that it hears the spikes of."""

from dataclasses import dataclass, replace

import numpy as np

from golden.network.blueprint import Blueprint
from golden.network.learning import LearningState
from golden.network.release import ReleaseState
from golden.network.state import NetworkState
from golden.numbers.formats import Array


@dataclass(slots=True)
class Chronicle:
    """Spikes so far: what of a network's state no chip keeps, or not for as long.

    Efficacies follow from spikes: they are worked out again, as `golden.network.core.step` does.
    """

    blueprint: Blueprint
    history: list[Array]
    """Spikes of the last steps, the latest first, as in `NetworkState`."""
    spikes: list[int]
    """Of every group, so far."""
    releases: list[ReleaseState | None]
    """Of all rows."""
    still: list[LearningState | None]
    """Of all rows, of those whose learning is switched off: what they know stays as it is."""

    @classmethod
    def of(cls, blueprint: Blueprint, state: NetworkState) -> "Chronicle":
        """Return what is known of a state."""
        releases = [
            r and replace(r, x=r.x.copy(), u=r.u.copy(), last=r.last.copy(), sent=list(r.sent))
            for r in state.releases
        ]
        still = [m.having(m.words) if m and not m.on else None for m in state.learned]
        return cls(blueprint, list(state.history), list(state.spikes), releases, still)

    def hear(self, first: int, stop: int, steps: Array, neurons: Array) -> None:
        """Let spikes of steps ``first`` to ``stop - 1`` be known, and that there were no others.

        Parameters
        ----------
        steps, neurons : arrays of one shape
            Of all spikes, those from outside too: in the order of steps, of one step of neurons.
        """
        groups, longest = self.blueprint.groups, self.blueprint.longest
        edges = [*(group.first for group in groups), self.blueprint.neurons]
        self.spikes = (np.histogram(neurons, edges)[0] + self.spikes).tolist()
        told = first if any(self.releases) else max(first, stop - longest)
        for step in range(told, stop):
            now = neurons[slice(*np.searchsorted(steps, (step, step + 1)))]
            self.history.insert(0, now)
            for rows, release in zip(self.blueprint.rows, self.releases, strict=True):
                if rows.release and release:
                    release.emit(rows.release, step, groups[rows.source].within(now), longest)
        del self.history[longest:]
