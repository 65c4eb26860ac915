"""Pipelines against `golden.cells.evaluate`."""
