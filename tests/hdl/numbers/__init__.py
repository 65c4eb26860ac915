"""Tests of hdl/numbers."""
