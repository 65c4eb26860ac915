"""Wrappers of the dense core, and masters of their buses."""
