"""Cells in integers beside the same cells in float64."""
