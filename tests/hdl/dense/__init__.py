"""Tests of hdl/dense: every stage against its model."""
