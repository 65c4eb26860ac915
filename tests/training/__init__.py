"""Tests of golden/training."""
