"""What networks and cells look like: pictures, and the frame of the reports that hold them.

`raster`, `potentials`, `phase_plane`, `f_i_curve` and `graph` are a picture each, drawn from arrays
and programs; `alone` runs one cell by itself for them. Beneath: `chart` (Matplotlib to SVG and
files), `markup` (HTML fragments), `document` and `style` (the frame of a report).
"""

from golden.pictures.f_i_curve import f_i_curve
from golden.pictures.graph import graph
from golden.pictures.phase_plane import phase_plane
from golden.pictures.potentials import potentials
from golden.pictures.raster import raster

__all__ = ["f_i_curve", "graph", "phase_plane", "potentials", "raster"]
