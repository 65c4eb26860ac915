"""A sweep: its points, the processes that run them, its table and its picture."""
