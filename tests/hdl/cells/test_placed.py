"""Kinds of placed networks as pipelines: currents, noise and sources are parts of them."""

import numpy as np
import pytest

from golden.builder import Bernoulli, Network, Periodic
from golden.cells import Izhikevich
from golden.cells.schedule import ECP5, GENERIC, scheduled
from golden.network.placement import Placement, placed
from sim.battery.tiny import Seeping
from sim.jobs.vectors import differences, full_range
from tests.hdl.cells.bench import simulated


def network(fabric) -> Placement:
    """Return a network whose two groups of Seeping share a kind with noise of two purposes."""
    net = Network(dt=1, seed=3)
    cells = net.population(9, Seeping(), "cells")
    others = net.population(5, Seeping(threshold=18), "others")
    wide = net.population(3, Izhikevich(v=-60, substeps=2), "wide")
    net.input(4, Bernoulli([0, 0.3, 1, 1e-9]), "chance")
    net.input(4, Periodic([1, 2, 3, 60], [0, 5, 0, 1]), "beat")
    net.connect(cells, others, weight=3)
    net.noise(cells, 2)
    net.noise(cells, 3, receptor="shunt")
    net.noise(others, np.arange(5) + 1)
    net.noise(wide, 60)
    net.current(cells, np.arange(9) - 3)
    return placed(net.build().blueprint, fabric=fabric)


@pytest.mark.parametrize(("fabric", "interval"), [(GENERIC, 1), (ECP5, 2)], ids=["1", "ecp5-2"])
@pytest.mark.parametrize("which", range(5))
def test_pipeline_of_a_group_on_a_kind_is_golden(which, fabric, interval):
    placement = network(fabric)
    tenants = list(placement.placed)
    assert [tenant.kind for tenant in tenants] == [0, 0, 1, 2, 3]
    tenant = tenants[which]
    kind, program = placement.chip.kinds[tenant.kind], tenant.at(0)
    schedule = scheduled(kind.program, fabric, interval, varying=kind.varying)
    given = full_range(program, tenant.group.size, seed=which)
    assert differences(schedule, given, simulated(schedule, given)) == []
