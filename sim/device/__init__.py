"""A device in Python, written from docs/link.md."""
