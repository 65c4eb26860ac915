"""The figures of a run: ``metrics.json``."""

from typing import Any

from golden.builder.network import Network


def metrics(name: str, net: Network, engine: str) -> dict[str, Any]:
    """Return every figure of a run.

    Its bits are in ``state_sha256``; of the others only the speed differs from time to time.
    """
    blueprint, state = net.build().blueprint, net.state
    seconds = state.step * blueprint.dt / 1000
    return {
        "network": name,
        "neurons": blueprint.neurons,
        "synapses": blueprint.synapses,
        "steps": state.step,
        "dt_ms": blueprint.dt,
        "seed": blueprint.seed,
        "engine": engine,
        "spikes": sum(state.spikes),
        "rate_hz": {
            group.name: round(n / group.size / seconds, 6) if seconds else None
            for group, n in zip(blueprint.groups, state.spikes, strict=True)
        },
        "overflows": state.overflows,
        "overflows_at": {
            group.name: {name: cases for name, cases in counted.items() if cases}
            for group, counted in zip(blueprint.groups, state.saturated, strict=True)
            if any(counted.values())
        },
        "state_sha256": state.sha256(),
        "steps_per_second": round(net.speed, 1),
    }
