"""The network core's gates against the page and small expectations."""
