"""Tests of golden/cycles: the grid of cycles and the streams at its ports."""
