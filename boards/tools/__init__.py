"""From a design to a bitstream and its report."""
