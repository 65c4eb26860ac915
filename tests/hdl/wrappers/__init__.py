"""The wrappers, driven under Icarus by cocotb's masters of their buses."""
