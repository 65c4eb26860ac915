"""`golden.dense` in gates: one component a stage."""
