"""Tests of golden/datasets."""
