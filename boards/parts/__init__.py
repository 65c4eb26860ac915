"""The boards and their parts: families, clocks, pins."""
