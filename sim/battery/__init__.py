"""What faults are sought with."""
