"""The line to a device, and the driver behind it."""
