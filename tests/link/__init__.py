"""Tests of the link, `hdl.link`."""
