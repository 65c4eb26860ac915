"""Simulation: the hardware against the model, in every clock cycle."""
