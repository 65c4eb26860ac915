"""Boards: bitstreams of the core behind its link, and the driver that talks to it.

| file | does |
|---|---|
| `board` | the boards by name; one small file a board says what it is |
| `build` | ``python -m boards.build``: from a preset to a bitstream and a report |
"""
