"""Tests of golden/dense: step model, engine, cycle model."""
