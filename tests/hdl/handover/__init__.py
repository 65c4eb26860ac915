"""The folder for a hardware engineer: made by the command, and run."""
