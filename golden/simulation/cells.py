"""Each kind of cell by itself: the part of the report about single cells."""

from golden.cells.program import Program
from golden.network.blueprint import Blueprint
from golden.network.digest import digest
from golden.pictures.alone import enough, entrance, single
from golden.pictures.chart import svg
from golden.pictures.f_i_curve import f_i_curve
from golden.pictures.markup import figure, text
from golden.pictures.phase_plane import phase_plane

MOST_KINDS = 3


def cells(blueprint: Blueprint) -> str:
    """Return pictures of the first neuron of each population, alike ones once."""
    drawn, known = [], set()
    for group in blueprint.groups:
        if group.program and len(known) < MOST_KINDS:
            program = single(group.program)
            kind = digest(program)
            if kind not in known:
                known.add(kind)
                drawn.append(_pictures(program, group.name, blueprint.dt))
    return f'<div class="charts">{"".join(drawn)}</div>' if any(drawn) else ""


def _pictures(program: Program, name: str, dt: float) -> str:
    if not program.receptors:
        return ""
    try:
        current = enough(program, dt)
    except ValueError:
        return ""
    curve = svg(f_i_curve(program, dt=dt), f"f-I curve of {name}")
    into, who = text(entrance(program).name), text(name)
    shown = figure(curve, f"{who}: spikes a second by a constant arrival at {into}")
    if len(program.states) == 2:
        plane = phase_plane(program, current, dt)
        first, second = (text(s.name) for s in program.states)
        shown += figure(
            svg(plane, f"phase plane of {name}"),
            f"{who}: where one integer step leads from each {first} and {second} while "
            f"{current:.4g} arrives; grey where it is a spike",
        )
    return shown
