"""The cycle model of the network core."""
