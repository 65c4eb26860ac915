"""The dense core behind the link: its numbers, its requests, and the top level."""
