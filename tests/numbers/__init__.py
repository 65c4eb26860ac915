"""Tests of golden/numbers."""
