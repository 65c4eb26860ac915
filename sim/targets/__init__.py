"""Simulators that run a core, all alike."""
