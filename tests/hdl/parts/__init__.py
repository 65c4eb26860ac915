"""Tests of hdl/parts: what every core may use."""
