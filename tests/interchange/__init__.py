"""Tests of golden/interchange: networks from and for other tools."""
