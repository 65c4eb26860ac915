"""Cells that integrate and fire: one text of a step (`integrator`), and what differs."""
